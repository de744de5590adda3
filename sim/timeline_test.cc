#include "sim/timeline.h"

#include <gtest/gtest.h>

#include <map>

#include "sim/mix.h"

namespace reprise {
namespace {

WorldEvent Numbered(uint32_t number) {
  WorldEvent event;
  event.index = number;
  return event;
}

TEST(Timeline, EventsComeInTheOrderOfTimeAndOfAdding) {
  Random random(1);
  Timeline timeline(100);
  std::multimap<int64_t, uint32_t> expected;  // keeps the order of insertion among equals
  for (uint32_t i = 0; i < 2000; ++i) {
    const int64_t time_ns = 100 + static_cast<int64_t>(random.Below(50));
    timeline.Add(Numbered(i), time_ns);
    expected.emplace(time_ns, i);
  }
  for (const auto& [time_ns, number] : expected) {
    EXPECT_EQ(timeline.next_ns(), time_ns);
    const WorldEvent event = timeline.Take();
    EXPECT_EQ(event.index, number);
    EXPECT_EQ(timeline.now_ns(), time_ns);
  }
  EXPECT_EQ(timeline.next_ns(), kNoDeadline);
}

TEST(Timeline, TimeNeverGoesBack) {
  Timeline timeline(100);
  timeline.AdvanceTo(200);
  timeline.AdvanceTo(150);
  EXPECT_EQ(timeline.now_ns(), 200);
  timeline.Add(Numbered(1), 50);  // in the past: due now
  EXPECT_EQ(timeline.Take().time_ns, 200);
}

TEST(Timeline, WhatTiesIsToldAndMayBeTakenOutBeforeItsTurn) {
  Random random(2);
  Timeline timeline(100);
  std::multimap<int64_t, uint32_t> expected;
  for (uint32_t i = 0; i < 500; ++i) {
    const int64_t time_ns = 100 + static_cast<int64_t>(random.Below(60));
    timeline.Add(Numbered(i), time_ns);
    expected.emplace(time_ns, i);
  }
  std::vector<WorldEvent> next;
  timeline.CopyNext(2, next);
  EXPECT_EQ(next.size(), 2U);
  while (!expected.empty()) {
    const int64_t time_ns = expected.begin()->first;
    timeline.CopyNext(1000, next);
    ASSERT_EQ(next.size(), expected.count(time_ns));
    ASSERT_EQ(timeline.IsTied(), next.size() > 1);
    auto at = expected.begin();
    for (const WorldEvent& event : next) ASSERT_EQ(event.index, (at++)->second);
    const auto chosen = static_cast<size_t>(random.Below(next.size()));
    ASSERT_EQ(timeline.TakeOut(chosen).index, next[chosen].index);
    ASSERT_EQ(timeline.now_ns(), time_ns);
    expected.erase(std::next(expected.begin(), static_cast<std::ptrdiff_t>(chosen)));
  }
  timeline.CopyNext(1000, next);
  EXPECT_TRUE(next.empty());
  EXPECT_FALSE(timeline.IsTied());
}

TEST(Timeline, AnEventThatWasPassedOverIsStillDue) {
  Timeline timeline(100);
  timeline.Add(Numbered(1), 150);
  timeline.AdvanceTo(300);
  EXPECT_EQ(timeline.next_ns(), 150);
  EXPECT_EQ(timeline.Take().index, 1u);
  EXPECT_EQ(timeline.now_ns(), 300);
}

}  // namespace
}  // namespace reprise
