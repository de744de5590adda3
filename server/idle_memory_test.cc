#include "server/idle_memory.h"

#include <gtest/gtest.h>

namespace reprise {
namespace {

constexpr uint64_t kMiB = uint64_t{1} << 20;

TEST(IdleMemoryTest, IsReturnedWhenMostOfWhatIsResidentIsFree) {
  EXPECT_TRUE(IdleMemory().IsWorthReturning(3000 * kMiB, 10 * kMiB, 0, 0));
  EXPECT_TRUE(IdleMemory().IsWorthReturning(IdleMemory::kWorthBytes, 0, 0, 0));
  EXPECT_FALSE(IdleMemory().IsWorthReturning(IdleMemory::kWorthBytes - 1, 0, 0, 0));
  EXPECT_FALSE(IdleMemory().IsWorthReturning(3000 * kMiB, 1500 * kMiB, 0, 0));
}

TEST(IdleMemoryTest, IsKeptWhileTheServerIsAtWork) {
  IdleMemory idle;
  uint64_t requests = 0;
  for (int look = 0; look < 5; ++look) {
    requests += IdleMemory::kQuietRequestsMax + 1;
    EXPECT_FALSE(idle.IsWorthReturning(3000 * kMiB, 0, requests, look * kNanosPerSecond));
  }
  requests += IdleMemory::kQuietRequestsMax;
  EXPECT_TRUE(idle.IsWorthReturning(3000 * kMiB, 0, requests, 5 * kNanosPerSecond));
}

TEST(IdleMemoryTest, ACountOfRequestsThatStartsAgainIsNoLoad) {
  IdleMemory idle;
  EXPECT_FALSE(idle.IsWorthReturning(3000 * kMiB, 0, 1000, 0));
  EXPECT_TRUE(idle.IsWorthReturning(3000 * kMiB, 0, 1, kNanosPerSecond));
}

TEST(IdleMemoryTest, ThatDoesNotGoAwayIsTriedForEverMoreRarelyUntilItDoes) {
  IdleMemory idle;
  int64_t now_ns = 0;
  for (const int64_t seconds : {1, 2, 4, 8, 16, 32, 32, 32}) {
    EXPECT_TRUE(idle.IsWorthReturning(3000 * kMiB, 0, 0, now_ns));
    now_ns += seconds * kNanosPerSecond;
    EXPECT_FALSE(idle.IsWorthReturning(3000 * kMiB, 0, 0, now_ns - 1));
  }
  EXPECT_FALSE(idle.IsWorthReturning(10 * kMiB, 0, 0, now_ns));
  EXPECT_TRUE(idle.IsWorthReturning(3000 * kMiB, 0, 0, now_ns));
  EXPECT_TRUE(idle.IsWorthReturning(3000 * kMiB, 0, 0, now_ns + kNanosPerSecond));
}

}  // namespace
}  // namespace reprise
