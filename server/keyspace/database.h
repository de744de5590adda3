// Database: one numbered database, that is keys with their values and expiries. Pure: it reads no clock and draws no
// random number; times (Unix, milliseconds) and random numbers are handed in. One thread.
//
// Commands work in two steps: Hash the key once, Find it, then change what the Ref stands for. A Ref, and every view
// got from one, is valid until the next call on this Database that is not const, except that a call which takes a Ref
// by reference leaves that Ref (not the views) valid. Expired keys stay until someone meets them: FindLive, or
// ExpireSome, which the server calls in the background. Memory is counted as it was asked for, so that the same
// operations count the same on every machine.
#ifndef REPRISE_SERVER_KEYSPACE_DATABASE_H_
#define REPRISE_SERVER_KEYSPACE_DATABASE_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include "server/keyspace/blob.h"
#include "server/keyspace/entry.h"
#include "server/keyspace/hash_table.h"
#include "server/keyspace/key_hash.h"
#include "server/keyspace/reclaimer.h"

namespace reprise {

// A key found, or nothing.
class Ref {
 public:
  Ref() = default;
  explicit operator bool() const { return slot_ != nullptr; }

  // All of these REQUIRE a Ref that is not null.
  std::string_view key() const { return Entry(*slot_).key(); }
  ValueType type() const { return Entry(*slot_).type(); }
  bool has_expiry() const { return Entry(*slot_).has_expiry(); }
  // Unix time in milliseconds, kNoExpiry if there is none.
  int64_t expire_at_ms() const { return Entry(*slot_).expire_at_ms(); }
  // REQUIRES: type() == kString.
  std::string_view value() const { return Entry(*slot_).value(); }
  // What Mark has said since the value was last set as a whole. REQUIRES: type() == kString.
  StringMark mark() const { return Entry(*slot_).mark(); }
  // 24 bits for LRU or LFU, 0 in a new entry, kept when the value changes.
  uint32_t access_clock() const { return Entry(*slot_).access_clock(); }
  void set_access_clock(uint32_t clock) const { Entry(*slot_).set_access_clock(clock); }
  // What the key costs, without its share of the table.
  size_t bytes_used() const { return Entry(*slot_).bytes_used(); }

 private:
  friend class Database;
  explicit Ref(TableWord* slot) : slot_(slot) {}

  TableWord* slot_ = nullptr;
};

// Told of every key that FindLive or ExpireSome removes, before it is gone. Must not call the Database.
class ExpiryObserver {
 public:
  virtual ~ExpiryObserver() = default;
  virtual void OnExpired(std::string_view key) = 0;
};

// What a call of ExpireSome did.
struct ExpireStep {
  size_t scanned_buckets = 0;
  size_t removed = 0;
};

class Database {
 public:
  // `observer` (may be null) is borrowed, and must outlive the Database.
  explicit Database(uint64_t hash_seed, ExpiryObserver* observer = nullptr)
      : hash_seed_(hash_seed), observer_(observer) {}
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // ---- Finding ----

  // The hash that all calls below take beside the key. Follows from the seed alone.
  uint64_t Hash(std::string_view key) const { return HashKey(key, hash_seed_); }

  // Hints for a batch of keys: first all their buckets, then all their entries, then the lookups. No effect otherwise.
  void PrefetchBucket(uint64_t hash) const { table_.PrefetchBucket(hash); }
  void PrefetchEntry(uint64_t hash) const { table_.PrefetchEntries(hash); }

  // The key's entry, expired or not.
  Ref Find(std::string_view key, uint64_t hash) const {
    return Ref(table_.Find(hash, [key](TableWord word) { return Entry(word).HasKey(key); }));
  }

  // True if the entry has an expiry before `now_ms`: a key still lives in the millisecond that it expires at.
  static bool IsExpired(Ref ref, int64_t now_ms) { return ref.has_expiry() && now_ms > ref.expire_at_ms(); }

  // The key's entry, or null. An expired one is removed (and the observer told).
  Ref FindLive(std::string_view key, uint64_t hash, int64_t now_ms) {
    const Ref ref = Find(key, hash);
    if (ref && IsExpired(ref, now_ms)) [[unlikely]] {
      Expire(ref);
      return Ref();
    }
    return ref;
  }

  // ---- Changing ----
  // Values longer than 4 KiB that come as a Blob keep its block and are not copied; the Blob is empty afterwards.
  // REQUIRES throughout: views passed in are no part of the entry that is changed.

  // Adds a string. REQUIRES: the key is absent (FindLive it first).
  Ref Insert(std::string_view key, uint64_t hash, std::string_view value, int64_t expire_at_ms = kNoExpiry);
  Ref Insert(std::string_view key, uint64_t hash, Blob&& value, int64_t expire_at_ms = kNoExpiry);

