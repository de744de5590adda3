#include "server/keyspace/hash_table.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <vector>

namespace reprise {
namespace {

// The table never looks behind a word, so the tests' entries are numbers dressed up as addresses.
TableWord WordOf(uint64_t id) { return (id + 1) << 3; }
uint64_t IdOf(TableWord word) { return ((word & kTableWordAddressMask) >> 3) - 1; }

uint64_t GoodHash(uint64_t id) {
  id = (id + 1) * 0x9e37'79b9'7f4a'7c15;
  id = (id ^ id >> 32) * 0xd6e8'feb8'6659'fd93;
  return id ^ id >> 32;
}
uint64_t HashOfWord(TableWord word, uint64_t mask) { return GoodHash(IdOf(word)) & mask; }

constexpr uint64_t kAllBits = ~uint64_t{0};

// A table whose hashes are cut down to `mask`, so that a mask with few bits makes everything collide.
class Table {
 public:
  explicit Table(uint64_t mask = kAllBits) : mask_(mask) {}
  void Insert(uint64_t id) { table.Insert(GoodHash(id) & mask_, WordOf(id), hasher()); }
  bool Has(uint64_t id) const { return SlotOf(id) != nullptr; }
  void Erase(uint64_t id) { table.Erase(SlotOf(id), GoodHash(id) & mask_); }
  void Check() const { table.CheckInvariants(hasher()); }
  TableWord* SlotOf(uint64_t id) const {
    return table.Find(GoodHash(id) & mask_, [id](TableWord word) { return IdOf(word) == id; });
  }
  HashTable::Hasher hasher() const { return {HashOfWord, mask_}; }
  uint64_t hash_of(uint64_t id) const { return GoodHash(id) & mask_; }

  HashTable table;

