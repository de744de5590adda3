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
