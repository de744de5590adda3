// PosixClock: the system's clocks. Has no state; any thread.
#ifndef REPRISE_BACKENDS_POSIX_CLOCK_H_
#define REPRISE_BACKENDS_POSIX_CLOCK_H_

#include <cstdint>

#include "loop/clock.h"

namespace reprise {

class PosixClock : public Clock {
 public:
  int64_t MonotonicNanos() override;
  int64_t WallMicros() override;
};

}  // namespace reprise

#endif  // REPRISE_BACKENDS_POSIX_CLOCK_H_
