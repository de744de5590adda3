#include "server/stats.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace reprise {
namespace {

// Plays `calls` calls of `duration_ns` each; how many were timed.
int Play(CallTimes& times, int calls, int64_t duration_ns, bool is_large = false) {
  int timed = 0;
  for (int i = 0; i < calls; ++i) {
    if (is_large || !times.Skip()) {
      times.Add(duration_ns);
      ++timed;
    }
  }
  return timed;
}

TEST(CallTimesTest, TheFirstCallsAreAllTimed) {
  CallTimes times;
  EXPECT_EQ(Play(times, 16, 300), 16);
  EXPECT_EQ(times.total_ns(), 16U * 300);
}

TEST(CallTimesTest, ShortCallsAreTimedSeldomAndTheTotalIsThatOfAll) {
  CallTimes times;
  EXPECT_EQ(Play(times, 16 + 3200, 300), 16 + 100);
  EXPECT_EQ(times.total_ns(), (16U + 3200U) * 300);
}

TEST(CallTimesTest, LongCallsAreTimedAllAndStandForThemselves) {
  CallTimes times;
  Play(times, 16, 300);
  EXPECT_EQ(Play(times, 1000, 1'000'000), 1000 - 31);  // the first of them is met after 31 that were not timed
  EXPECT_EQ(times.total_ns(), 16U * 300 + 1000U * 1'000'000);
}

TEST(CallTimesTest, ALargeRequestIsTimedAndCountsOnceWhereverItComes) {
  CallTimes times;
  Play(times, 20, 300);
  const uint64_t before_ns = times.total_ns();
  EXPECT_EQ(Play(times, 5, 7'000'000, true), 5);
  EXPECT_EQ(times.total_ns(), before_ns + 5U * 7'000'000);
  Play(times, 12 + 15, 300);  // the rest of those that are not timed
  EXPECT_EQ(times.total_ns(), before_ns + 5U * 7'000'000);
  EXPECT_EQ(Play(times, 1, 300), 1);
}

TEST(CallTimesTest, TheHistogramCountsWhatEachTimedCallStandsFor) {
  CallTimes times;
  Play(times, 16 + 320, 300);
  Play(times, 3, 7'000'000, true);
  EXPECT_EQ(times.histogram().total(), 16U + 320U + 3U);
  EXPECT_EQ(times.histogram().Percentile(500), 1023U);
  EXPECT_GE(times.histogram().Percentile(999), 7'000'000U);
}

TEST(CallTimesTest, AClockThatStandsStillOrGoesBackAddsNothing) {
  CallTimes times;
  Play(times, 10, 0);
  Play(times, 10, -5);
  EXPECT_EQ(times.total_ns(), 0U);
}

TEST(StatsTest, AResetForgetsTheTimes) {
  Stats stats;
  stats.commands.resize(1);
  stats.commands[0].times.Add(1000);
  stats.Reset(LoopCounters());
  EXPECT_EQ(stats.commands.at(0).times.total_ns(), 0U);
}

// They are what a save would have to write.
TEST(StatsTest, AResetForgetsNoChanges) {
  Stats stats;
  stats.changes = 7;
  stats.Reset(LoopCounters());
  EXPECT_EQ(stats.changes, 7U);
}

TEST(StatsTest, OnlySoManyCodesOfErrorsAreToldApart) {
  Stats stats;
  for (int i = 0; i < 1000; ++i) {
    stats.CountError("CODE" + std::to_string(i) + " what is wrong");
    stats.CountError("CODE0 again");
  }
  EXPECT_EQ(stats.error_codes.size(), 128U);
  EXPECT_EQ(stats.error_codes.at("CODE0"), 1001U);
  EXPECT_EQ(stats.error_replies, 2000U);
}

}  // namespace
}  // namespace reprise
