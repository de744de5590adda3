// Clock: the two times a program can ask for.
#ifndef REPRISE_LOOP_CLOCK_H_
#define REPRISE_LOOP_CLOCK_H_

#include <cstdint>

namespace reprise {

inline constexpr int64_t kNanosPerMilli = 1'000'000;
inline constexpr int64_t kNanosPerSecond = 1'000'000'000;

class Clock {
 public:
  virtual ~Clock() = default;

  // Nanoseconds since a moment of the clock's own choosing. Never goes back. What timers and deadlines count in.
  virtual int64_t MonotonicNanos() = 0;

  // Microseconds since 1970-01-01 UTC. May jump either way whenever somebody sets it.
  virtual int64_t WallMicros() = 0;
};

}  // namespace reprise

#endif  // REPRISE_LOOP_CLOCK_H_
