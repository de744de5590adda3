// LATENCY: how long commands take, and that there is no monitor of events.
#include <fmt/format.h>

#include <string_view>
#include <vector>

#include "server/ascii.h"
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

// There is no monitor of events (latency-monitor-threshold is 0 and stays so): nothing was ever seen. Clients that ask
// are told what a redis-server tells whose monitor is off.
void Events(CommandContext& ctx) { ctx.reply.ArrayHeader(0); }

void Reset(CommandContext& ctx) { ctx.reply.Integer(0); }

void Graph(CommandContext& ctx) {
  ctx.Error(fmt::format("ERR No samples available for event '{}'", UpToNul(ctx.args[2])));
}

void Doctor(CommandContext& ctx) {
  ctx.reply.Verbatim(
      "txt",
      "This server has no monitor of events. LATENCY HISTOGRAM and INFO latencystats tell how long commands "
      "take.\n");
}

constexpr std::string_view kHelp[] = {
    "DOCTOR",
    "    What may be slow, by the monitor of events, which this server has not.",
    "GRAPH <event>",
    "    An event's latest times as a drawing.",
    "HISTOGRAM [<command-name> ...]",
    "    How many calls took how long: of those named, or of all commands.",
    "HISTORY <event>",
    "    An event's latest times.",
    "LATEST",
    "    The latest time of each event.",
    "RESET [<event> ...]",
    "    Forget the times of these events, or of all.",
};

constexpr std::string_view kTips[] = {"nondeterministic_output", "request_policy:all_nodes", "response_policy:special"};
constexpr std::string_view kResetTips[] = {"request_policy:all_nodes", "response_policy:all_succeeded"};

// What all subcommands but HELP have in common.
constexpr Command Subcommand(Command facts) {
  facts.flags = kAdmin | kNoscript | kLoading | kStale;
  facts.group = CommandGroup::kServer;
  facts.parent = "latency";
  facts.since = facts.since.empty() ? "2.8.13" : facts.since;
  facts.complexity = facts.complexity.empty() ? "O(1)" : facts.complexity;
  facts.tips = facts.tips.empty() ? kTips : facts.tips;
  return facts;
}

constexpr Command kSubcommands[] = {
    Subcommand({.name = "doctor", .arity = 2, .function = Doctor, .summary = "What may be slow"}),
    Subcommand({.name = "graph",
                .arity = 3,
                .function = Graph,
                .summary = "An event's times as a drawing",
                .arguments = "event"}),
    {.name = "help",
     .arity = 2,
     .flags = kLoading | kStale,
     .group = CommandGroup::kServer,
     .function = ReplyHelp,
     .summary = "What LATENCY can do",
     .since = "2.8.13",
     .complexity = "O(1)",
     .parent = "latency"},
    Subcommand({.name = "histogram",
                .arity = -2,
                .function = Histogram,
                .summary = "How many calls of commands took how long",
                .since = "7.0.0",
                .complexity = "O(N) for N commands",
                .arguments = "[command...]"}),
    Subcommand(
        {.name = "history", .arity = 3, .function = Events, .summary = "An event's times", .arguments = "event"}),
    Subcommand({.name = "latest", .arity = 2, .function = Events, .summary = "The latest time of each event"}),
    Subcommand({.name = "reset",
                .arity = -2,
                .function = Reset,
                .summary = "Forget the times of events",
                .arguments = "[event...]",
                .tips = kResetTips}),
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
