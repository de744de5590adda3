// SimClock: virtual time, and a wall clock that faults set forwards and back.
#ifndef REPRISE_SIM_SIM_CLOCK_H_
#define REPRISE_SIM_SIM_CLOCK_H_

#include "loop/clock.h"
#include "sim/sim_context.h"

namespace reprise {

class SimClock : public Clock {
 public:
  explicit SimClock(SimContext& context) : context_(context) {}

  int64_t MonotonicNanos() override { return context_.timeline.now_ns(); }
  int64_t WallMicros() override {
    const int64_t elapsed_ns = context_.timeline.now_ns() - context_.options.start_monotonic_ns;
    return context_.options.start_wall_us + elapsed_ns / 1000 + offset_us_;
  }

  // Sets wall time forwards (back, when negative), but never further than ten years from where it would be.
  void Jump(int64_t by_us) {
    constexpr int64_t kFarthestUs = int64_t{10} * 365 * 24 * 3600 * 1'000'000;
    if (offset_us_ + by_us > kFarthestUs || offset_us_ + by_us < -kFarthestUs) return;
    offset_us_ += by_us;
    context_.trace.Add(StepKind::kClockJump, ActorTable::kWorld, by_us);
  }

 private:
  SimContext& context_;
  int64_t offset_us_ = 0;
};

}  // namespace reprise

#endif  // REPRISE_SIM_SIM_CLOCK_H_