  // Makes the value a new string, keeping key and expiry, as INCR does.
  void Assign(Ref& ref, std::string_view value) { Replace(ref, value, ref.expire_at_ms()); }
  void Assign(Ref& ref, Blob&& value) { Replace(ref, std::move(value), ref.expire_at_ms()); }

  // Makes the value a new string and sets or removes the expiry, as SET does.
  void Replace(Ref& ref, std::string_view value, int64_t expire_at_ms = kNoExpiry);
  void Replace(Ref& ref, Blob&& value, int64_t expire_at_ms = kNoExpiry);

  // Makes the string's size `new_size`, keeping a prefix, new bytes zero, and returns its bytes for writing; they are
  // valid until the next change. Growing a large value by small steps costs time linear in its final size.
  // REQUIRES: a string.
  char* MutableValue(Ref& ref, size_t new_size);

  // Says how the value came about. Holds until the next Assign or Replace. REQUIRES: a string.
  void Mark(Ref& ref, StringMark mark);

  // `at_ms` is Unix time, any value but kNoExpiry.
  void SetExpiry(Ref& ref, int64_t at_ms);
  void ClearExpiry(Ref& ref);

  void Erase(Ref ref);
  // The same; a large value goes to `reclaimer` instead of being freed here.
  void EraseLazily(Ref ref, Reclaimer& reclaimer);

  // Gives the entry another key; value (not copied if large), expiry and clock stay. REQUIRES: `new_key` is absent and
  // no view of this entry.
  Ref Rename(Ref ref, std::string_view new_key, uint64_t new_hash);

  // Moves the entry to another database without copying it. REQUIRES: `to` is another database, without the key;
  // `hash_there` is to.Hash(key).
  Ref MoveTo(Ref ref, Database& to, uint64_t hash_there);

  // Removes all keys in constant time; `reclaimer` frees them. The observer is not told.
  void Clear(Reclaimer& reclaimer);

  // Exchanges the contents, as SWAPDB does: keys, seeds, expiry walk; not the observers.
  void SwapWith(Database& other) noexcept;

  // ---- Walking ----

  // Visits one bucket, `visit(Ref)`, and returns the next cursor, 0 at the end. See HashTable::Scan for the guarantee.
  // Expired keys are visited too. The visitor must not change the Database.
  template <typename Visit>
  uint64_t Scan(uint64_t cursor, Visit&& visit) const {
    return table_.Scan(cursor, [&](TableWord* slot) { visit(Ref(slot)); });
  }

  // Visits every entry, in the order of Scan. The visitor must not change the Database.
  template <typename Visit>
  void ForEach(Visit&& visit) const {
    uint64_t cursor = 0;
    do {
      cursor = Scan(cursor, visit);
    } while (cursor != 0);
  }

  // An entry, expired or not, chosen by `random`; null when empty. See HashTable::RandomSlot.
  Ref RandomEntry(uint64_t random) const { return Ref(table_.RandomSlot(random)); }

  // Goes on with a walk of its own through the table and removes expired keys. Looks at `max_buckets` buckets at most
  // (about 5 keys each; only those with an expiry cost more than a glance) and at no more than there are; none when no
  // key has an expiry. Repeated calls reach every key that stays.
  ExpireStep ExpireSome(int64_t now_ms, size_t max_buckets);

  // ---- Counting ----

  size_t size() const { return table_.size(); }
  size_t bucket_count() const { return table_.bucket_count(); }
  // Keys with an expiry.
  size_t expiring_count() const { return expiring_count_; }
  // Bytes asked of the allocator, for entries and table.
  size_t bytes_used() const { return entry_bytes_ + table_.bytes_used(); }

  // Walks everything and CHECKs that tables and counts agree. For tests.
  void CheckInvariants() const;

 private:
  HashTable::Hasher Hasher() const;
  Ref Add(uint64_t hash, TableWord word);
  TableWord TakeOut(Ref ref);
  void Expire(Ref ref);
  size_t ExpireBucket(size_t index, int64_t now_ms);
  void Count(TableWord word);
  void Uncount(TableWord word);
  template <typename Change>
  void Update(Ref& ref, Change&& change);

  HashTable table_;
  uint64_t hash_seed_;
  size_t entry_bytes_ = 0;
  size_t expiring_count_ = 0;
  size_t expire_bucket_ = 0;  // where ExpireSome goes on
  ExpiryObserver* observer_;
};

}  // namespace reprise

#endif  // REPRISE_SERVER_KEYSPACE_DATABASE_H_
