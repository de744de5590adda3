#include "proptests/oracles/stale_events.h"

#include <gtest/gtest.h>

namespace reprise {
namespace {

TEST(StaleEvents, OneThatWasHandedToAWatcherIsToldOf) {
  LoopCounters counters;
  counters.ready_events = 7;
  counters.stale_events = 2;
  EXPECT_NE(DescribeBelievedEvents(3, counters), "");
}

TEST(StaleEvents, ThereMayBeMoreThanTheWorldHasMadeUp) {
  LoopCounters counters;
  counters.stale_events = 2;
  EXPECT_EQ(DescribeBelievedEvents(2, counters), "");
  EXPECT_EQ(DescribeBelievedEvents(0, counters), "");
}

}  // namespace
}  // namespace reprise
