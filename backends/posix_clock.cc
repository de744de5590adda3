#include "backends/posix_clock.h"

#include <time.h>

#include "loop/check.h"

namespace reprise {

int64_t PosixClock::MonotonicNanos() {
  timespec now{};
  CHECK(::clock_gettime(CLOCK_MONOTONIC, &now) == 0);
  return int64_t{now.tv_sec} * kNanosPerSecond + now.tv_nsec;
}

int64_t PosixClock::WallMicros() {
  timespec now{};
  CHECK(::clock_gettime(CLOCK_REALTIME, &now) == 0);
  return int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1'000;
}

}  // namespace reprise
