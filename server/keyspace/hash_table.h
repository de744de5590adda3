// HashTable: linear hashing of TableWords. It grows and shrinks by one bucket at a time, so no operation waits for a
// rehash, and memory per key is the same at every size.
//
// A bucket is one cache line of 8 words. When it is full, its last word becomes a link to an overflow node of 4 words,
// which may link on. With n buckets and 2^L the largest power of two up to n, a hash chooses bucket (hash mod 2^(L+1))
// if there is one, else (hash mod 2^L); adding bucket n takes entries from bucket n - 2^L alone. An insertion that
// would exceed 6 entries per bucket adds one, an erasure that leaves less than 5 drops one. While growing that makes
// 12 to 12.3 bytes per key with overflow nodes, whatever the number of keys, and at most 14 of 100 keys lie in a node.
//
// The table owns buckets and nodes, not the entries: it never reads or frees what a word points to, except through the
// hash function it is handed, which a growing table needs. An empty table that was never used owns nothing.
// Keys that all collide make one long chain: slow, and correct.
#ifndef REPRISE_SERVER_KEYSPACE_HASH_TABLE_H_
#define REPRISE_SERVER_KEYSPACE_HASH_TABLE_H_

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "server/keyspace/table_word.h"

namespace reprise {

class HashTable {
 public:
  static constexpr size_t kBucketWords = 8;
  static constexpr size_t kNodeWords = 4;
  static constexpr size_t kSegmentBuckets = 1024;

  // Gives the hash of an entry that is in the table: the very one it was inserted with.
  struct Hasher {
    uint64_t (*hash_of)(TableWord word, uint64_t context);
    uint64_t context;
    uint64_t operator()(TableWord word) const { return hash_of(word, context); }
  };

  HashTable() = default;
  HashTable(HashTable&& other) noexcept { Swap(other); }
  HashTable& operator=(HashTable&& other) noexcept {
    HashTable taken(std::move(other));
    Swap(taken);
    return *this;
  }
  HashTable(const HashTable&) = delete;
  HashTable& operator=(const HashTable&) = delete;
  // Frees buckets and nodes; the entries are the owner's.
  ~HashTable();

  size_t size() const { return size_; }
  size_t bucket_count() const { return bucket_count_; }
  // Bytes asked of the allocator.
  size_t bytes_used() const;

  // The slot whose fingerprint fits `hash` and for which `matches(word)` is true; null if none. A slot may be assigned
  // a word with the same fingerprint. Slots are valid until the next Insert, Erase or Dismantle.
  template <typename Matches>
  TableWord* Find(uint64_t hash, Matches&& matches) const;

  // Adds `word`, whose fingerprint bits are overwritten by those of `hash`, and returns its slot. `hasher` is asked
  // about the entries of one bucket at most. REQUIRES: no equal key is in the table, which it does not check.
  TableWord* Insert(uint64_t hash, TableWord word, Hasher hasher);

  // Takes the word out. REQUIRES: `slot` is a valid slot of the bucket of `hash`.
  void Erase(TableWord* slot, uint64_t hash);

  // Visits all slots of one bucket, `visit(TableWord* slot)`, and returns the cursor for the next call, 0 at the end.
  // Start with 0. What is in the table from the first call to the last is visited at least once, however much the table
  // grows and shrinks in between; any cursor is harmless. The visitor may assign to the slot what Find allows.
  template <typename Visit>
  uint64_t Scan(uint64_t cursor, Visit&& visit) const;

  // Visits the slots of bucket `index`. REQUIRES: index < bucket_count().
  template <typename Visit>
  void VisitBucket(size_t index, Visit&& visit) const;

  // A slot that follows from `random` and the table's contents and history alone; null when empty. Each entry of a
  // bucket with at most 16 entries is as likely as any other.
  TableWord* RandomSlot(uint64_t random) const;

  // Bring the bucket's line of `hash` towards the cache; and, once that has arrived, the entries whose fingerprints
  // fit. Hints without an effect.
  void PrefetchBucket(uint64_t hash) const;
  void PrefetchEntries(uint64_t hash) const;

  // Takes words out, bucket by bucket from the end, passing each to `release(word)`, until `max_words` are out or the
  // table is empty; the last bucket is finished. Returns how many. Afterwards only Dismantle, size() and destruction
  // are allowed until the table is empty.
  template <typename Release>
  size_t Dismantle(size_t max_words, Release&& release);

  // Walks the whole table and CHECKs that each word is where it belongs. For tests.
  void CheckInvariants(Hasher hasher) const;

 private:
  struct alignas(64) Bucket {
    TableWord words[kBucketWords];
  };

  // Where the next word of a chain goes.
  struct ChainEnd {
    TableWord* words;
    size_t used;
    size_t width;
  };

  static TableWord* LinkTarget(TableWord link) { return static_cast<TableWord*>(TableWordAddress(link)); }
  static unsigned MatchMask(const TableWord* words, TableWord fingerprint);
  static uint64_t NextCursor(uint64_t cursor, uint64_t class_mask);

  Bucket& BucketAt(size_t index) const { return segments_[index / kSegmentBuckets][index % kSegmentBuckets]; }
  size_t BucketIndex(uint64_t hash) const {
    const uint64_t wide = hash & (low_mask_ * 2 + 1);
    return wide < bucket_count_ ? wide : hash & low_mask_;
  }
  // The low bits of the hash that all entries of the bucket have in common.
  uint64_t ClassMask(size_t index) const {
    return (index & low_mask_) < bucket_count_ - (low_mask_ + 1) ? low_mask_ * 2 + 1 : low_mask_;
  }

