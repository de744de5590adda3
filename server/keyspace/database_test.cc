#include "server/keyspace/database.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>
#include <vector>

namespace reprise {
namespace {

class Observer : public ExpiryObserver {
 public:
  void OnExpired(std::string_view key) override { keys.emplace_back(key); }
  std::vector<std::string> keys;
};

Ref Put(Database& db, std::string_view key, std::string_view value, int64_t expire_at_ms = kNoExpiry) {
  return db.Insert(key, db.Hash(key), value, expire_at_ms);
}
Ref Get(const Database& db, std::string_view key) { return db.Find(key, db.Hash(key)); }

std::string Numbered(size_t i) { return "key" + std::to_string(i); }

TEST(DatabaseTest, TheHashIsTheSameEverywhere) {
  // Known values of XXH3 with 64 bits: another implementation would change every order that clients see.
  EXPECT_EQ(Database(0).Hash(""), 0x2d06800538d394c2U);
  EXPECT_NE(Database(1).Hash("a"), Database(2).Hash("a"));
  EXPECT_EQ(Database(7).Hash("a"), Database(7).Hash("a"));
}

TEST(DatabaseTest, AnEmptyDatabaseOwnsNothing) {
  Database db(1);
  EXPECT_EQ(db.bytes_used(), 0U);
  EXPECT_FALSE(Get(db, "a"));
  EXPECT_FALSE(db.RandomEntry(5));
  EXPECT_EQ(db.Scan(77, [](Ref) { FAIL(); }), 0U);
  EXPECT_EQ(db.ExpireSome(5, 100).scanned_buckets, 0U);
}

TEST(DatabaseTest, AKeyLivesInTheMillisecondItExpiresAt) {
  Observer observer;
  Database db(1, &observer);
  Put(db, "a", "1", 1000);
  EXPECT_TRUE(db.FindLive("a", db.Hash("a"), 1000));
  EXPECT_TRUE(observer.keys.empty());
  EXPECT_FALSE(db.FindLive("a", db.Hash("a"), 1001));
  EXPECT_EQ(observer.keys, std::vector<std::string>{"a"});
  EXPECT_FALSE(Get(db, "a"));
  EXPECT_EQ(db.bytes_used(), 0U);
}

TEST(DatabaseTest, FindDoesNotJudge) {
  Database db(1);
  Put(db, "a", "1", -1000);
  EXPECT_TRUE(Get(db, "a"));
  EXPECT_TRUE(Database::IsExpired(Get(db, "a"), 0));
  EXPECT_EQ(db.size(), 1U);
}

TEST(DatabaseTest, AssignKeepsTheExpiryAndReplaceDropsIt) {
  Database db(1);
  Ref ref = Put(db, "a", "1", 1000);
  ref.set_access_clock(9);
  db.Assign(ref, "two");
  EXPECT_EQ(ref.value(), "two");
  EXPECT_EQ(ref.expire_at_ms(), 1000);
  db.Assign(ref, Blob(std::string(9000, 'x')));
  EXPECT_EQ(ref.expire_at_ms(), 1000);
  EXPECT_EQ(db.expiring_count(), 1U);
  db.Replace(ref, "three");
  EXPECT_EQ(ref.value(), "three");
  EXPECT_FALSE(ref.has_expiry());
  EXPECT_EQ(ref.access_clock(), 9U);
  EXPECT_EQ(db.expiring_count(), 0U);
  db.Replace(ref, "four", 5);
  EXPECT_EQ(db.expiring_count(), 1U);
  db.CheckInvariants();
}

TEST(DatabaseTest, AMarkHoldsUntilTheNextWholeValue) {
  Database db(1);
  Ref ref = Put(db, "a", "1");
  EXPECT_EQ(ref.mark(), StringMark::kNone);
  db.MutableValue(ref, 2)[1] = '2';
  db.Mark(ref, StringMark::kEdited);
  db.SetExpiry(ref, 99);
  EXPECT_EQ(Get(db, "a").value(), "12");
  EXPECT_EQ(Get(db, "a").mark(), StringMark::kEdited);
  db.Assign(ref, "12");
  EXPECT_EQ(ref.mark(), StringMark::kNone);
  EXPECT_EQ(ref.expire_at_ms(), 99);
}

TEST(DatabaseTest, ALargeValueIsNeverCopied) {
  Database db(1);
  Database other(2);
  Reclaimer reclaimer;
  Blob blob(std::string(1'000'000, 'x'));
  const char* bytes = blob.data();
  Ref ref = db.Insert("a", db.Hash("a"), std::move(blob));
  db.SetExpiry(ref, 5);
  ref = db.Rename(ref, "another name", db.Hash("another name"));
  EXPECT_FALSE(Get(db, "a"));
  EXPECT_EQ(ref.value().data(), bytes);
  ref = db.MoveTo(ref, other, other.Hash("another name"));
  EXPECT_EQ(db.size(), 0U);
  EXPECT_EQ(db.bytes_used() + db.expiring_count(), 0U);
  EXPECT_EQ(Get(other, "another name").value().data(), bytes);
  EXPECT_EQ(other.expiring_count(), 1U);
  other.EraseLazily(ref, reclaimer);
  EXPECT_EQ(other.bytes_used(), 0U);
  EXPECT_EQ(reclaimer.bytes_pending(), 1'000'016U);
}

TEST(DatabaseTest, SmallValuesAreErasedAtOnce) {
  Database db(1);
  Reclaimer reclaimer;
  db.EraseLazily(Put(db, "a", std::string(5000, 'x')), reclaimer);
  EXPECT_TRUE(reclaimer.empty());
  EXPECT_EQ(db.bytes_used(), 0U);
}

TEST(DatabaseTest, AppendingByteByByteIsLinear) {
  Database db(1);
  Ref ref = Put(db, "a", "");
  size_t moves = 0;
  const char* at = nullptr;
  for (size_t size = 1; size <= 300'000; ++size) {
    char* bytes = db.MutableValue(ref, size);
    bytes[size - 1] = static_cast<char>('a' + size % 26);
    if (size > kInlineMaxBytes + 1) {
      moves += bytes != at ? size_t{1} : 0;
    }
    at = bytes;
  }
  EXPECT_LE(moves, 7U);
  for (size_t size = 1; size <= 300'000; ++size) {
    ASSERT_EQ(ref.value()[size - 1], static_cast<char>('a' + size % 26));
  }
}

TEST(DatabaseTest, ClearLeavesAnEmptyDatabaseAtOnce) {
  Database db(1);
  Reclaimer reclaimer;
  for (size_t i = 0; i < 1000; ++i) {
    Put(db, Numbered(i), "v", i % 2 == 0 ? 5 : kNoExpiry);
  }
  db.Clear(reclaimer);
  EXPECT_EQ(db.size() + db.bytes_used() + db.expiring_count(), 0U);
  EXPECT_FALSE(Get(db, Numbered(1)));
  Put(db, Numbered(1), "again");
  reclaimer.Drain();
  EXPECT_EQ(Get(db, Numbered(1)).value(), "again");
  db.CheckInvariants();
}

TEST(DatabaseTest, SwappingExchangesContentsAndTheirSeeds) {
  Observer observer;
  Database a(1, &observer);
  Database b(2);
  Put(a, "in a", "1", 10);
  Put(b, "in b", "another size");
  a.SwapWith(b);
  EXPECT_EQ(Get(a, "in b").value(), "another size");
  EXPECT_EQ(Get(b, "in a").value(), "1");
  EXPECT_EQ(a.expiring_count(), 0U);
  EXPECT_EQ(b.expiring_count(), 1U);
  a.CheckInvariants();
  b.CheckInvariants();
  EXPECT_FALSE(b.FindLive("in a", b.Hash("in a"), 11));
  EXPECT_TRUE(observer.keys.empty());
}

TEST(DatabaseTest, TheBackgroundWalkRemovesAllThatHasExpiredAndNothingElse) {
  Observer observer;
  Database db(1, &observer);
  for (size_t i = 0; i < 3000; ++i) {
    Put(db, Numbered(i), "v", i % 3 == 0 ? kNoExpiry : static_cast<int64_t>(i));
  }
  size_t removed = 0;
  size_t rounds = 0;
  while (removed < 1000) {
    const ExpireStep step = db.ExpireSome(1500, 10);
    EXPECT_LE(step.scanned_buckets, 10U);
    removed += step.removed;
    ASSERT_LT(++rounds, 1000U);
  }
  EXPECT_EQ(db.ExpireSome(1500, 100'000).removed, 0U);
  EXPECT_EQ(removed, 1000U);  // 0 to 1499 without every third
  EXPECT_EQ(observer.keys.size(), 1000U);
  EXPECT_EQ(db.size(), 2000U);
  EXPECT_EQ(db.expiring_count(), 1000U);
  db.CheckInvariants();
}

TEST(DatabaseTest, TheBackgroundWalkLeavesNothingExpiredWhereItHasBeen) {
  Database db(1);
  for (size_t i = 0; i < 8; ++i) {
    Put(db, Numbered(i), "v", i == 3 ? 100 : 1);
  }
  ASSERT_EQ(db.bucket_count(), 1U);
  EXPECT_EQ(db.ExpireSome(2, 1).removed, 7U);
  EXPECT_EQ(db.size(), 1U);
}

TEST(DatabaseTest, TheBackgroundWalkLooksAtNothingWhenNoKeyExpires) {
  Database db(1);
  for (size_t i = 0; i < 1000; ++i) {
    Put(db, Numbered(i), "v");
  }
  EXPECT_EQ(db.ExpireSome(1, 1000).scanned_buckets, 0U);
}

TEST(DatabaseTest, TheBackgroundWalkEmptiesADatabase) {
  Database db(1);
  for (size_t i = 0; i < 1000; ++i) {
    Put(db, Numbered(i), "v", 1);
  }
  while (db.expiring_count() > 0) {
    EXPECT_GT(db.ExpireSome(2, 50).scanned_buckets, 0U);
  }
  EXPECT_EQ(db.bytes_used(), 0U);
}

TEST(DatabaseTest, WalksVisitEveryKeyOnce) {
  Database db(1);
  for (size_t i = 0; i < 1000; ++i) {
    Put(db, Numbered(i), "v");
  }
  std::multiset<std::string> seen;
  db.ForEach([&](Ref ref) { seen.emplace(ref.key()); });
  EXPECT_EQ(seen.size(), 1000U);
  EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()).size(), 1000U);
}

TEST(DatabaseTest, TheSameOperationsGiveTheSameOrderAndBytes) {
  // The second runs on a heap that the first has stirred up.
  std::vector<std::string> orders[2];
  size_t bytes[2];
  std::vector<Blob> stir;
  for (int run = 0; run < 2; ++run) {
    Database db(42);
    for (size_t i = 0; i < 2000; ++i) {
      Put(db, Numbered(i), std::string(i % 300, 'v'));
      if (i % 3 == 0) {
        db.Erase(Get(db, Numbered(i / 2 + i / 3)) ? Get(db, Numbered(i / 2 + i / 3)) : Get(db, Numbered(i)));
      }
      stir.push_back(Blob(std::string(i % 97, 's')));
    }
    db.ForEach([&](Ref ref) { orders[run].emplace_back(ref.key()); });
    for (uint64_t i = 0; i < 100; ++i) {
      orders[run].emplace_back(db.RandomEntry(i).key());
    }
    bytes[run] = db.bytes_used();
  }
  EXPECT_EQ(orders[0], orders[1]);
  EXPECT_EQ(bytes[0], bytes[1]);
}

}  // namespace
}  // namespace reprise
