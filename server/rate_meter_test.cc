#include "server/rate_meter.h"

#include <gtest/gtest.h>

namespace reprise {
namespace {

constexpr int64_t kMilli = 1'000'000;

TEST(RateMeterTest, NothingIsTheRateOfNothing) {
  RateMeter meter;
  EXPECT_EQ(meter.PerSecond(), 0U);
  meter.Sample(5'000 * kMilli, 1'000'000);  // what was counted before the first sample is no growth
  EXPECT_EQ(meter.PerSecond(), 0U);
}

TEST(RateMeterTest, ASteadyGrowthIsToldOnceAllIntervalsAreFull) {
  RateMeter meter;
  for (int i = 0; i <= 16; ++i) {
    meter.Sample(i * 100 * kMilli, static_cast<uint64_t>(i) * 50);
  }
  EXPECT_EQ(meter.PerSecond(), 500U);
  for (int i = 17; i <= 24; ++i) {
    meter.Sample(i * 100 * kMilli, 16 * 50);
  }
  EXPECT_EQ(meter.PerSecond(), 250U);  // half of the intervals had none
}

TEST(RateMeterTest, SamplesTooCloseTogetherArePassedOver) {
  RateMeter meter;
  meter.Sample(0, 0);
  for (int i = 1; i < 100; ++i) {
    meter.Sample(i * kMilli, static_cast<uint64_t>(i));
  }
  EXPECT_EQ(meter.PerSecond(), 0U);
  meter.Sample(100 * kMilli, 160);
  EXPECT_EQ(meter.PerSecond(), 100U);  // 1600 a second, in one interval of 16
}

TEST(RateMeterTest, ACountThatBeginsAnewHasNotGrown) {
  RateMeter meter;
  meter.Sample(0, 1000);
  meter.Sample(100 * kMilli, 10);
  EXPECT_EQ(meter.PerSecond(), 0U);
}

}  // namespace
}  // namespace reprise
