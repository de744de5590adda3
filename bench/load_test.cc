#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "bench/key_chooser.h"
#include "bench/latency_histogram.h"
#include "bench/reply_counter.h"
#include "bench/request_mix.h"

namespace reprise {
namespace {

TEST(LatencyHistogram, PercentilesAreAtMostASixtyFourthTooHigh) {
  LatencyHistogram histogram;
  for (int64_t ns = 1; ns <= 1'000'000; ++ns) {
    histogram.Add(ns);
  }
  for (const uint64_t per_million : {1'000U, 500'000U, 990'000U, 999'000U}) {
    const auto exact = static_cast<int64_t>(per_million);
    EXPECT_GE(histogram.Percentile(per_million), exact);
    EXPECT_LE(histogram.Percentile(per_million), exact + exact / 64 + 1);
  }
  EXPECT_EQ(histogram.Percentile(1'000'000), 1'000'000);
  EXPECT_EQ(histogram.max_ns(), 1'000'000);
  EXPECT_EQ(histogram.total(), 1'000'000U);
}

TEST(LatencyHistogram, SmallAndHugeDurationsHaveTheirPlace) {
  LatencyHistogram histogram;
  histogram.Add(0);
  EXPECT_EQ(histogram.Percentile(500'000), 0);
  histogram.Add(int64_t{1} << 55);
  EXPECT_EQ(histogram.Percentile(1'000'000), int64_t{1} << 55);
}

constexpr std::string_view kReplies =
    "+OK\r\n:12\r\n$3\r\nx\r\n\r\n$-1\r\n*2\r\n$1\r\na\r\n*1\r\n:1\r\n*0\r\n-ERR no\r\n*-1\r\n$0\r\n\r\n";

TEST(ReplyCounter, CountsRepliesWhateverThePieces) {
  for (size_t cut = 0; cut <= kReplies.size(); ++cut) {
    ReplyCounter counter;
    const size_t first = counter.Feed(kReplies.substr(0, cut));
    EXPECT_EQ(first + counter.Feed(kReplies.substr(cut)), 9U) << cut;
    EXPECT_EQ(counter.errors(), 1U);
  }
}

TEST(ReplyCounter, AReplyCountsOnlyWhenItIsComplete) {
  ReplyCounter counter;
  EXPECT_EQ(counter.Feed("*2\r\n$1\r\na\r\n$1\r\nb\r"), 0U);
  EXPECT_EQ(counter.Feed("\n"), 1U);
}

TEST(KeyChooser, SequentialKeysComeInTurn) {
  KeyChooser chooser(KeyOrder::kSequential, 3, 0.99, 1);
  for (const uint64_t wanted : {0U, 1U, 2U, 0U}) {
    EXPECT_EQ(chooser.Next(), wanted);
  }
}

TEST(KeyChooser, ZipfKeysFollowTheirLaw) {
  constexpr uint64_t kKeys = 1000;
  constexpr int kDraws = 400'000;
  std::map<uint64_t, int> counts;
  KeyChooser chooser(KeyOrder::kZipf, kKeys, 0.99, 1);
  for (int i = 0; i < kDraws; ++i) {
    ++counts[chooser.Next()];
  }
  std::vector<int> sorted;
  for (const auto& [key, count] : counts) {
    ASSERT_LT(key, kKeys);
    sorted.push_back(count);
  }
  std::sort(sorted.rbegin(), sorted.rend());
  double weights = 0;
  for (uint64_t rank = 1; rank <= kKeys; ++rank) {
    weights += std::pow(static_cast<double>(rank), -0.99);
  }
  for (const size_t rank : {1U, 2U, 10U}) {
    const double expected = kDraws * std::pow(static_cast<double>(rank), -0.99) / weights;
    EXPECT_NEAR(sorted[rank - 1], expected, expected / 10) << rank;
  }
}

TEST(RequestMix, WritesRequestsWithKeysAndValues) {
  RequestMix mix({"SET {key} {value}"}, 4, KeyChooser(KeyOrder::kSequential, 100, 0.99, 1));
  std::string out;
  mix.Append(&out);
  mix.Append(&out);
  EXPECT_EQ(out,
            "*3\r\n$3\r\nSET\r\n$16\r\nkey:000000000000\r\n$4\r\nvvvv\r\n"
            "*3\r\n$3\r\nSET\r\n$16\r\nkey:000000000001\r\n$4\r\nvvvv\r\n");
}

TEST(RequestMix, ChoosesByWeight) {
  RequestMix mix({"90:A", "10:B"}, 0, KeyChooser(KeyOrder::kUniform, 100, 0.99, 1));
  int rare = 0;
  for (int i = 0; i < 10'000; ++i) {
    std::string out;
    mix.Append(&out);
    rare += out == "*1\r\n$1\r\nB\r\n" ? 1 : 0;
  }
  EXPECT_NEAR(rare, 1000, 150);
}

}  // namespace
}  // namespace reprise
