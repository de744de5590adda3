// CLIENT: who is connected, and what a connection says of itself; client_others.cc has what it does to others.
#include <fmt/format.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "server/ascii.h"
#include "server/client_info.h"
#include "server/commands/client_filter.h"
#include "server/commands/client_name.h"
#include "server/commands/client_others.h"
#include "server/commands/command_context.h"
#include "server/commands/help_reply.h"
#include "server/resp/number.h"

namespace reprise {
namespace {

void Id(CommandContext& ctx) { ctx.reply.Integer(static_cast<int64_t>(ctx.session.id())); }

void GetName(CommandContext& ctx) {
  if (ctx.session.name().empty()) {
    ctx.reply.Null();
  } else {
    ctx.reply.BulkString(ctx.session.name());
  }
}

void SetName(CommandContext& ctx) {
  if (SetClientName(ctx, ctx.args[2])) {
    ctx.reply.Ok();
  }
}

void Info(CommandContext& ctx) {
  ctx.reply.Verbatim("txt", ClientInfoLine(ctx.server, ctx.session, ctx.now_ms) + "\n");
}

void ListByIds(CommandContext& ctx) {
  std::string text;
  for (const std::string_view word : ctx.args.subspan(3)) {
    const std::optional<int64_t> id = ParseInt64(word);
    if (!id) {
      ctx.Error("ERR Invalid client ID");
      return;
    }
    const Session* session = ctx.server.sessions().Find(static_cast<uint64_t>(*id));
    if (session != nullptr && !session->connection().closed()) {
      text += ClientInfoLine(ctx.server, *session, ctx.now_ms) + "\n";
    }
  }
  ctx.reply.Verbatim("txt", text);
}

void List(CommandContext& ctx) {
  ClientFilter filter;
  if (ctx.args.size() == 4 && IsOption(ctx.args[2], "type")) {
    filter.type = ParseClientType(ctx.args[3]);
    if (!filter.type) {
      ctx.Error(UnknownClientType(ctx.args[3]));
      return;
    }
  } else if (ctx.args.size() > 3 && IsOption(ctx.args[2], "id")) {
    ListByIds(ctx);
    return;
  } else if (ctx.args.size() != 2) {
    ctx.SyntaxError();
    return;
  }
  std::string text;
  ctx.server.sessions().ForEach([&](const Session& session) {
    if (!session.connection().closed() && filter.Matches(ctx.server, session)) {
      text += ClientInfoLine(ctx.server, session, ctx.now_ms) + "\n";
    }
  });
  ctx.reply.Verbatim("txt", text);
}

void Reply(CommandContext& ctx) {
  Session& session = ctx.session;
  const std::string_view mode = ctx.args[2];
  if (IsOption(mode, "on")) {
    session.set_reply_mode(Session::ReplyMode::kOn);
    ctx.reply.Ok();
  } else if (IsOption(mode, "off")) {
    session.set_reply_mode(Session::ReplyMode::kOff);
  } else if (IsOption(mode, "skip")) {
    if (session.reply_mode() != Session::ReplyMode::kOff) {
      session.set_reply_mode(Session::ReplyMode::kSkipNext);
    }
  } else {
    ctx.SyntaxError();
  }
}

void NoEvict(CommandContext& ctx) {
  const bool on = IsOption(ctx.args[2], "on");
  if (!on && !IsOption(ctx.args[2], "off")) {
    ctx.SyntaxError();
    return;
  }
  ctx.session.set_no_evict(on);
  ctx.reply.Ok();
}

// No connection is tracked or redirected: these two tell so.
void GetRedir(CommandContext& ctx) { ctx.reply.Integer(-1); }

void TrackingInfo(CommandContext& ctx) {
  ctx.reply.MapHeader(3);
  ctx.reply.BulkString("flags");
  ctx.reply.SetHeader(1);
  ctx.reply.BulkString("off");
  ctx.reply.BulkString("redirect");
  ctx.reply.Integer(-1);
  ctx.reply.BulkString("prefixes");
  ctx.reply.ArrayHeader(0);
}

constexpr std::string_view kHelp[] = {
    "GETNAME",
    "    What this connection is called.",
    "GETREDIR",
    "    To which client this one's invalidations go; -1: to none.",
    "ID",
    "    This connection's number.",
    "INFO",
    "    This connection's line of CLIENT LIST.",
    "KILL <ip:port>",
    "    End the connection from that address.",
    "KILL <option> <value> [<option> <value> [...]]",
    "    End every connection that fits all of these:",
    "    * ADDR (<ip:port>|<unixsocket>:0), where it comes from",
    "    * ID <client-id>",
    "    * LADDR (<ip:port>|<unixsocket>:0), what it connected to",
    "    * SKIPME (YES|NO), whether to spare this connection (default: yes)",
    "    * TYPE (NORMAL|MASTER|REPLICA|PUBSUB)",
    "    * USER <username>",
    "LIST [TYPE (NORMAL|MASTER|REPLICA|PUBSUB) | ID <client-id> [<client-id> ...]]",
    "    A line for each connection, or for those chosen.",
    "NO-EVICT (ON|OFF)",
    "    Keep this connection when memory is short.",
    "PAUSE <timeout> [WRITE|ALL]",
    "    Let requests wait for so many milliseconds: all, or those that may change",
    "    something.",
    "REPLY (ON|OFF|SKIP)",
    "    Whether replies are sent to this connection.",
    "SETNAME <name>",
    "    Call this connection so.",
    "TRACKINGINFO",
    "    What is tracked for this connection.",
    "UNBLOCK <client-id> [TIMEOUT|ERROR]",
    "    End the waiting of a connection that a command has blocked.",
    "UNPAUSE",
    "    Let requests that wait go on.",
};

constexpr uint32_t kOwn = kNoscript | kLoading | kStale;
constexpr uint32_t kOthers = kOwn | kAdmin;
constexpr std::string_view kTips[] = {"nondeterministic_output"};

// What all subcommands have in common.
constexpr Command Subcommand(Command facts) {
  facts.group = CommandGroup::kConnection;
  facts.acl = kAclConnection;
  facts.parent = "client";
  return facts;
}

constexpr std::string_view kLinear = "O(N) where N is the number of clients";

constexpr Command kSubcommands[] = {
    Subcommand({.name = "getname",
                .arity = 2,
                .flags = kOwn,
                .function = GetName,
                .summary = "What this connection is called",
                .since = "2.6.9",
                .complexity = "O(1)"}),
    Subcommand({.name = "getredir",
                .arity = 2,
                .flags = kOwn,
                .function = GetRedir,
                .summary = "Which client gets this one's invalidations",
                .since = "6.0.0",
                .complexity = "O(1)"}),
    Subcommand({.name = "help",
                .arity = 2,
                .flags = kLoading | kStale,
                .function = ReplyHelp,
                .summary = "What CLIENT can do",
                .since = "5.0.0",
                .complexity = "O(1)"}),
    Subcommand({.name = "id",
                .arity = 2,
                .flags = kOwn,
                .function = Id,
                .summary = "This connection's number",
                .since = "5.0.0",
                .complexity = "O(1)"}),
    Subcommand({.name = "info",
                .arity = 2,
                .flags = kOwn,
                .function = Info,
                .summary = "What CLIENT LIST says about this connection",
                .since = "6.2.0",
                .complexity = "O(1)",
                .tips = kTips}),
    Subcommand(
        {.name = "kill",
         .arity = -3,
         .flags = kOthers,
         .function = KillClients,
         .summary = "End connections",
         .since = "2.4.0",
         .complexity = kLinear,
         .arguments =
             "filter('ip:port'!2.8.12|new-format([client-id=ID:integer@2.8.12]|[normal_master_slave_pubsub=TYPE@2.8.12("
             "normal=NORMAL|master=MASTER@3.2.0|slave=SLAVE|replica=REPLICA@5.0.0|pubsub=PUBSUB)]|[username=USER:"
             "string]|['ip:port'=ADDR:string]|['ip:port'=LADDR:string@6.2.0]|[yes/no=SKIPME:string])...)",
         .history = "2.8.12 filters; 2.8.12 ID; 3.2.0 TYPE master; 5.0.0 TYPE replica, for slave; 6.2.0 LADDR"}),
    Subcommand({.name = "list",
                .arity = -2,
                .flags = kOthers,
                .function = List,
                .summary = "Who is connected",
                .since = "2.4.0",
                .complexity = kLinear,
                .arguments = "[normal_master_replica_pubsub=TYPE@5.0.0(normal=NORMAL|master=MASTER|replica=REPLICA|"
                             "pubsub=PUBSUB)] [id=ID@6.2.0{client-id:integer...}]",
                .history = "2.8.12 field id; 5.0.0 TYPE; 6.0.0 field user; 6.2.0 fields argv-mem, tot-mem, laddr, "
                           "redir, and ID; 7.0.0 fields resp, multi-mem, rbs, rbp; 7.0.3 field ssub",
                .tips = kTips}),
    Subcommand({.name = "no-evict",
                .arity = 3,
                .flags = kOthers,
                .function = NoEvict,
                .summary = "Keep this connection when memory is short",
                .since = "7.0.0",
                .complexity = "O(1)",
                .arguments = "enabled(on=ON|off=OFF)"}),
    Subcommand({.name = "pause",
                .arity = -3,
                .flags = kOthers,
                .function = PauseClients,
                .summary = "Let requests wait for a time",
                .since = "2.9.50",
                .complexity = "O(1)",
                .arguments = "timeout:integer [mode@6.2.0(write=WRITE|all=ALL)]",
                .history = "6.2.0 WRITE, ALL"}),
    Subcommand({.name = "reply",
                .arity = 3,
                .flags = kOwn,
                .function = Reply,
                .summary = "Whether replies are sent to this connection",
                .since = "3.2.0",
                .complexity = "O(1)",
                .arguments = "on_off_skip(on=ON|off=OFF|skip=SKIP)"}),
    Subcommand({.name = "setname",
                .arity = 3,
                .flags = kOwn,
                .function = SetName,
                .summary = "Give this connection a name",
                .since = "2.6.9",
                .complexity = "O(1)",
                .arguments = "connection-name"}),
    Subcommand({.name = "trackinginfo",
                .arity = 2,
                .flags = kOwn,
                .function = TrackingInfo,
                .summary = "What is tracked for this connection",
                .since = "6.2.0",
                .complexity = "O(1)"}),
    Subcommand({.name = "unblock",
                .arity = -3,
                .flags = kOthers,
                .function = UnblockClient,
                .summary = "End the waiting of a connection",
                .since = "5.0.0",
                .complexity = kLinear,
                .arguments = "client-id:integer [timeout_error(timeout=TIMEOUT|error=ERROR)]"}),
    Subcommand({.name = "unpause",
                .arity = 2,
                .flags = kOthers,
                .function = UnpauseClients,
                .summary = "Let requests that wait go on",
                .since = "6.2.0",
                .complexity = kLinear}),
};

constexpr Command kCommands[] = {
    {
        .name = "client",
        .arity = -2,
        .flags = 0,
        .group = CommandGroup::kConnection,
        .function = nullptr,
        .summary = "See, name and end connections",
        .since = "2.4.0",
        .complexity = "Depends on the subcommand",
        .subcommands = kSubcommands,
        .help = kHelp,
    },
};

}  // namespace

std::span<const Command> ClientCommands() { return kCommands; }

}  // namespace reprise
