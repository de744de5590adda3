// Many strings at once: MGET, MSET, MSETNX.
#include <fmt/format.h>

#include "server/commands/command_context.h"
#include "server/commands/key_access.h"
#include "server/commands/key_specs.h"

namespace reprise {
namespace {

void MGet(CommandContext& ctx) {
  ctx.reply.ArrayHeader(ctx.args.size() - 1);
  ForEachKey(ctx, 1, [&](size_t index, uint64_t hash) {
    const Ref ref = ReadKey(ctx, index, hash);
    if (ref && ref.type() == ValueType::kString) {
      ctx.reply.BulkString(ref.value());
    } else {
      ctx.reply.Null();
    }
  });
}

// Checks that every key has its value, or answers that the number of arguments is wrong.
bool ComesInPairs(CommandContext& ctx) {
  if (ctx.args.size() % 2 == 1) {
    return true;
  }
  ctx.Error(fmt::format("ERR wrong number of arguments for '{}' command", ctx.entry->command->name));
  return false;
}

void StorePairs(CommandContext& ctx) {
  ForEachKey(ctx, 2, [&](size_t index, uint64_t hash) {
    Ref ref = WriteKey(ctx, index, hash);
    StoreArgument(ctx, ref, index, hash, index + 1);
  });
}

void MSet(CommandContext& ctx) {
  if (ComesInPairs(ctx)) {
    StorePairs(ctx);
    ctx.reply.Ok();
  }
}

void MSetNx(CommandContext& ctx) {
  if (!ComesInPairs(ctx)) {
    return;
  }
  bool any_exists = false;
  ForEachKey(ctx, 2, [&](size_t index, uint64_t hash) { any_exists = any_exists || WriteKey(ctx, index, hash); });
  if (!any_exists) {
    StorePairs(ctx);
  }
  ctx.reply.Integer(any_exists ? 0 : 1);
}

constexpr std::string_view kAllShardsSucceed[] = {"request_policy:multi_shard", "response_policy:all_succeeded"};
constexpr std::string_view kLeastOfShards[] = {"request_policy:multi_shard", "response_policy:agg_min"};

constexpr Command kCommands[] = {
    {.name = "mget",
     .arity = -2,
     .flags = kReadonly | kFast,
     .group = CommandGroup::kString,
     .function = MGet,
     .summary = "Tells the string values of keys",
     .since = "1.0.0",
     .complexity = "O(N) for N keys",
     .arguments = "key:key...",
     .keys = kReadsKeys,
     .tips = kSplitOverShards},
    {.name = "mset",
     .arity = -3,
     .flags = kWrite | kDenyOom,
     .group = CommandGroup::kString,
     .function = MSet,
     .summary = "Sets the string values of keys",
     .since = "1.0.1",
     .complexity = "O(N) for N keys",
     .arguments = "key_value{key:key value}...",
     .keys = kOverwritesPairs,
     .tips = kAllShardsSucceed},
    {.name = "msetnx",
     .arity = -3,
     .flags = kWrite | kDenyOom,
     .group = CommandGroup::kString,
     .function = MSetNx,
     .summary = "Sets the string values of keys if none of them exists",
     .since = "1.0.1",
     .complexity = "O(N) for N keys",
     .arguments = "key_value{key:key value}...",
     .keys = kInsertsPairs,
     .tips = kLeastOfShards},
};

}  // namespace

std::span<const Command> MultiStringCommands() { return kCommands; }

}  // namespace reprise
