// Strings as a whole: SET and its relatives.
#include <fmt/format.h>

#include <algorithm>

#include "server/ascii.h"
#include "server/commands/command_context.h"
#include "server/commands/key_access.h"
#include "server/commands/key_specs.h"
#include "server/commands/set_options.h"

namespace reprise {
namespace {

// Works out when the key is to expire, or answers why not.
bool ExpiryOrError(CommandContext& ctx, ExpiryOption option, std::string_view time, int64_t* at_ms) {
  switch (ResolveExpiry(option, time, ctx.now_ms, at_ms)) {
    case ExpiryOutcome::kOk:
      return true;
    case ExpiryOutcome::kNotAnInteger:
      ctx.NotAnInteger();
      return false;
    case ExpiryOutcome::kInvalid:
      break;
  }
  ctx.Error(fmt::format("ERR invalid expire time in '{}' command", ctx.entry->command->name));
  return false;
}

// Answers with the value of the key that `ref` stands for. REQUIRES: `ref` is null or a string.
void ReplyValue(CommandContext& ctx, Ref ref) {
  if (ref) {
    ctx.reply.BulkString(ref.value());
  } else {
    ctx.reply.Null();
  }
}

void EraseValue(CommandContext& ctx, Ref ref) {
  ctx.db().EraseLazily(ref, ctx.server.reclaimer());
  ctx.NoteChange();
}

void Get(CommandContext& ctx) {
  const Ref ref = ReadKey(ctx, 1);
  if (ctx.IsString(ref)) {
    ReplyValue(ctx, ref);
  }
}

void SetWithOptions(CommandContext& ctx, const SetOptions& options) {
  int64_t expire_at_ms = kNoExpiry;
  if (HasTime(options.expiry) && !ExpiryOrError(ctx, options.expiry, options.time, &expire_at_ms)) {
    return;
  }
  const uint64_t hash = ctx.HashOf(1);
  Ref ref = options.get ? ReadKey(ctx, 1, hash) : WriteKey(ctx, 1, hash);
  if (options.get) {
    if (!ctx.IsString(ref)) {
      return;
    }
    ReplyValue(ctx, ref);
  }
  if (ref ? options.if_absent : options.if_present) {
    if (!options.get) {
      ctx.reply.Null();
    }
    return;
  }
  if (options.expiry == ExpiryOption::kKeep && ref) {
    expire_at_ms = ref.expire_at_ms();
  }
  StoreArgument(ctx, ref, 1, hash, 2, expire_at_ms);
  if (!options.get) {
    ctx.reply.Ok();
  }
}

void Set(CommandContext& ctx) {
  if (ctx.args.size() > 3) {
    if (const auto options = ParseSetOptions(ctx.args.subspan(3))) {
      SetWithOptions(ctx, *options);
    } else {
      ctx.SyntaxError();
    }
    return;
  }
  const uint64_t hash = ctx.HashOf(1);
  Ref ref = WriteKey(ctx, 1, hash);
  StoreArgument(ctx, ref, 1, hash, 2);
  ctx.reply.Ok();
}

void GetSet(CommandContext& ctx) {
  const uint64_t hash = ctx.HashOf(1);
  Ref ref = ReadKey(ctx, 1, hash);
  if (!ctx.IsString(ref)) {
    return;
  }
  ReplyValue(ctx, ref);
  StoreArgument(ctx, ref, 1, hash, 2);
}

void GetDel(CommandContext& ctx) {
  const Ref ref = ReadKey(ctx, 1);
  if (!ctx.IsString(ref)) {
    return;
  }
  ReplyValue(ctx, ref);
  if (ref) {
    EraseValue(ctx, ref);
  }
}

void GetEx(CommandContext& ctx) {
  const auto options = ParseGetexOptions(ctx.args.subspan(2));
  if (!options) {
    ctx.SyntaxError();
    return;
  }
  Ref ref = ReadKey(ctx, 1);
  if (!ctx.IsString(ref)) {
    return;
  }
  int64_t expire_at_ms = kNoExpiry;
  if (ref && HasTime(options->expiry) && !ExpiryOrError(ctx, options->expiry, options->time, &expire_at_ms)) {
    return;
  }
  ReplyValue(ctx, ref);
  if (!ref) {
    return;
  }
  if (HasTime(options->expiry)) {
    if (expire_at_ms <= ctx.now_ms) {
      EraseValue(ctx, ref);
    } else {
      ctx.db().SetExpiry(ref, expire_at_ms);
      ctx.NoteChange();
    }
  } else if (options->expiry == ExpiryOption::kPersist && ref.has_expiry()) {
    ctx.db().ClearExpiry(ref);
    ctx.NoteChange();
  }
}

void SetNx(CommandContext& ctx) {
  const uint64_t hash = ctx.HashOf(1);
  Ref ref = WriteKey(ctx, 1, hash);
  const bool absent = !ref;
  if (absent) {
    StoreArgument(ctx, ref, 1, hash, 2);
  }
  ctx.reply.Integer(absent ? 1 : 0);
}

void SetToExpire(CommandContext& ctx, ExpiryOption option) {
  int64_t expire_at_ms = kNoExpiry;
  if (!ExpiryOrError(ctx, option, ctx.args[2], &expire_at_ms)) {
    return;
  }
  const uint64_t hash = ctx.HashOf(1);
  Ref ref = WriteKey(ctx, 1, hash);
  StoreArgument(ctx, ref, 1, hash, 3, expire_at_ms);
  ctx.reply.Ok();
}

void SetEx(CommandContext& ctx) { SetToExpire(ctx, ExpiryOption::kInSeconds); }
void PSetEx(CommandContext& ctx) { SetToExpire(ctx, ExpiryOption::kInMilliseconds); }

// What a certain SET does to its key.
std::string_view SetKeyFlags(std::span<const std::string_view> args) {
  const bool gets =
      std::any_of(args.begin() + 3, args.end(), [](std::string_view option) { return IsOption(option, "get"); });
  return gets ? "RW access update" : "OW update";
}

constexpr KeySpec kSetKey[] = {{.flags = "RW access update variable_flags",
                                .notes = "RW and ACCESS due to the optional `GET` argument",
                                .flags_of = SetKeyFlags}};
constexpr KeySpec kGetDelKey[] = {{.flags = "RW access delete"}};
constexpr KeySpec kGetExKey[] = {{.flags = "RW access update", .notes = "RW and UPDATE because it changes the TTL"}};

constexpr Command kCommands[] = {
    {.name = "set",
     .arity = -3,
     .flags = kWrite | kDenyOom,
     .group = CommandGroup::kString,
     .function = Set,
     .summary = "Sets a key's string value",
     .since = "1.0.0",
     .complexity = "O(1)",
     .arguments = "key:key value [condition@2.6.12(nx=NX|xx=XX)] [get=GET@6.2.0] "
                  "[expiration(seconds=EX:integer@2.6.12|milliseconds=PX:integer@2.6.12|unix-time-seconds=EXAT:unix-"
                  "time@6.2.0|unix-time-milliseconds=PXAT:unix-time@6.2.0|keepttl=KEEPTTL@6.0.0)]",
     .history = "2.6.12 EX, PX, NX, XX; 6.0.0 KEEPTTL; 6.2.0 GET, EXAT, PXAT; 7.0.0 NX together with GET",
     .keys = kSetKey},
    {.name = "get",
     .arity = 2,
     .flags = kReadonly | kFast,
     .group = CommandGroup::kString,
     .function = Get,
     .summary = "Tells a key's string value",
     .since = "1.0.0",
     .complexity = "O(1)",
     .arguments = "key:key",
     .keys = kReadsKey},
    {.name = "getset",
     .arity = 3,
     .flags = kWrite | kDenyOom | kFast,
     .group = CommandGroup::kString,
     .function = GetSet,
     .summary = "Sets a key's string value and tells the old one",
     .since = "1.0.0",
     .complexity = "O(1)",
     .arguments = "key:key value",
     .deprecated_since = "6.2.0",
     .replaced_by = "`SET` with `GET`",
     .keys = kReadsAndUpdatesKey},
    {.name = "getdel",
     .arity = 2,
     .flags = kWrite | kFast,
     .group = CommandGroup::kString,
     .function = GetDel,
     .summary = "Tells a key's string value and deletes the key",
     .since = "6.2.0",
     .complexity = "O(1)",
     .arguments = "key:key",
     .keys = kGetDelKey},
    {.name = "getex",
     .arity = -2,
     .flags = kWrite | kFast,
     .group = CommandGroup::kString,
     .function = GetEx,
     .summary = "Tells a key's string value and may change its expiry",
     .since = "6.2.0",
     .complexity = "O(1)",
     .arguments = "key:key "
                  "[expiration(seconds=EX:integer|milliseconds=PX:integer|unix-time-seconds=EXAT:unix-time|unix-time-"
                  "milliseconds=PXAT:unix-time|persist=PERSIST)]",
     .keys = kGetExKey},
    {.name = "setnx",
     .arity = 3,
     .flags = kWrite | kDenyOom | kFast,
     .group = CommandGroup::kString,
     .function = SetNx,
     .summary = "Sets the string value of a key that does not exist",
     .since = "1.0.0",
     .complexity = "O(1)",
     .arguments = "key:key value",
     .keys = kInsertsKey},
    {.name = "setex",
     .arity = 4,
     .flags = kWrite | kDenyOom,
     .group = CommandGroup::kString,
     .function = SetEx,
     .summary = "Sets a key's string value, to expire in some seconds",
     .since = "2.0.0",
     .complexity = "O(1)",
     .arguments = "key:key seconds:integer value",
     .keys = kOverwritesKey},
    {.name = "psetex",
     .arity = 4,
     .flags = kWrite | kDenyOom,
     .group = CommandGroup::kString,
     .function = PSetEx,
     .summary = "Sets a key's string value, to expire in some milliseconds",
     .since = "2.6.0",
     .complexity = "O(1)",
     .arguments = "key:key milliseconds:integer value",
     .keys = kOverwritesKey},
};

}  // namespace

std::span<const Command> StringCommands() { return kCommands; }

}  // namespace reprise
