// Whole databases: DBSIZE, SWAPDB, FLUSHDB, FLUSHALL.
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

#include "server/ascii.h"
#include "server/commands/command_context.h"

namespace reprise {
namespace {

void DbSize(CommandContext& ctx) { ctx.reply.Integer(static_cast<int64_t>(ctx.db().size())); }

// A number that fits an int, which may still name no database; or answers `error`.
std::optional<int64_t> IndexOrError(CommandContext& ctx, std::string_view text, std::string_view error) {
  const auto index = ParseInt64(text);
  if (index && *index >= std::numeric_limits<int32_t>::min() && *index <= std::numeric_limits<int32_t>::max()) {
    return index;
  }
  ctx.Error(error);
  return std::nullopt;
}

void SwapDb(CommandContext& ctx) {
  const auto first = IndexOrError(ctx, ctx.args[1], "ERR invalid first DB index");
  if (!first) {
    return;
  }
  const auto second = IndexOrError(ctx, ctx.args[2], "ERR invalid second DB index");
  if (!second) {
    return;
  }
  const auto count = static_cast<int64_t>(ctx.server.database_count());
  if (*first < 0 || *first >= count || *second < 0 || *second >= count) {
    ctx.Error("ERR DB index is out of range");
    return;
  }
  if (*first != *second) {
    ctx.server.database(static_cast<size_t>(*first)).SwapWith(ctx.server.database(static_cast<size_t>(*second)));
  }
  ctx.NoteChange();
  ctx.reply.Ok();
}

// SYNC and ASYNC are understood, and make no difference: keys are gone at once, and memory is freed a little at a time.
bool FlushWordOrError(CommandContext& ctx) {
  if (ctx.args.size() == 1 ||
      (ctx.args.size() == 2 && (EqualsFolded(ctx.args[1], "sync") || EqualsFolded(ctx.args[1], "async")))) {
    return true;
  }
  ctx.SyntaxError();
  return false;
}

void Flush(CommandContext& ctx, Database& database) {
  ctx.NoteChange(database.size());
  database.Clear(ctx.server.reclaimer());
}

void FlushDb(CommandContext& ctx) {
  if (FlushWordOrError(ctx)) {
    Flush(ctx, ctx.db());
    ctx.reply.Ok();
  }
}

void FlushAll(CommandContext& ctx) {
  if (!FlushWordOrError(ctx)) {
    return;
  }
  for (size_t i = 0; i < ctx.server.database_count(); ++i) {
    Flush(ctx, ctx.server.database(i));
  }
  ctx.reply.Ok();
}

constexpr std::string_view kDbSizeTips[] = {"request_policy:all_shards", "response_policy:agg_sum"};
constexpr std::string_view kFlushTips[] = {"request_policy:all_shards", "response_policy:all_succeeded"};

constexpr Command kCommands[] = {
    {.name = "dbsize",
     .arity = 1,
     .flags = kReadonly | kFast,
     .group = CommandGroup::kServer,
     .function = DbSize,
     .summary = "Tells how many keys the database has",
     .since = "1.0.0",
     .complexity = "O(1)",
     .acl = kAclKeyspace,
     .tips = kDbSizeTips},
    {.name = "swapdb",
     .arity = 3,
     .flags = kWrite | kFast,
     .group = CommandGroup::kServer,
     .function = SwapDb,
     .summary = "Exchanges two databases",
     .since = "4.0.0",
     .complexity = "O(1)",
     .arguments = "index1:integer index2:integer",
     .acl = kAclKeyspace | kAclDangerous},
    {.name = "flushall",
     .arity = -1,
     .flags = kWrite,
     .group = CommandGroup::kServer,
     .function = FlushAll,
     .summary = "Removes all keys of all databases",
     .since = "1.0.0",
     .complexity = "O(1), and O(N) in the background for N keys",
     .arguments = "[async(async=ASYNC@4.0.0|sync=SYNC@6.2.0)]",
     .history = "4.0.0 ASYNC; 6.2.0 SYNC",
     .acl = kAclKeyspace | kAclDangerous,
     .tips = kFlushTips},
    {.name = "flushdb",
     .arity = -1,
     .flags = kWrite,
     .group = CommandGroup::kServer,
     .function = FlushDb,
     .summary = "Removes all keys of the database",
     .since = "1.0.0",
     .complexity = "O(1), and O(N) in the background for N keys",
     .arguments = "[async(async=ASYNC@4.0.0|sync=SYNC@6.2.0)]",
     .history = "4.0.0 ASYNC; 6.2.0 SYNC",
     .acl = kAclKeyspace | kAclDangerous,
     .tips = kFlushTips},
};

}  // namespace

std::span<const Command> KeyspaceCommands() { return kCommands; }

}  // namespace reprise
