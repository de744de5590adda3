#include "server/memory_use.h"

#include <gtest/gtest.h>

namespace reprise {
namespace {

constexpr uint64_t kMiB = uint64_t{1} << 20;

TEST(IdleMemoryTest, IsReturnedWhenMostOfWhatIsResidentIsFree) {
  EXPECT_TRUE(IdleMemory().IsWorthReturning(3000 * kMiB, 10 * kMiB, 0));
  EXPECT_TRUE(IdleMemory().IsWorthReturning(IdleMemory::kWorthBytes, 0, 0));
  EXPECT_FALSE(IdleMemory().IsWorthReturning(IdleMemory::kWorthBytes - 1, 0, 0));
  EXPECT_FALSE(IdleMemory().IsWorthReturning(3000 * kMiB, 1500 * kMiB, 0));
}

TEST(IdleMemoryTest, IsLookedAtOnceASecond) {
  IdleMemory idle;
  EXPECT_TRUE(idle.IsDue(0));
  EXPECT_FALSE(idle.IsWorthReturning(0, 0, 0));
  EXPECT_FALSE(idle.IsDue(kNanosPerSecond - 1));
  EXPECT_TRUE(idle.IsDue(kNanosPerSecond));
}

TEST(IdleMemoryTest, ThatDoesNotGoAwayIsTriedForEverMoreRarelyUntilItDoes) {
  IdleMemory idle;
  int64_t now_ns = 0;
  for (const int64_t seconds : {1, 2, 4, 8, 16, 32, 32, 32}) {
    EXPECT_TRUE(idle.IsWorthReturning(3000 * kMiB, 0, now_ns));
    now_ns += seconds * kNanosPerSecond;
    EXPECT_FALSE(idle.IsDue(now_ns - 1));
    EXPECT_TRUE(idle.IsDue(now_ns));
  }
  EXPECT_FALSE(idle.IsWorthReturning(10 * kMiB, 0, now_ns));
  EXPECT_TRUE(idle.IsDue(now_ns + kNanosPerSecond));
}

}  // namespace
}  // namespace reprise
