// Clock and Entropy.
#include <gtest/gtest.h>

#include <cstdint>
#include <set>

#include "proptests/contract/harness.h"

namespace reprise {
namespace {

class ClockContract : public WorldTest {};
REPRISE_OVER_ALL_WORLDS(ClockContract);

TEST_P(ClockContract, MonotonicTimeNeverGoesBack) {
  int64_t last_ns = Now();
  for (int i = 0; i < 100; ++i) {
    WaitOnce(last_ns + i * 10'000);
    const int64_t now_ns = Now();
    ASSERT_GE(now_ns, last_ns);
    last_ns = now_ns;
  }
}

TEST_P(ClockContract, MonotonicTimeIsPositiveAndMovesOnWhileAPollerWaits) {
  const int64_t start_ns = Now();
  EXPECT_GT(start_ns, 0);
  const int64_t deadline_ns = start_ns + 3 * kNanosPerMilli;
  for (int i = 0; i < 100 && Now() < deadline_ns; ++i) WaitOnce(deadline_ns);
  EXPECT_GE(Now(), deadline_ns);
}

TEST_P(ClockContract, WallTimeIsADateOfThisCenturyInMicroseconds) {
  constexpr int64_t kYear2000Micros = 946'684'800'000'000;
  constexpr int64_t kYear2100Micros = 4'102'444'800'000'000;
  EXPECT_GT(world().clock().WallMicros(), kYear2000Micros);
  Settle();
  EXPECT_GT(world().clock().WallMicros(), kYear2000Micros);
  EXPECT_LT(world().clock().WallMicros(), kYear2100Micros);
}

class EntropyContract : public WorldTest {};
REPRISE_OVER_ALL_WORLDS(EntropyContract);

TEST_P(EntropyContract, ValuesDoNotRepeat) {
  std::set<uint64_t> seen;
  for (int i = 0; i < 1'000; ++i) seen.insert(world().entropy().Next());
  EXPECT_EQ(seen.size(), 1'000U);
}

TEST_P(EntropyContract, EveryBitTakesBothValues) {
  uint64_t ones = 0;
  uint64_t zeroes = 0;
  for (int i = 0; i < 200; ++i) {
    const uint64_t value = world().entropy().Next();
    ones |= value;
    zeroes |= ~value;
  }
  EXPECT_EQ(ones, ~uint64_t{0});
  EXPECT_EQ(zeroes, ~uint64_t{0});
}

}  // namespace
}  // namespace reprise
