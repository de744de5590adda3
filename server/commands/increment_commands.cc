// Numbers kept as strings: INCR, DECR, INCRBY, DECRBY, INCRBYFLOAT.
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <string>

#include "server/commands/command_context.h"
#include "server/commands/key_access.h"
#include "server/commands/key_specs.h"

namespace reprise {
namespace {

// Makes `value` the key's, which keeps its expiry.
void StoreNumber(CommandContext& ctx, Ref& ref, uint64_t hash, std::string_view value) {
  if (ref) {
    ctx.db().Assign(ref, value);
  } else {
    ref = ctx.db().Insert(ctx.args[1], hash, value);
    NoteAccess(ref, ctx.now_ms);
  }
  ctx.NoteChange();
}

void AddToInteger(CommandContext& ctx, int64_t delta) {
  const uint64_t hash = ctx.HashOf(1);
  Ref ref = WriteKey(ctx, 1, hash);
  if (!ctx.IsString(ref)) {
    return;
  }
  const auto old = ref ? ParseInt64(ref.value()) : std::optional<int64_t>(0);
  if (!old) {
    ctx.NotAnInteger();
    return;
  }
  int64_t sum = 0;
  if (__builtin_add_overflow(*old, delta, &sum)) {
    ctx.Error("ERR increment or decrement would overflow");
    return;
  }
  std::array<char, kMaxInt64Digits> text;
  const char* end = FormatInt64(sum, text.data());
  StoreNumber(ctx, ref, hash, {text.data(), static_cast<size_t>(end - text.data())});
  ctx.reply.Integer(sum);
}

void Incr(CommandContext& ctx) { AddToInteger(ctx, 1); }
void Decr(CommandContext& ctx) { AddToInteger(ctx, -1); }

void IncrBy(CommandContext& ctx) {
  if (const auto delta = ParseInt64(ctx.args[2])) {
    AddToInteger(ctx, *delta);
  } else {
    ctx.NotAnInteger();
  }
}

void DecrBy(CommandContext& ctx) {
  const auto delta = ParseInt64(ctx.args[2]);
  if (!delta) {
    ctx.NotAnInteger();
  } else if (*delta == std::numeric_limits<int64_t>::min()) {
    ctx.Error("ERR decrement would overflow");
  } else {
    AddToInteger(ctx, -*delta);
  }
}

void IncrByFloat(CommandContext& ctx) {
  const uint64_t hash = ctx.HashOf(1);
  Ref ref = WriteKey(ctx, 1, hash);
  if (!ctx.IsString(ref)) {
    return;
  }
  const auto old = ref ? ParseLongDouble(ref.value()) : std::optional<long double>(0.0L);
  const auto delta = ParseLongDouble(ctx.args[2]);
  if (!old || !delta) {
    ctx.Error("ERR value is not a valid float");
    return;
  }
  const long double sum = *old + *delta;
  if (!std::isfinite(sum)) {
    ctx.Error("ERR increment would produce NaN or Infinity");
    return;
  }
  const std::string text = FormatLongDouble(sum);
  StoreNumber(ctx, ref, hash, text);
  ctx.db().Mark(ref, StringMark::kFormatted);
  ctx.reply.BulkString(text);
}

constexpr Command kCommands[] = {
    {.name = "incr",
     .arity = 2,
     .flags = kWrite | kDenyOom | kFast,
     .group = CommandGroup::kString,
     .function = Incr,
     .summary = "Adds one to a key's integer value",
     .since = "1.0.0",
     .complexity = "O(1)",
     .arguments = "key:key",
     .keys = kReadsAndUpdatesKey},
    {.name = "decr",
     .arity = 2,
     .flags = kWrite | kDenyOom | kFast,
     .group = CommandGroup::kString,
     .function = Decr,
     .summary = "Takes one from a key's integer value",
     .since = "1.0.0",
     .complexity = "O(1)",
     .arguments = "key:key",
     .keys = kReadsAndUpdatesKey},
    {.name = "incrby",
     .arity = 3,
     .flags = kWrite | kDenyOom | kFast,
     .group = CommandGroup::kString,
     .function = IncrBy,
     .summary = "Adds a number to a key's integer value",
     .since = "1.0.0",
     .complexity = "O(1)",
     .arguments = "key:key increment:integer",
     .keys = kReadsAndUpdatesKey},
    {.name = "decrby",
     .arity = 3,
     .flags = kWrite | kDenyOom | kFast,
     .group = CommandGroup::kString,
     .function = DecrBy,
     .summary = "Takes a number from a key's integer value",
     .since = "1.0.0",
     .complexity = "O(1)",
     .arguments = "key:key decrement:integer",
     .keys = kReadsAndUpdatesKey},
    {.name = "incrbyfloat",
     .arity = 3,
     .flags = kWrite | kDenyOom | kFast,
     .group = CommandGroup::kString,
     .function = IncrByFloat,
     .summary = "Adds a number to a key's floating-point value",
     .since = "2.6.0",
     .complexity = "O(1)",
     .arguments = "key:key increment:double",
     .keys = kReadsAndUpdatesKey},
};

}  // namespace

std::span<const Command> IncrementCommands() { return kCommands; }

}  // namespace reprise
