#include "server/keyspace/reclaimer.h"

#include <gtest/gtest.h>

#include <string>

#include "server/keyspace/database.h"

namespace reprise {
namespace {

void Fill(Database& db, size_t keys, size_t value_size) {
  for (size_t i = 0; i < keys; ++i) {
    const std::string key = "key" + std::to_string(i);
    db.Insert(key, db.Hash(key), std::string(value_size, 'v'));
  }
}

TEST(ReclaimerTest, HasNothingToDoAtFirst) {
  Reclaimer reclaimer;
  EXPECT_TRUE(reclaimer.empty());
  EXPECT_EQ(reclaimer.Step(100), 0U);
  reclaimer.Add(Blob());
  reclaimer.Add(HashTable(), 0);
  EXPECT_TRUE(reclaimer.empty());
}

TEST(ReclaimerTest, AStepFreesAboutItsBudgetOfEntries) {
  Reclaimer reclaimer;
  Database db(1);
  Fill(db, 10'000, 10);
  db.Clear(reclaimer);
  size_t freed = 0;
  while (!reclaimer.empty()) {
    const size_t spent = reclaimer.Step(100);
    // The last bucket is finished.
    EXPECT_LE(spent, 100U + 40U);
    freed += spent;
  }
  EXPECT_EQ(freed, 10'000U);
}

TEST(ReclaimerTest, LargeValuesCostMoreOfTheBudget) {
  Reclaimer reclaimer;
  Database db(1);
  Fill(db, 20, Reclaimer::kBlobBytesPerUnit * 10);
  db.Clear(reclaimer);
  size_t freed = 0;
  size_t steps = 0;
  while (!reclaimer.empty()) {
    freed += reclaimer.Step(1);
    ++steps;
  }
  EXPECT_EQ(freed, 20U * 11);
  EXPECT_GE(steps, 3U);
}

TEST(ReclaimerTest, SoDoLargeValuesThatWereGivenUpAlone) {
  Reclaimer reclaimer;
  for (size_t i = 0; i < 20; ++i) {
    reclaimer.Add(Blob(std::string(Reclaimer::kBlobBytesPerUnit * 10, 'v')));
  }
  const size_t blob_bytes = reclaimer.bytes_pending() / 20;
  EXPECT_EQ(reclaimer.Step(1), 11U);
  EXPECT_EQ(reclaimer.bytes_pending(), 19 * blob_bytes);
  EXPECT_EQ(reclaimer.Step(33), 33U);
  EXPECT_EQ(reclaimer.bytes_pending(), 16 * blob_bytes);
}

TEST(ReclaimerTest, BytesPendingReturnToZero) {
  Reclaimer reclaimer;
  Database db(1);
  Fill(db, 1000, 5000);
  const size_t bytes = db.bytes_used();
  db.Clear(reclaimer);
  EXPECT_EQ(reclaimer.bytes_pending(), bytes);
  reclaimer.Add(Blob(std::string(1000, 'x')));
  EXPECT_EQ(reclaimer.bytes_pending(), bytes + 1016);
  reclaimer.Drain();
  EXPECT_TRUE(reclaimer.empty());
  EXPECT_EQ(reclaimer.bytes_pending(), 0U);
}

TEST(ReclaimerTest, DestructionFreesTheRest) {
  // Leaks are what the sanitizer's build reports.
  Reclaimer reclaimer;
  Database db(1);
  Fill(db, 1000, 5000);
  db.Clear(reclaimer);
  reclaimer.Step(10);
  reclaimer.Add(Blob("left"));
  EXPECT_FALSE(reclaimer.empty());
}

}  // namespace
}  // namespace reprise
