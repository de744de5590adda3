#include "backends/posix_clock.h"

#include <gtest/gtest.h>

#include <chrono>

namespace reprise {
namespace {

TEST(PosixClock, MonotonicTimeNeverGoesBackAndMovesOn) {
  PosixClock clock;
  const int64_t start_ns = clock.MonotonicNanos();
  EXPECT_GT(start_ns, 0);
  int64_t last_ns = start_ns;
  while (last_ns == start_ns || last_ns - start_ns < kNanosPerMilli) {
    const int64_t now_ns = clock.MonotonicNanos();
    ASSERT_GE(now_ns, last_ns);
    last_ns = now_ns;
  }
}

TEST(PosixClock, WallTimeIsMicrosecondsSince1970) {
  PosixClock clock;
  const auto now_us = [] {
    return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
  };
  const int64_t before_us = now_us();
  const int64_t wall_us = clock.WallMicros();
  EXPECT_GE(wall_us, before_us);
  EXPECT_LE(wall_us, now_us());
}

}  // namespace
}  // namespace reprise
