#include "server/latency_histogram.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <utility>
#include <vector>

namespace reprise {
namespace {

using Pairs = std::vector<std::pair<uint64_t, uint64_t>>;

// What a single duration is told to be.
uint64_t Told(uint64_t duration_ns) {
  LatencyHistogram histogram;
  histogram.Record(duration_ns, 1);
  return histogram.Percentile(500);
}

TEST(LatencyHistogramTest, OfNothingThereIsNothing) {
  const LatencyHistogram histogram;
  EXPECT_EQ(histogram.total(), 0U);
  EXPECT_EQ(histogram.Percentile(999), 0U);
  EXPECT_TRUE(histogram.Cumulative().empty());
}

TEST(LatencyHistogramTest, ADurationIsToldNoShorterAndHardlyLonger) {
  for (uint64_t ns = 1024; ns < (uint64_t{1} << 30); ns += 1 + ns / 37) {
    EXPECT_GE(Told(ns), ns);
    EXPECT_LE(Told(ns), ns + ns / 16) << ns;
  }
}

TEST(LatencyHistogramTest, TheEndsTakeWhatLiesBeyond) {
  EXPECT_EQ(Told(0), 1023U);
  EXPECT_EQ(Told(1), 1023U);
  EXPECT_EQ(Told(1023), 1023U);
  EXPECT_EQ(Told(1024), 1087U);
  EXPECT_EQ(Told((uint64_t{1} << 30) - 1), (uint64_t{1} << 30) - 1);
  EXPECT_EQ(Told(uint64_t{1} << 30), (uint64_t{1} << 30) - 1);
  EXPECT_EQ(Told(UINT64_MAX), (uint64_t{1} << 30) - 1);
}

TEST(LatencyHistogramTest, PercentilesCountFromTheShortest) {
  LatencyHistogram histogram;
  histogram.Record(2'000, 98);
  histogram.Record(500'000, 1);
  histogram.Record(100'000'000, 1);
  EXPECT_EQ(histogram.total(), 100U);
  EXPECT_EQ(histogram.Percentile(0), Told(2'000));
  EXPECT_EQ(histogram.Percentile(500), Told(2'000));
  EXPECT_EQ(histogram.Percentile(980), Told(2'000));
  EXPECT_EQ(histogram.Percentile(981), Told(500'000));
  EXPECT_EQ(histogram.Percentile(990), Told(500'000));
  EXPECT_EQ(histogram.Percentile(999), Told(100'000'000));
  EXPECT_EQ(histogram.Percentile(1000), Told(100'000'000));
}

TEST(LatencyHistogramTest, CumulativeCountsAreGivenWhereTheyGrow) {
  LatencyHistogram histogram;
  histogram.Record(500, 3);
  histogram.Record(2047, 2);
  histogram.Record(2048, 1);
  histogram.Record(100'000, 4);
  EXPECT_EQ(histogram.Cumulative(), (Pairs{{1024, 3}, {2048, 5}, {4096, 6}, {131072, 10}}));
}

}  // namespace
}  // namespace reprise
