// Keys, whatever they hold: whether they exist, their types, deleting, renaming, copying and moving them.
#include <array>
#include <limits>
#include <optional>
#include <string_view>

#include "server/ascii.h"
#include "server/commands/command_context.h"
#include "server/commands/key_access.h"
#include "server/commands/key_specs.h"
#include "server/commands/value_type_name.h"

namespace reprise {
namespace {

constexpr std::string_view kSameObject = "ERR source and destination objects are the same";

// Removes the keys, and answers how many there were. A large value is freed a little at a time, so that DEL does what
// UNLINK does.
void Unlink(CommandContext& ctx) {
  int64_t removed = 0;
  ForEachKey(ctx, 1, [&](size_t index, uint64_t hash) {
    if (const Ref ref = ctx.db().FindLive(ctx.args[index], hash, ctx.now_ms)) {
      ctx.db().EraseLazily(ref, ctx.server.reclaimer());
      ++removed;
    }
  });
  ctx.NoteChange(static_cast<uint64_t>(removed));
  ctx.reply.Integer(removed);
}

void Exists(CommandContext& ctx) {
  int64_t found = 0;
  ForEachKey(ctx, 1, [&](size_t index, uint64_t hash) {
    const Ref ref = ctx.db().FindLive(ctx.args[index], hash, ctx.now_ms);
    ++(ref ? ctx.server.stats().keyspace_hits : ctx.server.stats().keyspace_misses);
    found += ref ? 1 : 0;
  });
  ctx.reply.Integer(found);
}

void Touch(CommandContext& ctx) {
  int64_t found = 0;
  ForEachKey(ctx, 1, [&](size_t index, uint64_t hash) { found += ReadKey(ctx, index, hash) ? 1 : 0; });
  ctx.reply.Integer(found);
}

void Type(CommandContext& ctx) {
  const Ref ref = ctx.FindToRead(1);
  ctx.reply.SimpleString(ref ? ValueTypeName(ref.type()) : "none");
}

// Gives the key args[1] the name args[2]; a key of that name is overwritten, or, with `only_if_absent`, in the way.
// Answers whether it was done, or nothing and an error.
std::optional<bool> RenameKey(CommandContext& ctx, bool only_if_absent) {
  Database& db = ctx.db();
  const uint64_t hash = ctx.HashOf(1);
  if (!WriteKey(ctx, 1, hash)) {
    ctx.Error("ERR no such key");
    return std::nullopt;
  }
  if (ctx.args[1] == ctx.args[2]) {
    return !only_if_absent;
  }
  const uint64_t new_hash = ctx.HashOf(2);
  if (const Ref in_the_way = WriteKey(ctx, 2, new_hash)) {
    if (only_if_absent) {
      return false;
    }
    db.EraseLazily(in_the_way, ctx.server.reclaimer());
  }
  db.Rename(db.Find(ctx.args[1], hash), ctx.args[2], new_hash);
  ctx.NoteChange();
  return true;
}

void Rename(CommandContext& ctx) {
  if (RenameKey(ctx, false)) {
    ctx.reply.Ok();
  }
}

void RenameNx(CommandContext& ctx) {
  if (const auto done = RenameKey(ctx, true)) {
    ctx.reply.Integer(*done ? 1 : 0);
  }
}

// Reads the number of a database, or answers with an error.
std::optional<size_t> DatabaseOrError(CommandContext& ctx, std::string_view text) {
  const auto number = ParseInt64(text);
  if (!number) {
    ctx.NotAnInteger();
    return std::nullopt;
  }
  if (*number < std::numeric_limits<int32_t>::min() || *number > std::numeric_limits<int32_t>::max()) {
    ctx.Error("ERR value is out of range, value must between -2147483648 and 2147483647");
    return std::nullopt;
  }
  if (*number < 0 || static_cast<size_t>(*number) >= ctx.server.database_count()) {
    ctx.Error("ERR DB index is out of range");
    return std::nullopt;
  }
  return static_cast<size_t>(*number);
}

struct CopyOptions {
  size_t to_db;
  bool replace = false;
};

std::optional<CopyOptions> CopyOptionsOrError(CommandContext& ctx) {
  CopyOptions options{ctx.session.db_index()};
  for (size_t i = 3; i < ctx.args.size(); ++i) {
    if (EqualsFolded(ctx.args[i], "replace")) {
      options.replace = true;
    } else if (EqualsFolded(ctx.args[i], "db") && i + 1 < ctx.args.size()) {
      const auto index = DatabaseOrError(ctx, ctx.args[++i]);
      if (!index) {
        return std::nullopt;
      }
      options.to_db = *index;
    } else {
      ctx.SyntaxError();
      return std::nullopt;
    }
  }
  return options;
}

void CopyValue(Ref from, Database& to, Ref target, std::string_view key, uint64_t hash, int64_t now_ms) {
  const StringMark mark = from.mark() == StringMark::kNone ? StringMark::kCopied : from.mark();
  if (target) {
    to.Replace(target, from.value(), from.expire_at_ms());
  } else {
    target = to.Insert(key, hash, from.value(), from.expire_at_ms());
  }
  to.Mark(target, mark);
  NoteAccess(target, now_ms);
}

void Copy(CommandContext& ctx) {
  const auto options = CopyOptionsOrError(ctx);
  if (!options) {
    return;
  }
  if (options->to_db == ctx.session.db_index() && ctx.args[1] == ctx.args[2]) {
    ctx.Error(kSameObject);
    return;
  }
  Database& to = ctx.server.database(options->to_db);
  const uint64_t to_hash = to.Hash(ctx.args[2]);
  if (!ReadKey(ctx, 1)) {
    ctx.reply.Integer(0);
    return;
  }
  const Ref target = to.FindLive(ctx.args[2], to_hash, ctx.now_ms);
  if (target && !options->replace) {
    NoteAccess(target, ctx.now_ms);
    ctx.reply.Integer(0);
    return;
  }
  // Only now, since the second lookup may have removed an expired key, which ends the life of other Refs.
  const Ref from = ctx.db().Find(ctx.args[1], ctx.HashOf(1));
  CopyValue(from, to, target, ctx.args[2], to_hash, ctx.now_ms);
  ctx.NoteChange();
  ctx.reply.Integer(1);
}

void Move(CommandContext& ctx) {
  const auto index = DatabaseOrError(ctx, ctx.args[2]);
  if (!index) {
    return;
  }
  if (*index == ctx.session.db_index()) {
    ctx.Error(kSameObject);
    return;
  }
  Database& to = ctx.server.database(*index);
  const uint64_t to_hash = to.Hash(ctx.args[1]);
  const Ref ref = WriteKey(ctx, 1);
  const Ref in_the_way = ref ? to.FindLive(ctx.args[1], to_hash, ctx.now_ms) : Ref();
  if (in_the_way) {
    NoteAccess(in_the_way, ctx.now_ms);
  }
  const bool moves = ref && !in_the_way;
  if (moves) {
    ctx.db().MoveTo(ref, to, to_hash);
    ctx.NoteChange();
  }
  ctx.reply.Integer(moves ? 1 : 0);
}

constexpr KeySpec kRenameKeys[] = {{.flags = "RW access delete"}, {.flags = "OW update", .index = 2}};
constexpr KeySpec kRenameNxKeys[] = {{.flags = "RW access delete"}, {.flags = "OW insert", .index = 2}};
constexpr KeySpec kCopyKeys[] = {{.flags = "RO access"}, {.flags = "OW update", .index = 2}};

constexpr Command kCommands[] = {
    {.name = "del",
     .arity = -2,
     .flags = kWrite,
     .group = CommandGroup::kGeneric,
     .function = Unlink,
     .summary = "Deletes keys",
     .since = "1.0.0",
     .complexity = "O(N) for N keys",
     .arguments = "key:key...",
     .keys = kDeletesKeys,
     .acl = kAclKeyspace,
     .tips = kSumOverShards},
    {.name = "unlink",
     .arity = -2,
     .flags = kWrite | kFast,
     .group = CommandGroup::kGeneric,
     .function = Unlink,
     .summary = "Deletes keys, and frees large values a little at a time",
     .since = "4.0.0",
     .complexity = "O(N) for N keys",
     .arguments = "key:key...",
     .keys = kDeletesKeys,
     .acl = kAclKeyspace,
     .tips = kSumOverShards},
    {.name = "exists",
     .arity = -2,
     .flags = kReadonly | kFast,
     .group = CommandGroup::kGeneric,
     .function = Exists,
     .summary = "Tells how many of the keys exist",
     .since = "1.0.0",
     .complexity = "O(N) for N keys",
     .arguments = "key:key...",
     .history = "3.0.3 several keys",
     .keys = kAsksAboutKeys,
     .acl = kAclKeyspace,
     .tips = kSumOverShards},
    {.name = "touch",
     .arity = -2,
     .flags = kReadonly | kFast,
     .group = CommandGroup::kGeneric,
     .function = Touch,
     .summary = "Counts as an access to the keys, and tells how many exist",
     .since = "3.2.1",
     .complexity = "O(N) for N keys",
     .arguments = "key:key...",
     .keys = kAsksAboutKeys,
     .acl = kAclKeyspace,
     .tips = kSumOverShards},
    {.name = "type",
     .arity = 2,
     .flags = kReadonly | kFast,
     .group = CommandGroup::kGeneric,
     .function = Type,
     .summary = "Tells what type of value a key holds",
     .since = "1.0.0",
     .complexity = "O(1)",
     .arguments = "key:key",
     .keys = kAsksAboutKey,
     .acl = kAclKeyspace},
    {.name = "rename",
     .arity = 3,
     .flags = kWrite,
     .group = CommandGroup::kGeneric,
     .function = Rename,
     .summary = "Gives a key another name, and overwrites a key of that name",
     .since = "1.0.0",
     .complexity = "O(1)",
     .arguments = "key:key newkey:key1",
     .keys = kRenameKeys,
     .acl = kAclKeyspace},
    {.name = "renamenx",
     .arity = 3,
     .flags = kWrite | kFast,
     .group = CommandGroup::kGeneric,
     .function = RenameNx,
     .summary = "Gives a key another name unless there is a key of that name",
     .since = "1.0.0",
     .complexity = "O(1)",
     .arguments = "key:key newkey:key1",
     .history = "3.2.0 both names may be the same",
     .keys = kRenameNxKeys,
     .acl = kAclKeyspace},
    {.name = "copy",
     .arity = -3,
     .flags = kWrite | kDenyOom,
     .group = CommandGroup::kGeneric,
     .function = Copy,
     .summary = "Copies a key's value and expiry to another key",
     .since = "6.2.0",
     .complexity = "O(1) for a string, O(N) for a collection of N items",
     .arguments = "source:key destination:key1 [destination-db=DB:integer] [replace=REPLACE]",
     .keys = kCopyKeys,
     .acl = kAclKeyspace},
    {.name = "move",
     .arity = 3,
     .flags = kWrite | kFast,
     .group = CommandGroup::kGeneric,
     .function = Move,
     .summary = "Moves a key to another database",
     .since = "1.0.0",
     .complexity = "O(1)",
     .arguments = "key:key db:integer",
     .keys = kReadsAndUpdatesKey,
     .acl = kAclKeyspace},
};

}  // namespace

std::span<const Command> KeyCommands() { return kCommands; }

}  // namespace reprise
