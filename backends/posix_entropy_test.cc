#include "backends/posix_entropy.h"

#include <gtest/gtest.h>

#include <bit>
#include <set>

namespace reprise {
namespace {

TEST(PosixEntropy, DoesNotRepeatItselfWithinOrAcrossBlocksAndSources) {
  PosixEntropy one;
  PosixEntropy other;
  std::set<uint64_t> seen;
  constexpr size_t kWords = 1000;  // a repetition among 2000 of 64 bits: once in 10^13 runs
  for (size_t i = 0; i < kWords; ++i) {
    seen.insert(one.Next());
    seen.insert(other.Next());
  }
  EXPECT_EQ(seen.size(), 2 * kWords);
  EXPECT_FALSE(seen.contains(0));
}

TEST(PosixEntropy, EachBitIsSetAboutHalfTheTime) {
  PosixEntropy entropy;
  constexpr int kWords = 4096;
  int64_t ones = 0;
  for (int i = 0; i < kWords; ++i) ones += std::popcount(entropy.Next());
  // The standard deviation is 256: ten of them on either side.
  EXPECT_NEAR(static_cast<double>(ones), kWords * 32.0, 2560.0);
}

}  // namespace
}  // namespace reprise
