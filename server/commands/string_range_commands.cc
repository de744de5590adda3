// Parts of strings: APPEND, STRLEN, SETRANGE, GETRANGE, SUBSTR.
#include <algorithm>
#include <cstring>

#include "server/commands/command_context.h"
#include "server/commands/key_access.h"
#include "server/commands/key_specs.h"

namespace reprise {
namespace {

// Checks that a value of `size` bytes may grow by `added`, or answers why not. REQUIRES: neither is negative.
bool MayGrow(CommandContext& ctx, int64_t size, size_t added) {
  const int64_t max = ctx.server.values().proto_max_bulk_len;
  const auto more = static_cast<int64_t>(added);
  if (size <= max && more <= max - size) {
    return true;
  }
  ctx.Error("ERR string exceeds maximum allowed size (proto-max-bulk-len)");
  return false;
}

// Makes the value at least as long as needed to hold `part` from `offset` on, and puts it there. The part is not empty.
void EditValue(CommandContext& ctx, Ref& ref, size_t offset, std::string_view part) {
  const size_t size = std::max(ref.value().size(), offset + part.size());
  char* value = ctx.db().MutableValue(ref, size);
  std::memcpy(value + offset, part.data(), part.size());
}

void Append(CommandContext& ctx) {
  const uint64_t hash = ctx.HashOf(1);
  Ref ref = WriteKey(ctx, 1, hash);
  if (!ctx.IsString(ref)) {
    return;
  }
  const std::string_view part = ctx.args[2];
  if (!ref) {
    StoreArgument(ctx, ref, 1, hash, 2);
    ctx.reply.Integer(static_cast<int64_t>(part.size()));
    return;
  }
  const size_t size = ref.value().size();
  if (!MayGrow(ctx, static_cast<int64_t>(size), part.size())) {
    return;
  }
  if (!part.empty()) {
    EditValue(ctx, ref, size, part);
  }
  ctx.db().Mark(ref, StringMark::kEdited);
  ctx.NoteChange();
  ctx.reply.Integer(static_cast<int64_t>(size + part.size()));
}

void StrLen(CommandContext& ctx) {
  const Ref ref = ReadKey(ctx, 1);
  if (ctx.IsString(ref)) {
    ctx.reply.Integer(ref ? static_cast<int64_t>(ref.value().size()) : 0);
  }
}

void SetRange(CommandContext& ctx) {
  const auto offset = ParseInt64(ctx.args[2]);
  if (!offset) {
    ctx.NotAnInteger();
    return;
  }
  if (*offset < 0) {
    ctx.Error("ERR offset is out of range");
    return;
  }
  const uint64_t hash = ctx.HashOf(1);
  Ref ref = WriteKey(ctx, 1, hash);
  if (!ctx.IsString(ref)) {
    return;
  }
  const std::string_view part = ctx.args[3];
  if (part.empty()) {
    ctx.reply.Integer(ref ? static_cast<int64_t>(ref.value().size()) : 0);
    return;
  }
  if (!MayGrow(ctx, *offset, part.size())) {
    return;
  }
  if (!ref) {
    ref = ctx.db().Insert(ctx.args[1], hash, std::string_view());
    NoteAccess(ref, ctx.now_ms);
  }
  EditValue(ctx, ref, static_cast<size_t>(*offset), part);
  ctx.db().Mark(ref, StringMark::kEdited);
  ctx.NoteChange();
  ctx.reply.Integer(static_cast<int64_t>(ref.value().size()));
}

// Both ends count, and count from the end when negative; what lies outside is cut off.
std::string_view RangeOf(std::string_view value, int64_t first, int64_t last) {
  const auto size = static_cast<int64_t>(value.size());
  if (first < 0 && last < 0 && first > last) {
    return {};
  }
  first = std::max<int64_t>(first < 0 ? first + size : first, 0);
  last = std::min(std::max<int64_t>(last < 0 ? last + size : last, 0), size - 1);
  if (first > last) {
    return {};
  }
  return value.substr(static_cast<size_t>(first), static_cast<size_t>(last - first + 1));
}

void GetRange(CommandContext& ctx) {
  const auto first = ParseInt64(ctx.args[2]);
  const auto last = ParseInt64(ctx.args[3]);
  if (!first || !last) {
    ctx.NotAnInteger();
    return;
  }
  const Ref ref = ReadKey(ctx, 1);
  if (ctx.IsString(ref)) {
    ctx.reply.BulkString(ref ? RangeOf(ref.value(), *first, *last) : std::string_view());
  }
}

constexpr KeySpec kAppendKey[] = {{.flags = "RW insert"}};

constexpr Command kCommands[] = {
    {.name = "append",
     .arity = 3,
     .flags = kWrite | kDenyOom | kFast,
     .group = CommandGroup::kString,
     .function = Append,
     .summary = "Adds bytes at the end of a key's string value",
     .since = "2.0.0",
     .complexity = "O(1) amortized, for a short addition",
     .arguments = "key:key value",
     .keys = kAppendKey},
    {.name = "strlen",
     .arity = 2,
     .flags = kReadonly | kFast,
     .group = CommandGroup::kString,
     .function = StrLen,
     .summary = "Tells the length of a key's string value",
     .since = "2.2.0",
     .complexity = "O(1)",
     .arguments = "key:key",
     .keys = kAsksAboutKey},
    {.name = "setrange",
     .arity = 4,
     .flags = kWrite | kDenyOom,
     .group = CommandGroup::kString,
     .function = SetRange,
     .summary = "Overwrites a part of a key's string value",
     .since = "2.2.0",
     .complexity = "O(M) for M bytes written, and for those added",
     .arguments = "key:key offset:integer value",
     .keys = kUpdatesKey},
    {.name = "getrange",
     .arity = 4,
     .flags = kReadonly,
     .group = CommandGroup::kString,
     .function = GetRange,
     .summary = "Tells a part of a key's string value",
     .since = "2.4.0",
     .complexity = "O(N) for N bytes told",
     .arguments = "key:key start:integer end:integer",
     .keys = kReadsKey},
    {.name = "substr",
     .arity = 4,
     .flags = kReadonly,
     .group = CommandGroup::kString,
     .function = GetRange,
     .summary = "Tells a part of a key's string value; GETRANGE by its older name",
     .since = "1.0.0",
     .complexity = "O(N) for N bytes told",
     .arguments = "key:key start:integer end:integer",
     .deprecated_since = "2.0.0",
     .replaced_by = "`GETRANGE`",
     .keys = kReadsKey},
};

}  // namespace

std::span<const Command> StringRangeCommands() { return kCommands; }

}  // namespace reprise
