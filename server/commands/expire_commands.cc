// When keys expire: setting, removing and asking.
#include <fmt/format.h>

#include <limits>
#include <optional>

#include "server/ascii.h"
#include "server/commands/command_context.h"
#include "server/commands/key_access.h"
#include "server/commands/key_specs.h"

namespace reprise {
namespace {

enum class TimeUnit : uint8_t { kSeconds, kMilliseconds };
enum class TimeOrigin : uint8_t { kNow, kUnixEpoch };

// Which keys a new expiry is for; with none of them, for all.
struct ExpireConditions {
  bool if_none = false;     // NX
  bool if_any = false;      // XX
  bool if_later = false;    // GT
  bool if_earlier = false;  // LT

  bool any() const { return if_none || if_any || if_later || if_earlier; }
};

std::optional<ExpireConditions> ConditionsOrError(CommandContext& ctx) {
  ExpireConditions conditions;
  for (const std::string_view word : ctx.args.subspan(3)) {
    if (EqualsFolded(word, "nx")) {
      conditions.if_none = true;
    } else if (EqualsFolded(word, "xx")) {
      conditions.if_any = true;
    } else if (EqualsFolded(word, "gt")) {
      conditions.if_later = true;
    } else if (EqualsFolded(word, "lt")) {
      conditions.if_earlier = true;
    } else {
      ctx.Error(fmt::format("ERR Unsupported option {}", UpToNul(word)));
      return std::nullopt;
    }
  }
  if (conditions.if_none && (conditions.if_any || conditions.if_later || conditions.if_earlier)) {
    ctx.Error("ERR NX and XX, GT or LT options at the same time are not compatible");
    return std::nullopt;
  }
  if (conditions.if_later && conditions.if_earlier) {
    ctx.Error("ERR GT and LT options at the same time are not compatible");
    return std::nullopt;
  }
  return conditions;
}

// The moment that args[2] stands for, or answers why there is none. It may be past: negative times are allowed.
std::optional<int64_t> MomentOrError(CommandContext& ctx, TimeUnit unit, TimeOrigin origin) {
  constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
  constexpr int64_t kMin = std::numeric_limits<int64_t>::min();
  const auto number = ParseInt64(ctx.args[2]);
  if (!number) {
    ctx.NotAnInteger();
    return std::nullopt;
  }
  const int64_t scale = unit == TimeUnit::kSeconds ? 1000 : 1;
  const int64_t base = origin == TimeOrigin::kNow ? ctx.now_ms : 0;
  if (*number > kMax / scale || *number < kMin / scale || *number * scale > kMax - base) {
    ctx.Error(fmt::format("ERR invalid expire time in '{}' command", ctx.entry->command->name));
    return std::nullopt;
  }
  return *number * scale + base;
}

// A key without an expiry counts as one that expires after all others.
bool Holds(const ExpireConditions& conditions, Ref ref, int64_t at_ms) {
  if (!ref.has_expiry()) {
    return !conditions.if_any && !conditions.if_later;
  }
  const int64_t old_ms = ref.expire_at_ms();
  return !conditions.if_none && (!conditions.if_later || at_ms > old_ms) && (!conditions.if_earlier || at_ms < old_ms);
}

void ExpireBy(CommandContext& ctx, TimeUnit unit, TimeOrigin origin) {
  const auto conditions = ConditionsOrError(ctx);
  if (!conditions) {
    return;
  }
  const auto at_ms = MomentOrError(ctx, unit, origin);
  if (!at_ms) {
    return;
  }
  Ref ref = WriteKey(ctx, 1);
  if (!ref || !Holds(*conditions, ref, *at_ms)) {
    ctx.reply.Integer(0);
    return;
  }
  if (*at_ms <= ctx.now_ms) {
    ctx.db().EraseLazily(ref, ctx.server.reclaimer());
  } else {
    ctx.db().SetExpiry(ref, *at_ms);
  }
  ctx.NoteChange();
  ctx.reply.Integer(1);
}

void Expire(CommandContext& ctx) { ExpireBy(ctx, TimeUnit::kSeconds, TimeOrigin::kNow); }
void PExpire(CommandContext& ctx) { ExpireBy(ctx, TimeUnit::kMilliseconds, TimeOrigin::kNow); }
void ExpireAt(CommandContext& ctx) { ExpireBy(ctx, TimeUnit::kSeconds, TimeOrigin::kUnixEpoch); }
void PExpireAt(CommandContext& ctx) { ExpireBy(ctx, TimeUnit::kMilliseconds, TimeOrigin::kUnixEpoch); }

void Persist(CommandContext& ctx) {
  Ref ref = WriteKey(ctx, 1);
  const bool persists = ref && ref.has_expiry();
  if (persists) {
    ctx.db().ClearExpiry(ref);
    ctx.NoteChange();
  }
  ctx.reply.Integer(persists ? 1 : 0);
}

// Answers when the key expires, as a time from `origin` on: -1 if it does not, -2 if there is no key. Seconds are
// rounded to the nearest.
void ReplyExpiry(CommandContext& ctx, TimeUnit unit, TimeOrigin origin) {
  const Ref ref = ctx.FindToRead(1);
  if (!ref || !ref.has_expiry()) {
    ctx.reply.Integer(ref ? -1 : -2);
    return;
  }
  const int64_t base = origin == TimeOrigin::kNow ? ctx.now_ms : 0;
  const int64_t time_ms = ref.expire_at_ms() - base;
  const int64_t seconds = time_ms / 1000 + (time_ms % 1000 >= 500 ? 1 : 0);
  ctx.reply.Integer(unit == TimeUnit::kSeconds ? seconds : time_ms);
}

void Ttl(CommandContext& ctx) { ReplyExpiry(ctx, TimeUnit::kSeconds, TimeOrigin::kNow); }
void PTtl(CommandContext& ctx) { ReplyExpiry(ctx, TimeUnit::kMilliseconds, TimeOrigin::kNow); }
void ExpireTime(CommandContext& ctx) { ReplyExpiry(ctx, TimeUnit::kSeconds, TimeOrigin::kUnixEpoch); }
void PExpireTime(CommandContext& ctx) { ReplyExpiry(ctx, TimeUnit::kMilliseconds, TimeOrigin::kUnixEpoch); }

constexpr Command kCommands[] = {
    {.name = "expire",
     .arity = -3,
     .flags = kWrite | kFast,
     .group = CommandGroup::kGeneric,
     .function = Expire,
     .summary = "Lets a key expire in some seconds",
     .since = "1.0.0",
     .complexity = "O(1)",
     .arguments = "key:key seconds:integer [condition@7.0.0(nx=NX|xx=XX|gt=GT|lt=LT)]",
     .history = "7.0.0 NX, XX, GT, LT",
     .keys = kUpdatesKey,
     .acl = kAclKeyspace},
    {.name = "pexpire",
     .arity = -3,
     .flags = kWrite | kFast,
     .group = CommandGroup::kGeneric,
     .function = PExpire,
     .summary = "Lets a key expire in some milliseconds",
     .since = "2.6.0",
     .complexity = "O(1)",
     .arguments = "key:key milliseconds:integer [condition@7.0.0(nx=NX|xx=XX|gt=GT|lt=LT)]",
     .history = "7.0.0 NX, XX, GT, LT",
     .keys = kUpdatesKey,
     .acl = kAclKeyspace},
    {.name = "expireat",
     .arity = -3,
     .flags = kWrite | kFast,
     .group = CommandGroup::kGeneric,
     .function = ExpireAt,
     .summary = "Lets a key expire at a Unix time in seconds",
     .since = "1.2.0",
     .complexity = "O(1)",
     .arguments = "key:key unix-time-seconds:unix-time [condition@7.0.0(nx=NX|xx=XX|gt=GT|lt=LT)]",
     .history = "7.0.0 NX, XX, GT, LT",
     .keys = kUpdatesKey,
     .acl = kAclKeyspace},
    {.name = "pexpireat",
     .arity = -3,
     .flags = kWrite | kFast,
     .group = CommandGroup::kGeneric,
     .function = PExpireAt,
     .summary = "Lets a key expire at a Unix time in milliseconds",
     .since = "2.6.0",
     .complexity = "O(1)",
     .arguments = "key:key unix-time-milliseconds:unix-time [condition@7.0.0(nx=NX|xx=XX|gt=GT|lt=LT)]",
     .history = "7.0.0 NX, XX, GT, LT",
     .keys = kUpdatesKey,
     .acl = kAclKeyspace},
    {.name = "persist",
     .arity = 2,
     .flags = kWrite | kFast,
     .group = CommandGroup::kGeneric,
     .function = Persist,
     .summary = "Lets a key expire no more",
     .since = "2.2.0",
     .complexity = "O(1)",
     .arguments = "key:key",
     .keys = kUpdatesKey,
     .acl = kAclKeyspace},
    {.name = "ttl",
     .arity = 2,
     .flags = kReadonly | kFast,
     .group = CommandGroup::kGeneric,
     .function = Ttl,
     .summary = "Tells in how many seconds a key expires",
     .since = "1.0.0",
     .complexity = "O(1)",
     .arguments = "key:key",
     .history = "2.8.0 -2 for a key that does not exist",
     .keys = kReadsKey,
     .acl = kAclKeyspace,
     .tips = kNondeterministic},
    {.name = "pttl",
     .arity = 2,
     .flags = kReadonly | kFast,
     .group = CommandGroup::kGeneric,
     .function = PTtl,
     .summary = "Tells in how many milliseconds a key expires",
     .since = "2.6.0",
     .complexity = "O(1)",
     .arguments = "key:key",
     .history = "2.8.0 -2 for a key that does not exist",
     .keys = kReadsKey,
     .acl = kAclKeyspace,
     .tips = kNondeterministic},
    {.name = "expiretime",
     .arity = 2,
     .flags = kReadonly | kFast,
     .group = CommandGroup::kGeneric,
     .function = ExpireTime,
     .summary = "Tells the Unix time in seconds at which a key expires",
     .since = "7.0.0",
     .complexity = "O(1)",
     .arguments = "key:key",
     .keys = kReadsKey,
     .acl = kAclKeyspace},
    {.name = "pexpiretime",
     .arity = 2,
     .flags = kReadonly | kFast,
     .group = CommandGroup::kGeneric,
     .function = PExpireTime,
     .summary = "Tells the Unix time in milliseconds at which a key expires",
     .since = "7.0.0",
     .complexity = "O(1)",
     .arguments = "key:key",
     .keys = kReadsKey,
     .acl = kAclKeyspace},
};

}  // namespace

std::span<const Command> ExpireCommands() { return kCommands; }

}  // namespace reprise
