// How commands reach keys: lookups that also note the access, walks over many keys, and storing an argument.
//
// An entry's access clock is kept as Redis keeps its LRU clock: seconds of Unix time, modulo 2^24. Commands that only
// ask about a key (TTL, TYPE, EXISTS, OBJECT) use CommandContext::FindToRead, which leaves it alone.
#ifndef REPRISE_SERVER_COMMANDS_KEY_ACCESS_H_
#define REPRISE_SERVER_COMMANDS_KEY_ACCESS_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "server/commands/command_context.h"
#include "server/keyspace/database.h"

namespace reprise {

inline constexpr uint32_t kAccessClockMask = (1U << 24) - 1;

inline uint32_t AccessClock(int64_t now_ms) { return static_cast<uint32_t>(now_ms / 1000) & kAccessClockMask; }

// REQUIRES: `ref` is not null.
inline void NoteAccess(Ref ref, int64_t now_ms) {
  const uint32_t clock = AccessClock(now_ms);
  if (ref.access_clock() != clock) {
    ref.set_access_clock(clock);
  }
}

// Since the latest access, REQUIRES: `ref` is not null.
inline uint32_t IdleSeconds(Ref ref, int64_t now_ms) {
  return (AccessClock(now_ms) - ref.access_clock()) & kAccessClockMask;
}

// Finds the key args[index], whose hash is `hash`, to read its value: counts a hit or a miss.
inline Ref ReadKey(CommandContext& ctx, size_t index, uint64_t hash) {
  const Ref ref = ctx.db().FindLive(ctx.args[index], hash, ctx.now_ms);
  if (!ref) {
    ++ctx.server.stats().keyspace_misses;
    return ref;
  }
  ++ctx.server.stats().keyspace_hits;
  NoteAccess(ref, ctx.now_ms);
  return ref;
}
inline Ref ReadKey(CommandContext& ctx, size_t index) { return ReadKey(ctx, index, ctx.HashOf(index)); }

// Finds it to change it.
inline Ref WriteKey(CommandContext& ctx, size_t index, uint64_t hash) {
  const Ref ref = ctx.db().FindLive(ctx.args[index], hash, ctx.now_ms);
  if (ref) {
    NoteAccess(ref, ctx.now_ms);
  }
  return ref;
}
inline Ref WriteKey(CommandContext& ctx, size_t index) { return WriteKey(ctx, index, ctx.HashOf(index)); }

// Makes args[value_index] the string value of the key args[key_index], which `ref` has found or, null, has not. A large
// argument that came in a block of its own is not copied. Notes access and change. `ref` becomes the entry.
void StoreArgument(CommandContext& ctx, Ref& ref, size_t key_index, uint64_t hash, size_t value_index,
                   int64_t expire_at_ms = kNoExpiry);

// Calls visit(index, hash) for every `step`th argument, from the first behind the command's name on. Keys are hashed
// and fetched into the cache a group at a time. The visitor may change the database.
template <typename Visit>
void ForEachKey(CommandContext& ctx, size_t step, Visit&& visit) {
  constexpr size_t kGroupKeys = 16;
  std::array<uint64_t, kGroupKeys> hashes;
  const Database& db = ctx.db();
  for (size_t begin = 1; begin < ctx.args.size(); begin += kGroupKeys * step) {
    const size_t count = std::min(kGroupKeys, (ctx.args.size() - begin + step - 1) / step);
    for (size_t i = 0; i < count; ++i) {
      hashes[i] = ctx.HashOf(begin + i * step);
      db.PrefetchBucket(hashes[i]);
    }
    for (size_t i = 0; i < count; ++i) {
      db.PrefetchEntry(hashes[i]);
    }
    for (size_t i = 0; i < count; ++i) {
      visit(begin + i * step, hashes[i]);
    }
  }
}

}  // namespace reprise

#endif  // REPRISE_SERVER_COMMANDS_KEY_ACCESS_H_
