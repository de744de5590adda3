// MEMORY: what keys and the server cost.
#include <fmt/format.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "server/ascii.h"
#include "server/commands/command_context.h"
#include "server/commands/help_reply.h"
#include "server/memory_facts.h"
#include "server/resp/number.h"

namespace reprise {
namespace {

// A key's share of the table: its slot, and what a bucket keeps free on average.
constexpr size_t kTableBytesPerKey = 12;

// A string has nothing to take samples of, so the option is only read.
void Usage(CommandContext& ctx) {
  const auto options = ctx.args.subspan(3);
  for (size_t i = 0; i < options.size(); i += 2) {
    if (!IsOption(options[i], "samples") || i + 1 == options.size()) {
      ctx.SyntaxError();
      return;
    }
    const auto samples = ParseInt64(options[i + 1]);
    if (!samples) {
      ctx.NotAnInteger();
      return;
    }
    if (*samples < 0) {
      ctx.SyntaxError();
      return;
    }
  }
  // What the key costs as long as it is there, even if its time is over.
  if (const Ref ref = ctx.db().Find(ctx.args[2], ctx.HashOf(2))) {
    ctx.reply.Integer(static_cast<int64_t>(ref.bytes_used() + kTableBytesPerKey));
  } else {
    ctx.reply.Null();
  }
}

void WriteField(ReplyWriter& reply, std::string_view name, uint64_t value) {
  reply.BulkString(name);
  reply.Integer(static_cast<int64_t>(value));
}

// `hundredths` of a ratio, or of a per cent.
void WriteRatio(ReplyWriter& reply, std::string_view name, uint64_t hundredths) {
  reply.BulkString(name);
  reply.Double(static_cast<double>(hundredths) / 100);
}

void Stats(CommandContext& ctx) {
  const MemoryFacts facts = MeasureMemory(ctx.server);
  ReplyWriter& reply = ctx.reply;
  reply.MapHeader(15);
  WriteField(reply, "peak.allocated", facts.peak);
  WriteField(reply, "total.allocated", facts.used());
  WriteField(reply, "startup.allocated", 0);
  WriteField(reply, "replication.backlog", 0);
  WriteField(reply, "clients.slaves", 0);
  WriteField(reply, "clients.normal", facts.clients);
  WriteField(reply, "aof.buffer", 0);
  WriteField(reply, "overhead.total", facts.clients);
  WriteField(reply, "keys.count", facts.keys);
  WriteField(reply, "keys.bytes-per-key", facts.keys == 0 ? 0 : facts.data / facts.keys);
  WriteField(reply, "dataset.bytes", facts.data);
  WriteRatio(reply, "dataset.percentage", MemoryFacts::Hundredths(facts.data, facts.used()) * 100);
  WriteRatio(reply, "peak.percentage", MemoryFacts::Hundredths(facts.used(), facts.peak) * 100);
  WriteRatio(reply, "fragmentation", MemoryFacts::Hundredths(facts.resident, facts.used()));
  reply.BulkString("fragmentation.bytes");
  reply.Integer(static_cast<int64_t>(facts.resident) - static_cast<int64_t>(facts.used()));
}

// One line for each thing that somebody may want to look into.
std::string Diagnosis(const MemoryFacts& facts, size_t clients) {
  constexpr uint64_t kTooLittleBytes = uint64_t{5} << 20;
  constexpr uint64_t kBytesPerClientMax = 200 * 1024;
  if (facts.used() < kTooLittleBytes) {
    return "There is too little in memory to tell anything from.\n";
  }
  std::string text;
  if (facts.peak > facts.used() / 2 * 3) {
    text += fmt::format(
        "* Peak: there were {} bytes once, more than one and a half times what there is now. The process may still "
        "occupy what it needed then.\n",
        facts.peak);
  }
  if (MemoryFacts::Hundredths(facts.resident, facts.used()) > 200) {
    text += fmt::format(
        "* Fragmentation: the process occupies {} bytes for {} that are used. Memory that was freed is not given back, "
        "or the values' sizes suit the allocator badly.\n",
        facts.resident, facts.used());
  }
  if (clients > 0 && facts.clients / clients > kBytesPerClientMax) {
    text += fmt::format(
        "* Clients: they hold {} bytes on average. CLIENT LIST shows which of them don't read their replies (omem) or "
        "send large requests (qbuf).\n",
        facts.clients / clients);
  }
  return text.empty() ? "There is nothing wrong with the memory that can be seen from here.\n" : text;
}

void Doctor(CommandContext& ctx) {
  ctx.reply.Verbatim("txt", Diagnosis(MeasureMemory(ctx.server), ctx.server.sessions().size()));
}

// Neither libc nor mimalloc tells its own statistics through an interface of ours.
void MallocStats(CommandContext& ctx) { ctx.reply.BulkString("Stats not supported for the current allocator"); }

// In one piece, as whoever asks for it wants it now: about a tenth of a millisecond a megabyte.
void Purge(CommandContext& ctx) {
  ctx.server.world().process.ReturnFreeMemory();
  ctx.reply.Ok();
}

constexpr std::string_view kHelp[] = {
    "DOCTOR",
    "    What may be wrong with the memory.",
    "MALLOC-STATS",
    "    The allocator's own statistics, where there are any.",
    "PURGE",
    "    Have the allocator give back what it keeps for later.",
    "STATS",
    "    What the memory goes into.",
    "USAGE <key> [SAMPLES <count>]",
    "    The bytes that a key costs. SAMPLES has no effect on a string.",
};

constexpr std::string_view kTips[] = {"nondeterministic_output", "request_policy:all_shards",
                                      "response_policy:special"};
constexpr std::string_view kPurgeTips[] = {"request_policy:all_shards", "response_policy:all_succeeded"};
constexpr KeySpec kSubjectKey[] = {{.flags = "RO", .index = 2}};

// What all subcommands have in common.
constexpr Command Subcommand(Command facts) {
  facts.group = CommandGroup::kServer;
  facts.since = "4.0.0";
  facts.parent = "memory";
  return facts;
}

constexpr Command kSubcommands[] = {
    Subcommand({.name = "doctor",
                .arity = 2,
                .function = Doctor,
                .summary = "What may be wrong with the memory",
                .complexity = "O(N) for N clients",
                .tips = kTips}),
    Subcommand({.name = "help",
                .arity = 2,
                .flags = kLoading | kStale,
                .function = ReplyHelp,
                .summary = "What MEMORY can do",
                .complexity = "O(1)"}),
    Subcommand({.name = "malloc-stats",
                .arity = 2,
                .function = MallocStats,
                .summary = "The allocator's own statistics",
                .complexity = "O(1)",
                .tips = kTips}),
    Subcommand({.name = "purge",
                .arity = 2,
                .function = Purge,
                .summary = "Have the allocator give back what it keeps",
                .complexity = "O(N) for N bytes that are kept for later",
                .tips = kPurgeTips}),
    Subcommand({.name = "stats",
                .arity = 2,
                .function = Stats,
                .summary = "What the memory goes into",
                .complexity = "O(N) for N clients",
                .tips = kTips}),
    Subcommand({.name = "usage",
                .arity = -3,
                .flags = kReadonly,
                .function = Usage,
                .summary = "The bytes that a key costs",
                .complexity = "O(1)",
                .arguments = "key:key [count=SAMPLES:integer]",
                .keys = kSubjectKey}),
};

constexpr Command kCommands[] = {
    {.name = "memory",
     .arity = -2,
     .group = CommandGroup::kServer,
     .summary = "What keys and the server cost",
     .since = "4.0.0",
     .complexity = "Depends on the subcommand",
     .subcommands = kSubcommands,
     .help = kHelp},
};

}  // namespace

std::span<const Command> MemoryCommands() { return kCommands; }

}  // namespace reprise
