// LATENCY HISTOGRAM: how long commands take. The other half of Redis's LATENCY, the monitor of events, is not here.
#include <string_view>
#include <vector>

#include "server/commands/command_context.h"
#include "server/commands/help_reply.h"

namespace reprise {
namespace {

const LatencyHistogram& HistogramOf(const CommandContext& ctx, const CommandEntry& entry) {
  return ctx.server.stats().commands[entry.index].times.histogram();
}

// A command's, or those of all its subcommands, as far as there are any.
void AddTimed(const CommandContext& ctx, const CommandEntry& entry, std::vector<const CommandEntry*>* timed) {
  if (HistogramOf(ctx, entry).total() > 0) {
    timed->push_back(&entry);
  }
  for (const CommandEntry& subcommand : entry.subcommands) {
    AddTimed(ctx, subcommand, timed);
  }
}

// The durations are in microseconds here, and the counts cumulative.
void WriteHistogram(ReplyWriter& reply, const LatencyHistogram& histogram) {
  const auto cumulative = histogram.Cumulative();
  reply.MapHeader(2);
  reply.BulkString("calls");
  reply.Integer(static_cast<int64_t>(histogram.total()));
  reply.BulkString("histogram_usec");
  reply.MapHeader(cumulative.size());
  for (const auto& [duration_ns, count] : cumulative) {
    reply.Integer(static_cast<int64_t>(duration_ns / 1000));
    reply.Integer(static_cast<int64_t>(count));
  }
}

void Histogram(CommandContext& ctx) {
  std::vector<const CommandEntry*> timed;
  for (const std::string_view name : ctx.args.subspan(2)) {
    if (const CommandEntry* entry = ctx.server.commands().FindFullName(name)) {
      AddTimed(ctx, *entry, &timed);
    }
  }
  if (ctx.args.size() == 2) {
    for (const CommandEntry& entry : ctx.server.commands().all()) {
      AddTimed(ctx, entry, &timed);
    }
  }
  ctx.reply.MapHeader(timed.size());
  for (const CommandEntry* entry : timed) {
    ctx.reply.BulkString(entry->FullName());
    WriteHistogram(ctx.reply, HistogramOf(ctx, *entry));
  }
}

constexpr std::string_view kHelp[] = {
    "HISTOGRAM [<command-name> ...]",
    "    How many calls took how long: of those named, or of all commands.",
};

constexpr std::string_view kTips[] = {"nondeterministic_output", "request_policy:all_nodes", "response_policy:special"};

constexpr Command kSubcommands[] = {
    {.name = "help",
     .arity = 2,
     .flags = kLoading | kStale,
     .group = CommandGroup::kServer,
     .function = ReplyHelp,
     .summary = "What LATENCY can do",
     .since = "2.8.13",
     .complexity = "O(1)",
     .parent = "latency"},
    {.name = "histogram",
     .arity = -2,
     .flags = kAdmin | kNoscript | kLoading | kStale,
     .group = CommandGroup::kServer,
     .function = Histogram,
     .summary = "How many calls of commands took how long",
     .since = "7.0.0",
     .complexity = "O(N) for N commands",
     .arguments = "[command...]",
     .tips = kTips,
     .parent = "latency"},
};

constexpr Command kCommands[] = {
    {.name = "latency",
     .arity = -2,
     .group = CommandGroup::kServer,
     .summary = "How long commands take",
     .since = "2.8.13",
     .complexity = "Depends on the subcommand",
     .subcommands = kSubcommands,
     .help = kHelp},
};

}  // namespace

std::span<const Command> LatencyCommands() { return kCommands; }

}  // namespace reprise