 private:
  uint64_t mask_;
};

TEST(HashTableTest, AnUnusedOrEmptiedTableOwnsNothing) {
  Table t;
  EXPECT_EQ(t.table.bytes_used(), 0U);
  for (uint64_t id = 0; id < 10'000; ++id) {
    t.Insert(id);
  }
  for (uint64_t id = 0; id < 10'000; ++id) {
    t.Erase(id);
  }
  EXPECT_EQ(t.table.bytes_used(), 0U);
  EXPECT_EQ(t.table.bucket_count(), 0U);
  t.Check();
}

TEST(HashTableTest, ASmallTableIsSmall) {
  Table t;
  for (uint64_t id = 0; id < 8; ++id) {
    t.Insert(id);
  }
  EXPECT_EQ(t.table.bytes_used(), 64U + sizeof(void*));
}

TEST(HashTableTest, AnOverflowNodeCountsUntilItIsFreed) {
  Table t(0);  // all are in one bucket
  for (uint64_t id = 0; id < 9; ++id) {
    t.Insert(id);
  }
  constexpr size_t kTwoBucketsBytes = 2 * HashTable::kBucketWords * sizeof(TableWord) + sizeof(void*);
  EXPECT_EQ(t.table.bytes_used(), kTwoBucketsBytes + HashTable::kNodeWords * sizeof(TableWord));
  t.Erase(0);
  EXPECT_EQ(t.table.bytes_used(), kTwoBucketsBytes);
}

TEST(HashTableTest, WhatIsInsertedIsFoundUntilItIsErased) {
  for (uint64_t mask : {kAllBits, uint64_t{0}, uint64_t{3}, kAllBits << 32}) {
    Table t(mask);
    const uint64_t count = mask == kAllBits ? 20'000 : 300;
    for (uint64_t id = 0; id < count; ++id) {
      EXPECT_FALSE(t.Has(id));
      t.Insert(id);
    }
    t.Check();
    EXPECT_EQ(t.table.size(), count);
    for (uint64_t id = 0; id < count; ++id) {
      EXPECT_TRUE(t.Has(id));
    }
    for (uint64_t id = 0; id < count; id += 2) {
      t.Erase(id);
    }
    t.Check();
    for (uint64_t id = 0; id < count; ++id) {
      EXPECT_EQ(t.Has(id), id % 2 == 1);
    }
  }
}

TEST(HashTableTest, AnOperationAddsOrDropsOneBucketAtMost) {
  Table t;
  size_t before = 0;
  const auto expect_one_step = [&] {
    const size_t now = t.table.bucket_count();
    EXPECT_LE(now > before ? now - before : before - now, 1U);
    before = now;
  };
  for (uint64_t id = 0; id < 20'000; ++id) {
    t.Insert(id);
    expect_one_step();
  }
  for (uint64_t id = 0; id < 20'000; ++id) {
    t.Erase(id);
    expect_one_step();
  }
}

TEST(HashTableTest, BytesPerKeyDoNotDependOnPowersOfTwo) {
  Table t;
  for (uint64_t id = 0; id < 300'000; ++id) {
    t.Insert(id);
    if (id > 30'000 && id % 1000 == 0) {
      // A segment is counted whole when its first bucket is used.
      EXPECT_LT((t.table.bytes_used() - 64 * 1024) * 10, (id + 1) * 124) << id;
    }
  }
}

TEST(HashTableTest, ATenthMoreOrFewerChangesNoBucket) {
  Table t;
  for (uint64_t id = 0; id < 10'000; ++id) {
    t.Insert(id);
  }
  const size_t full = t.table.bucket_count();
  for (uint64_t id = 0; id < 1000; ++id) {
    t.Erase(id);
  }
  EXPECT_EQ(t.table.bucket_count(), full);
}

TEST(HashTableTest, NoSizeMakesItAddAndDropInTurn) {
  for (uint64_t base = 0; base < 300; ++base) {
    Table t;
    for (uint64_t id = 0; id < base; ++id) {
      t.Insert(id);
    }
    std::set<size_t> counts;
    for (int i = 0; i < 10; ++i) {
      t.Insert(base);
      counts.insert(t.table.bucket_count());
      t.Erase(base);
      if (i > 0 && base > 0) {
        counts.insert(t.table.bucket_count());
      }
    }
    EXPECT_LE(counts.size(), base > 0 ? 2U : 1U) << base;
    if (base > 20) {
      // The first insertion may have been the one that added; after that nothing changes.
      const size_t settled = t.table.bucket_count();
      t.Insert(base);
      EXPECT_EQ(t.table.bucket_count(), settled);
    }
  }
}

TEST(HashTableTest, AScanOfAStillTableVisitsEachEntryOnce) {
  for (uint64_t count : std::vector<uint64_t>{0, 1, 8, 9, 100, 5000, 7777}) {
    Table t;
    for (uint64_t id = 0; id < count; ++id) {
      t.Insert(id);
    }
    std::multiset<uint64_t> seen;
    uint64_t cursor = 0;
    size_t calls = 0;
    do {
      cursor = t.table.Scan(cursor, [&](TableWord* slot) { seen.insert(IdOf(*slot)); });
      ASSERT_LE(++calls, t.table.bucket_count() + 1);
    } while (cursor != 0);
    EXPECT_EQ(seen.size(), count);
    EXPECT_EQ(std::set<uint64_t>(seen.begin(), seen.end()).size(), count);
    EXPECT_EQ(calls, std::max<size_t>(1, t.table.bucket_count()));
  }
}

TEST(HashTableTest, AnyCursorIsHarmless) {
  Table t;
  for (uint64_t id = 0; id < 1000; ++id) {
    t.Insert(id);
  }
  for (uint64_t i = 0; i < 10'000; ++i) {
    size_t calls = 0;
    for (uint64_t cursor = GoodHash(i); cursor != 0; cursor = t.table.Scan(cursor, [](TableWord*) {})) {
      ASSERT_LE(++calls, t.table.bucket_count());
    }
  }
}

TEST(HashTableTest, RandomSlotsFollowFromTheNumberAndAreEven) {
  Table t;
  for (uint64_t id = 0; id < 100; ++id) {
    t.Insert(id);
  }
  std::map<uint64_t, int> hits;
  for (uint64_t i = 0; i < 100'000; ++i) {
    const uint64_t id = IdOf(*t.table.RandomSlot(GoodHash(i)));
    EXPECT_EQ(IdOf(*t.table.RandomSlot(GoodHash(i))), id);
    ++hits[id];
  }
  EXPECT_EQ(hits.size(), 100U);
  for (const auto& [id, times] : hits) {
    EXPECT_GT(times, 800) << id;
    EXPECT_LT(times, 1200) << id;
  }
}

TEST(HashTableTest, ARandomSlotIsFoundInTheWorstOfTables) {
  EXPECT_EQ(HashTable().RandomSlot(1), nullptr);
  Table t(0);
  for (uint64_t id = 0; id < 2000; ++id) {
    t.Insert(id);
  }
  // All are in one bucket of several hundred.
  EXPECT_GT(t.table.bucket_count(), 300U);
  for (uint64_t i = 0; i < 100; ++i) {
    EXPECT_NE(t.table.RandomSlot(i), nullptr);
  }
}

TEST(HashTableTest, DismantlingReleasesEachWordOnceInBoundedPieces) {
  for (uint64_t mask : {kAllBits, kAllBits << 40}) {
    Table t(mask);
    for (uint64_t id = 0; id < 6000; ++id) {
      t.Insert(id);
    }
    std::set<uint64_t> released;
    while (t.table.size() > 0) {
      const size_t before = t.table.size();
      const size_t count =
          t.table.Dismantle(10, [&](TableWord word) { EXPECT_TRUE(released.insert(IdOf(word)).second); });
      EXPECT_EQ(before - t.table.size(), count);
      if (mask == kAllBits) {
        EXPECT_LE(count, 10U + 40U);
      }
    }
    EXPECT_EQ(released.size(), 6000U);
  }
}

TEST(HashTableTest, MovingHandsOnEverything) {
  Table t;
  for (uint64_t id = 0; id < 100; ++id) {
    t.Insert(id);
  }
  HashTable taken(std::move(t.table));
  EXPECT_EQ(taken.size(), 100U);
  EXPECT_EQ(t.table.size(), 0U);  // NOLINT(bugprone-use-after-move): that it is empty is the claim
  EXPECT_EQ(t.table.bytes_used(), 0U);
  taken.CheckInvariants(t.hasher());
  t.Insert(5);
  t.Check();
}

TEST(HashTableTest, PrefetchingIsHarmlessOnAnyTable) {
  Table t(0x7);
  for (uint64_t id = 0; id < 100; ++id) {
    t.table.PrefetchBucket(t.hash_of(id));
    t.table.PrefetchEntries(t.hash_of(id));
    t.Insert(id);
  }
  t.Check();
}

}  // namespace
}  // namespace reprise
