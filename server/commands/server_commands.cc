// INFO, MONITOR, TIME, SHUTDOWN.
#include <array>
#include <cstdint>
#include <string_view>

#include "server/ascii.h"
#include "server/commands/command_context.h"
#include "server/info.h"

namespace reprise {
namespace {

void Info(CommandContext& ctx) { ctx.reply.Verbatim("txt", InfoText(ctx.server, ctx.args.subspan(1), ctx.now_ms)); }

// Of a client that is one already there is no reply, as in Redis.
void Monitor(CommandContext& ctx) {
  if (!ctx.session.monitoring()) {
    ctx.session.set_monitoring(true);
    ctx.reply.Ok();
  }
}

void Time(CommandContext& ctx) {
  const int64_t now_us = ctx.server.loop().wall_us();
  ctx.reply.ArrayHeader(2);
  ctx.reply.BulkInteger(now_us / 1'000'000);
  ctx.reply.BulkInteger(now_us % 1'000'000);
}

// NOSAVE, NOW and FORCE change nothing: there is no snapshot to write, no replica to wait for. SAVE can't be honoured.
void Shutdown(CommandContext& ctx) {
  bool save = false;
  bool no_save = false;
  bool abort = false;
  bool hurry = false;
  for (const std::string_view option : ctx.args.subspan(1)) {
    if (IsOption(option, "nosave")) {
      no_save = true;
    } else if (IsOption(option, "save")) {
      save = true;
    } else if (IsOption(option, "abort")) {
      abort = true;
    } else if (IsOption(option, "now") || IsOption(option, "force")) {
      hurry = true;
    } else {
      ctx.SyntaxError();
      return;
    }
  }
  if ((abort && (save || no_save || hurry)) || (save && no_save)) {
    ctx.SyntaxError();
  } else if (abort) {
    ctx.Error("ERR No shutdown in progress.");
  } else if (save) {
    ctx.Error("ERR Errors trying to SHUTDOWN. This server writes no snapshots: use SHUTDOWN NOSAVE.");
  } else {
    // No reply: the closed connection is the answer.
    ctx.server.Shutdown();
    ctx.session.CloseAfterReply();
  }
}

constexpr std::string_view kInfoTips[] = {"nondeterministic_output", "request_policy:all_shards",
                                          "response_policy:special"};
constexpr std::string_view kTimeTips[] = {"nondeterministic_output"};

const Command kCommands[] = {
    {
        .name = "info",
        .arity = -1,
        .flags = kLoading | kStale,
        .group = CommandGroup::kServer,
        .function = Info,
        .summary = "Read facts and counts about the server, all or by section",
        .since = "1.0.0",
        .complexity = "O(1)",
        .arguments = "[section...]",
        .history = "7.0.0 several sections",
        .acl = kAclDangerous,
        .tips = kInfoTips,
    },
    {
        .name = "monitor",
        .arity = 1,
        .flags = kAdmin | kNoscript | kLoading | kStale,
        .group = CommandGroup::kServer,
        .function = Monitor,
        .summary = "See every request that the server executes",
        .since = "1.0.0",
    },
    {
        .name = "shutdown",
        .arity = -1,
        .flags = kAdmin | kNoscript | kLoading | kStale | kNoMulti | kAllowBusy,
        .group = CommandGroup::kServer,
        .function = Shutdown,
        .summary = "End the server",
        .since = "1.0.0",
        .complexity = "O(1)",
        .arguments = "[nosave_save(nosave=NOSAVE|save=SAVE)] [now=NOW@7.0.0] [force=FORCE@7.0.0] [abort=ABORT@7.0.0]",
        .history = "7.0.0 NOW, FORCE, ABORT",
    },
    {
        .name = "time",
        .arity = 1,
        .flags = kLoading | kStale | kFast,
        .group = CommandGroup::kServer,
        .function = Time,
        .summary = "Read the server's clock, in seconds and microseconds",
        .since = "2.6.0",
        .complexity = "O(1)",
        .tips = kTimeTips,
    },
};

}  // namespace

std::span<const Command> ServerCommands() { return kCommands; }

}  // namespace reprise
