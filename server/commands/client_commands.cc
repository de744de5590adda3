// CLIENT: who is connected, what a connection is called, ending connections.
#include <fmt/format.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "server/ascii.h"
#include "server/client_info.h"
#include "server/commands/client_filter.h"
#include "server/commands/client_name.h"
#include "server/commands/command_context.h"
#include "server/commands/help_reply.h"
#include "server/resp/number.h"

namespace reprise {
namespace {

// The clients that are not about to go.
template <typename Visit>
void ForEachClient(CommandContext& ctx, Visit&& visit) {
  ctx.server.sessions().ForEach([&](Session& session) {
    if (!session.connection().closed()) {
      visit(session);
    }
  });
}

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
  ForEachClient(ctx, [&](const Session& session) {
    if (filter.Matches(ctx.server, session)) {
      text += ClientInfoLine(ctx.server, session, ctx.now_ms) + "\n";
    }
  });
  ctx.reply.Verbatim("txt", text);
}

// Ends the clients that `filter` names and answers how many. The asking one gets its reply first: the caller ends it
// when *own was set.
int64_t KillMatching(CommandContext& ctx, const ClientFilter& filter, bool skip_me, bool* own) {
  int64_t killed = 0;
  ForEachClient(ctx, [&](Session& session) {
    const bool is_me = &session == &ctx.session;
    if ((is_me && skip_me) || !filter.Matches(ctx.server, session)) {
      return;
    }
    ++killed;
    if (is_me) {
      *own = true;
    } else {
      session.Kill();
    }
  });
  return killed;
}

void Kill(CommandContext& ctx) {
  ClientFilter filter;
  bool skip_me = true;
  const bool by_address_alone = ctx.args.size() == 3;
  if (by_address_alone) {
    filter.address = UpToNul(ctx.args[2]);
    skip_me = false;
  } else if (const std::string error = ParseClientFilter(ctx.args.subspan(2), &filter, &skip_me); !error.empty()) {
    ctx.Error(error);
    return;
  }
  bool own = false;
  const int64_t killed = KillMatching(ctx, filter, skip_me, &own);
  if (!by_address_alone) {
    ctx.reply.Integer(killed);
  } else if (killed == 0) {
    ctx.Error("ERR No such client");
  } else {
    ctx.reply.Ok();
  }
  if (own) {
    ctx.session.CloseAfterReply();
  }
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
    "REPLY (ON|OFF|SKIP)",
    "    Whether replies are sent to this connection.",
    "SETNAME <name>",
    "    Call this connection so.",
    "TRACKINGINFO",
    "    What is tracked for this connection.",
};

void Help(CommandContext& ctx) { ReplyHelp(ctx, kHelp); }

constexpr uint32_t kOwn = kNoscript | kLoading | kStale;
constexpr uint32_t kOthers = kOwn | kAdmin;
constexpr std::string_view kTips[] = {"nondeterministic_output"};

constexpr Command Subcommand(std::string_view name, int arity, uint32_t flags, CommandFunction function,
                             std::string_view summary, std::string_view since, std::string_view complexity = "O(1)",
                             std::span<const std::string_view> tips = {}) {
  return {.name = name,
          .arity = arity,
          .flags = flags,
          .group = CommandGroup::kConnection,
          .function = function,
          .summary = summary,
          .since = since,
          .complexity = complexity,
          .acl = kAclConnection,
          .tips = tips,
          .parent = "client"};
}

constexpr std::string_view kLinear = "O(N) where N is the number of clients";

constexpr Command kSubcommands[] = {
    Subcommand("getname", 2, kOwn, GetName, "What this connection is called", "2.6.9"),
    Subcommand("getredir", 2, kOwn, GetRedir, "Which client gets this one's invalidations", "6.0.0"),
    Subcommand("help", 2, kLoading | kStale, Help, "What CLIENT can do", "5.0.0"),
    Subcommand("id", 2, kOwn, Id, "This connection's number", "5.0.0"),
    Subcommand("info", 2, kOwn, Info, "What CLIENT LIST says about this connection", "6.2.0", "O(1)", kTips),
    Subcommand("kill", -3, kOthers, Kill, "End connections", "2.4.0", kLinear),
    Subcommand("list", -2, kOthers, List, "Who is connected", "2.4.0", kLinear, kTips),
    Subcommand("no-evict", 3, kOthers, NoEvict, "Keep this connection when memory is short", "7.0.0"),
    Subcommand("reply", 3, kOwn, Reply, "Whether replies are sent to this connection", "3.2.0"),
    Subcommand("setname", 3, kOwn, SetName, "Give this connection a name", "2.6.9"),
    Subcommand("trackinginfo", 2, kOwn, TrackingInfo, "What is tracked for this connection", "6.2.0"),
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
    },
};

}  // namespace

std::span<const Command> ClientCommands() { return kCommands; }

}  // namespace reprise
