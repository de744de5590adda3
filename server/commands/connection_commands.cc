// HELLO, AUTH, PING, ECHO, SELECT, RESET, QUIT: what a connection says about itself.
#include <fmt/format.h>

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "server/ascii.h"
#include "server/commands/client_name.h"
#include "server/commands/command_context.h"
#include "server/resp/number.h"
#include "server/version.h"

namespace reprise {
namespace {

constexpr std::string_view kDefaultUser = "default";
constexpr std::string_view kWrongPassword = "WRONGPASS invalid username-password pair or user is disabled.";

// Takes as long for any wrong password of a length as for the right one.
bool EqualsInConstantTime(std::string_view given, std::string_view secret) {
  unsigned difference = given.size() == secret.size() ? 0 : 1;
  for (size_t i = 0; i < given.size(); ++i) {
    const char other = secret.empty() ? '\0' : secret[i % secret.size()];
    difference |= static_cast<unsigned>(static_cast<uint8_t>(given[i]) ^ static_cast<uint8_t>(other));
  }
  return difference == 0;
}

// There is one user. Without a password any will do, as in Redis.
bool Authenticate(CommandContext& ctx, std::string_view user, std::string_view password) {
  const std::string& secret = ctx.server.values().requirepass;
  const bool right = secret.empty() || EqualsInConstantTime(password, secret);
  if (user != kDefaultUser || !right) {
    ctx.Error(kWrongPassword);
    return false;
  }
  ctx.session.set_authenticated(true);
  return true;
}

void Auth(CommandContext& ctx) {
  if (ctx.args.size() > 3) {
    ctx.SyntaxError();
    return;
  }
  const bool with_user = ctx.args.size() == 3;
  if (!with_user && ctx.server.values().requirepass.empty()) {
    ctx.Error(
        "ERR AUTH <password> called without any password configured for the default user. Are you sure your "
        "configuration is correct?");
    return;
  }
  if (Authenticate(ctx, with_user ? ctx.args[1] : kDefaultUser, ctx.args.back())) {
    ctx.reply.Ok();
  }
}

// The version asked for; nothing: answered with an error.
std::optional<RespVersion> ParseHelloVersion(CommandContext& ctx) {
  const std::optional<int64_t> version = ParseInt64(ctx.args[1]);
  if (!version) {
    ctx.Error("ERR Protocol version is not an integer or out of range");
    return std::nullopt;
  }
  if (*version != 2 && *version != 3) {
    ctx.Error("NOPROTO unsupported protocol version");
    return std::nullopt;
  }
  return *version == 2 ? RespVersion::kResp2 : RespVersion::kResp3;
}

// Does what HELLO's options say, one after the other: what an option did stays done when a later one is wrong, as in
// Redis. False: answered with an error.
bool ApplyHelloOptions(CommandContext& ctx) {
  for (size_t i = 2; i < ctx.args.size(); ++i) {
    const std::string_view option = ctx.args[i];
    const size_t more = ctx.args.size() - 1 - i;
    if (IsOption(option, "auth") && more >= 2) {
      if (!Authenticate(ctx, ctx.args[i + 1], ctx.args[i + 2])) {
        return false;
      }
      i += 2;
    } else if (IsOption(option, "setname") && more >= 1) {
      if (!SetClientName(ctx, ctx.args[i + 1])) {
        return false;
      }
      i += 1;
    } else {
      ctx.Error(fmt::format("ERR Syntax error in HELLO option '{}'", UpToNul(option)));
      return false;
    }
  }
  return true;
}

void ReplyToHello(CommandContext& ctx) {
  ReplyWriter& reply = ctx.reply;
  reply.MapHeader(7);
  // Clients choose what they send by the server's name and version: so it is those of the server that this one stands
  // in for. INFO tells both versions.
  reply.BulkString("server");
  reply.BulkString("redis");
  reply.BulkString("version");
  reply.BulkString(kRedisVersion);
  reply.BulkString("proto");
  reply.Integer(static_cast<int64_t>(reply.version()));
  reply.BulkString("id");
  reply.Integer(static_cast<int64_t>(ctx.session.id()));
  reply.BulkString("mode");
  reply.BulkString("standalone");
  reply.BulkString("role");
  reply.BulkString("master");
  reply.BulkString("modules");
  reply.ArrayHeader(0);
}

void Hello(CommandContext& ctx) {
  RespVersion version = ctx.session.resp_version();
  if (ctx.args.size() > 1) {
    const std::optional<RespVersion> asked = ParseHelloVersion(ctx);
    if (!asked || !ApplyHelloOptions(ctx)) {
      return;
    }
    version = *asked;
  }
  // Whoever connected when a password was asked for has to give one, even if none is asked for any more: as in Redis.
  if (!ctx.session.authenticated()) {
    ctx.Error(
        "NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO AUTH <user> <pass> "
        "option can be used to authenticate the client and select the RESP protocol version at the same time");
    return;
  }
  ctx.session.set_resp_version(version);
  ctx.reply = ReplyWriter(&ctx.reply.out(), version);
  ReplyToHello(ctx);
}

void Ping(CommandContext& ctx) {
  if (ctx.args.size() > 2) {
    ctx.Error("ERR wrong number of arguments for 'ping' command");
  } else if (ctx.args.size() == 2) {
    ctx.reply.BulkString(ctx.args[1]);
  } else {
    ctx.reply.SimpleString("PONG");
  }
}

void Echo(CommandContext& ctx) { ctx.reply.BulkString(ctx.args[1]); }

void Select(CommandContext& ctx) {
  const std::optional<int64_t> index = ParseInt64(ctx.args[1]);
  if (!index) {
    ctx.NotAnInteger();
    return;
  }
  constexpr int64_t kMin = std::numeric_limits<int32_t>::min();
  constexpr int64_t kMax = std::numeric_limits<int32_t>::max();
  if (*index < kMin || *index > kMax) {
    ctx.Error(fmt::format("ERR value is out of range, value must between {} and {}", kMin, kMax));
    return;
  }
  if (*index < 0 || static_cast<uint64_t>(*index) >= ctx.server.database_count()) {
    ctx.Error("ERR DB index is out of range");
    return;
  }
  ctx.session.set_db_index(static_cast<size_t>(*index));
  ctx.reply.Ok();
}

void Quit(CommandContext& ctx) {
  ctx.reply.Ok();
  ctx.session.CloseAfterReply();
}

// As if the client had connected anew, but for its id and NO-EVICT.
void Reset(CommandContext& ctx) {
  Session& session = ctx.session;
  session.set_db_index(0);
  session.set_resp_version(RespVersion::kResp2);
  session.set_authenticated(ctx.server.values().requirepass.empty());
  session.set_name({});
  session.set_monitoring(false);
  if (session.reply_mode() != Session::ReplyMode::kSkipThis) {
    session.set_reply_mode(Session::ReplyMode::kOn);
  }
  ctx.reply.SimpleString("RESET");
}

constexpr uint32_t kBeforeLogin = kNoscript | kLoading | kStale | kFast | kNoAuth | kAllowBusy;
constexpr std::string_view kPingTips[] = {"request_policy:all_shards", "response_policy:all_succeeded"};

const Command kCommands[] = {
    {
        .name = "auth",
        .arity = -2,
        .flags = kBeforeLogin | kChangesParsing,
        .group = CommandGroup::kConnection,
        .function = Auth,
        .summary = "Give the password that the server asks for",
        .since = "1.0.0",
        .complexity = "O(1)",
        .arguments = "[username@6.0.0] password",
        .history = "6.0.0 a username may be given",
        .acl = kAclConnection,
    },
    {
        .name = "echo",
        .arity = 2,
        .flags = kLoading | kStale | kFast,
        .group = CommandGroup::kConnection,
        .function = Echo,
        .summary = "Get the argument back",
        .since = "1.0.0",
        .complexity = "O(1)",
        .arguments = "message",
        .acl = kAclConnection,
    },
    {
        .name = "hello",
        .arity = -1,
        .flags = kBeforeLogin | kChangesParsing,
        .group = CommandGroup::kConnection,
        .function = Hello,
        .summary = "Choose the protocol's version, log in and learn about the server",
        .since = "6.0.0",
        .complexity = "O(1)",
        .arguments =
            "[arguments{protover:integer [username_password=AUTH{username password}] [clientname=SETNAME:string]}]",
        .history = "6.2.0 without arguments",
        .acl = kAclConnection,
    },
    {
        .name = "ping",
        .arity = -1,
        .flags = kFast,
        .group = CommandGroup::kConnection,
        .function = Ping,
        .summary = "Ask for a sign of life",
        .since = "1.0.0",
        .complexity = "O(1)",
        .arguments = "[message]",
        .acl = kAclConnection,
        .tips = kPingTips,
    },
    {
        .name = "quit",
        .arity = -1,
        .flags = kBeforeLogin,
        .group = CommandGroup::kConnection,
        .function = Quit,
        .summary = "Have the server close the connection",
        .since = "1.0.0",
        .complexity = "O(1)",
        .acl = kAclConnection,
    },
    {
        .name = "reset",
        .arity = 1,
        .flags = kBeforeLogin | kChangesParsing,
        .group = CommandGroup::kConnection,
        .function = Reset,
        .summary = "Put the connection back to how it began",
        .since = "6.2.0",
        .complexity = "O(1)",
        .acl = kAclConnection,
    },
    {
        .name = "select",
        .arity = 2,
        .flags = kLoading | kStale | kFast,
        .group = CommandGroup::kConnection,
        .function = Select,
        .summary = "Choose the database that the connection works on",
        .since = "1.0.0",
        .complexity = "O(1)",
        .arguments = "index:integer",
        .acl = kAclConnection,
    },
};

}  // namespace

std::span<const Command> ConnectionCommands() { return kCommands; }

}  // namespace reprise