  template <typename Visit>
  static void VisitChain(Bucket& bucket, Visit&& visit);
  template <typename Take>
  void ConsumeChain(Bucket& bucket, Take&& take);
  // Fetches all entries of a bucket at once, where they will be read one after the other.
  static void PrefetchChain(Bucket& bucket) {
    VisitChain(bucket, [](TableWord* slot) { PrefetchLine(TableWordAddress(*slot)); });
  }

  ChainEnd EndOf(Bucket& bucket) const;
  TableWord* Append(ChainEnd& end, TableWord word);
  TableWord* NewNode();
  void FreeNode(TableWord* node);
  void Split(Hasher hasher);
  void MergeLast();
  void AddBucket();
  void DropBucket();
  void ResizeFirstSegment(size_t buckets);
  void SetBucketCount(size_t count);
  void Swap(HashTable& other) noexcept;

  std::vector<Bucket*> segments_;
  size_t size_ = 0;
  size_t bucket_count_ = 0;
  uint64_t low_mask_ = 0;             // 2^L - 1, where 2^L is the largest power of two up to bucket_count_
  size_t first_segment_buckets_ = 0;  // the first segment grows by doubling, so that a small table is small
  size_t node_count_ = 0;
};

// All eight are compared without a branch: which slot it will be cannot be predicted. From the last to the first, so
// that each adds its bit at the low end of the mask, which is one instruction.
inline unsigned HashTable::MatchMask(const TableWord* words, TableWord fingerprint) {
  unsigned mask = 0;
  for (size_t i = kBucketWords; i-- > 0;) {
    mask = mask * 2 + (((words[i] ^ fingerprint) & kTableWordFingerprintMask) == 0 ? 1 : 0);
  }
  return mask;
}

template <typename Matches>
TableWord* HashTable::Find(uint64_t hash, Matches&& matches) const {
  if (bucket_count_ == 0) {
    return nullptr;
  }
  const TableWord fingerprint = TableWordFingerprint(hash);
  TableWord* words = BucketAt(BucketIndex(hash)).words;
  for (unsigned mask = MatchMask(words, fingerprint); mask != 0; mask &= mask - 1) {
    TableWord* slot = words + std::countr_zero(mask);
    if (*slot != 0 && !IsTableLink(*slot) && matches(*slot)) {
      return slot;
    }
  }
  for (TableWord link = words[kBucketWords - 1]; IsTableLink(link); link = words[kNodeWords - 1]) {
    words = LinkTarget(link);
    for (size_t i = 0; i < kNodeWords; ++i) {
      const TableWord word = words[i];
      if (((word ^ fingerprint) & kTableWordFingerprintMask) == 0 && word != 0 && !IsTableLink(word) && matches(word)) {
        return words + i;
      }
    }
  }
  return nullptr;
}

template <typename Visit>
void HashTable::VisitChain(Bucket& bucket, Visit&& visit) {
  TableWord* words = bucket.words;
  size_t width = kBucketWords;
  for (size_t i = 0; i < width && words[i] != 0; ++i) {
    if (IsTableLink(words[i])) {
      words = LinkTarget(words[i]);
      width = kNodeWords;
      i = 0;
    }
    visit(words + i);
  }
}

// Empties the chain, freeing its nodes, and passes each of its words to `take`.
template <typename Take>
void HashTable::ConsumeChain(Bucket& bucket, Take&& take) {
  const Bucket head = std::exchange(bucket, Bucket{});
  TableWord words[kBucketWords];
  size_t width = kBucketWords;
  std::copy_n(head.words, width, words);
  for (size_t i = 0; i < width && words[i] != 0; ++i) {
    if (IsTableLink(words[i])) {
      TableWord* node = LinkTarget(words[i]);
      width = kNodeWords;
      std::copy_n(node, width, words);
      FreeNode(node);
      i = 0;
    }
    take(words[i]);
  }
}

template <typename Visit>
void HashTable::VisitBucket(size_t index, Visit&& visit) const {
  CHECK(index < bucket_count_);
  VisitChain(BucketAt(index), visit);
}

template <typename Visit>
uint64_t HashTable::Scan(uint64_t cursor, Visit&& visit) const {
  if (bucket_count_ == 0) {
    return 0;
  }
  const size_t index = BucketIndex(cursor);
  const uint64_t next = NextCursor(cursor, ClassMask(index));
  PrefetchBucket(next);  // a scan goes on there, soon or after this visit
  PrefetchChain(BucketAt(index));
  VisitChain(BucketAt(index), visit);
  return next;
}

inline void HashTable::PrefetchBucket(uint64_t hash) const {
  if (bucket_count_ != 0) {
    PrefetchLine(&BucketAt(BucketIndex(hash)));
  }
}

inline void HashTable::PrefetchEntries(uint64_t hash) const {
  if (bucket_count_ == 0) {
    return;
  }
  const TableWord* words = BucketAt(BucketIndex(hash)).words;
  unsigned mask = MatchMask(words, TableWordFingerprint(hash));
  // No entry fits, so if there is more of the chain, that is what the lookup will read next.
  if (mask == 0 && IsTableLink(words[kBucketWords - 1])) {
    mask = 1U << (kBucketWords - 1);
  }
  for (; mask != 0; mask &= mask - 1) {
    PrefetchLine(TableWordAddress(words[std::countr_zero(mask)]));
  }
}

template <typename Release>
size_t HashTable::Dismantle(size_t max_words, Release&& release) {
  size_t released = 0;
  while (bucket_count_ > 0 && released < max_words) {
    Bucket& last = BucketAt(bucket_count_ - 1);
    PrefetchChain(last);
    ConsumeChain(last, [&](TableWord word) {
      --size_;
      ++released;
      release(word);
    });
    DropBucket();
  }
  return released;
}

}  // namespace reprise

#endif  // REPRISE_SERVER_KEYSPACE_HASH_TABLE_H_
