// DEBUG: what tests of clients and of servers ask for, and nobody else should. Closed unless enable-debug-command opens
// it. Of redis-server's subcommands those are here that mean something without persistence and replication.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "server/ascii.h"
#include "server/commands/command_context.h"
#include "server/commands/help_reply.h"
#include "server/commands/key_access.h"
#include "server/commands/value_encoding.h"
#include "server/resp/number.h"

namespace reprise {
namespace {

constexpr std::string_view kNotAllowed =
    "ERR DEBUG command not allowed. If the enable-debug-command option is set to \"local\", you can run it from a "
    "local connection, otherwise you need to set this option in the configuration file, and then restart the server.";

bool IsAllowed(CommandContext& ctx) {
  switch (ctx.server.values().debug_access) {
    case DebugAccess::kNo:
      return false;
    case DebugAccess::kYes:
      return true;
    case DebugAccess::kLocal:
      return ctx.server.IsFromHere(ctx.session.connection().handle());
  }
  return false;
}

// Leading digits count, and text without any is 0, as C's atoi has it.
int64_t LooseNumber(std::string_view text) { return std::strtoll(std::string(UpToNul(text)).c_str(), nullptr, 10); }

// The error is the client's own, so no code of ours is put before it.
void Error(CommandContext& ctx) { ctx.Error(ctx.args[2]); }

void Log(CommandContext& ctx) {
  ctx.server.Log(LogLevel::kWarning, fmt::format("DEBUG LOG: {}", UpToNul(ctx.args[2])));
  ctx.reply.Ok();
}

void SetActiveExpire(CommandContext& ctx) {
  ctx.server.set_active_expiry(LooseNumber(ctx.args[2]) != 0);
  ctx.reply.Ok();
}

// Everybody waits meanwhile: that is what it is for.
void Sleep(CommandContext& ctx) {
  constexpr double kSecondsMax = 1e6;
  const double seconds = std::strtod(std::string(UpToNul(ctx.args[2])).c_str(), nullptr);
  if (std::isfinite(seconds) && seconds > 0) {
    ctx.server.world().process.Sleep(static_cast<int64_t>(std::min(seconds, kSecondsMax) * 1e9));
  }
  ctx.reply.Ok();
}

// An address would differ from run to run, so the value's is none.
void Object(CommandContext& ctx) {
  const Ref ref = ctx.db().Find(ctx.args[2], ctx.db().Hash(ctx.args[2]));  // as it is kept, also if its time is over
  if (!ref) {
    ctx.Error("ERR no such key");
    return;
  }
  ctx.reply.SimpleString(fmt::format(
      "Value at:0x0 refcount:{} encoding:{} serializedlength:{} lru:{} lru_seconds_idle:{}", ReferenceCount(ref),
      EncodingName(ref), SerializedLength(ref), ref.access_clock(), IdleSeconds(ref, ctx.now_ms)));
}

// Adds keys "PREFIX:0"... with the values "value:0"..., cut or filled with zeros to the size that is asked for. Those
// that are there already stay.
void Populate(CommandContext& ctx) {
  const auto count = ParseInt64(ctx.args[2]);
  const auto size = ctx.args.size() > 4 ? ParseInt64(ctx.args[4]) : std::optional<int64_t>(0);
  if (!count || !size || *count < 0 || *size < 0) {
    ctx.Error("ERR value is out of range, must be positive");
    return;
  }
  const std::string_view prefix = ctx.args.size() > 3 ? UpToNul(ctx.args[3]) : "key";
  for (int64_t i = 0; i < *count; ++i) {
    const std::string key = fmt::format("{}:{}", prefix, i);
    const uint64_t hash = ctx.db().Hash(key);
    if (ctx.db().FindLive(key, hash, ctx.now_ms)) {
      continue;
    }
    std::string value = fmt::format("value:{}", i);
    value.resize(*size == 0 ? value.size() : static_cast<size_t>(*size));
    NoteAccess(ctx.db().Insert(key, hash, value), ctx.now_ms);
  }
  ctx.reply.Ok();
}

// A pair of the map is a number and whether it is odd.
void ReplyCollection(ReplyWriter& reply, bool is_map) {
  for (int64_t i = 0; i < 3; ++i) {
    reply.Integer(i);
    if (is_map) {
      reply.Boolean(i == 1);
    }
  }
}

void ReplyOutOfBand(CommandContext& ctx, bool is_push) {
  ReplyWriter& reply = ctx.reply;
  const bool resp3 = reply.version() == RespVersion::kResp3;
  if (is_push && !resp3) {
    ctx.Error("ERR RESP2 is not supported by this command");
    return;
  }
  if (is_push) {
    reply.PushHeader(2);
    reply.BulkString("server-cpu-usage");
    reply.Integer(42);
  } else if (resp3) {
    reply.AttributeHeader(1);
    reply.BulkString("key-popularity");
    reply.ArrayHeader(2);
    reply.BulkString("key:123");
    reply.Integer(90);
  }
  reply.BulkString(is_push ? "Some real reply following the push reply" : "Some real reply following the attribute");
}

// A reply of a certain type, for the tests of clients' parsers.
void Protocol(CommandContext& ctx) {
  const std::string_view type = ctx.args[2];
  ReplyWriter& reply = ctx.reply;
  const auto is = [&](std::string_view name) { return IsOption(type, name); };
  if (is("string")) {
    reply.BulkString("Hello World");
  } else if (is("integer")) {
    reply.Integer(12345);
  } else if (is("double")) {
    reply.Double(3.141);
  } else if (is("null")) {
    reply.Null();
  } else if (is("array") || is("set")) {
    is("set") ? reply.SetHeader(3) : reply.ArrayHeader(3);
    ReplyCollection(reply, false);
  } else if (is("map")) {
    reply.MapHeader(3);
    ReplyCollection(reply, true);
  } else if (is("attrib") || is("push")) {
    ReplyOutOfBand(ctx, is("push"));
  } else if (is("verbatim")) {
    reply.Verbatim("txt", "This is a verbatim\nstring");
  } else if (is("true") || is("false")) {
    reply.Boolean(is("true"));
  } else if (is("bignum")) {
    reply.BigNumber("1234567999999999999999999999999999999");
  } else {
    ctx.Error(
        "ERR Wrong protocol type name. Please use one of the following: "
        "string|integer|double|bignum|null|array|set|map|attrib|push|verbatim|true|false");
  }
}

struct Subcommand {
  std::string_view name;
  size_t arguments_min;  // behind its name
  size_t arguments_max;
  CommandFunction function;
};

constexpr Subcommand kSubcommands[] = {
    {"error", 1, 1, Error},       {"help", 0, 0, ReplyHelp},
    {"log", 1, 1, Log},           {"object", 1, 1, Object},
    {"populate", 1, 3, Populate}, {"protocol", 1, 1, Protocol},
    {"sleep", 1, 1, Sleep},       {"set-active-expire", 1, 1, SetActiveExpire},
};

void Debug(CommandContext& ctx) {
  if (!IsAllowed(ctx)) {
    ctx.Error(kNotAllowed);
    return;
  }
  const size_t arguments = ctx.args.size() - 2;
  for (const Subcommand& subcommand : kSubcommands) {
    if (IsOption(ctx.args[1], subcommand.name) && arguments >= subcommand.arguments_min &&
        arguments <= subcommand.arguments_max) {
      subcommand.function(ctx);
      return;
    }
  }
  ctx.Error(fmt::format("ERR unknown subcommand or wrong number of arguments for '{}'. Try DEBUG HELP.",
                        UpToNul(ctx.args[1]).substr(0, 128)));
}

constexpr std::string_view kHelp[] = {
    "ERROR <string>",
    "    Answer with this error.",
    "LOG <message>",
    "    Write a line to the log.",
    "OBJECT <key>",
    "    How a key's value is kept.",
    "POPULATE <count> [<prefix> [<size>]]",
    "    Add many keys: <prefix>:0, <prefix>:1 and so on.",
    "PROTOCOL <type>",
    "    A reply of this type: string, integer, double, bignum, null, array, set, map,",
    "    attrib, push, verbatim, true, false.",
    "SET-ACTIVE-EXPIRE <0|1>",
    "    Whether expired keys are removed before anybody asks for them.",
    "SLEEP <seconds>",
    "    Do nothing at all for so long.",
};

constexpr Command kCommands[] = {
    // What it does must not be seen through what was parsed ahead.
    {.name = "debug",
     .arity = -2,
     .flags = kAdmin | kNoscript | kLoading | kStale | kSystemCommand | kChangesParsing,
     .group = CommandGroup::kServer,
     .function = Debug,
     .summary = "Help to test clients and servers",
     .since = "1.0.0",
     .complexity = "Depends on the subcommand",
     .help = kHelp},
};

}  // namespace

std::span<const Command> DebugCommands() { return kCommands; }

}  // namespace reprise
