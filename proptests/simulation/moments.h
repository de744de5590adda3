// Moments: what the program's wall clock has shown when, and the clock that takes it down.
//
// A request was executed at one of the moments that the program's loop read between the request's sending and its
// answer. In virtual time these are few, often one: so a model can be asked about each of them.
#ifndef REPRISE_PROPTESTS_SIMULATION_MOMENTS_H_
#define REPRISE_PROPTESTS_SIMULATION_MOMENTS_H_

#include <algorithm>
#include <cstdint>
#include <vector>

#include "loop/clock.h"

namespace reprise {

class Moments {
 public:
  // The wall clock has shown `wall_ms` at `time_ns` of the run. REQUIRES: times don't go back.
  void Note(int64_t time_ns, int64_t wall_ms) {
    peak_ms_ = std::max(peak_ms_, wall_ms);
    if (shown_.empty() || shown_.back().wall_ms != wall_ms) {
      shown_.push_back({time_ns, wall_ms, peak_ms_});
    }
  }

  // Each time that the clock may have shown to who looked at it from `from_ns` to `to_ns`, once.
  std::vector<int64_t> Between(int64_t from_ns, int64_t to_ns) const {
    std::vector<int64_t> found;
    int64_t latest_ms = INT64_MIN;
    for (auto at = Before(from_ns); at != shown_.end() && at->time_ns <= to_ns; ++at) {
      const bool later = at->wall_ms > latest_ms;  // as it is but for a clock that was set back
      if (later || std::find(found.begin(), found.end(), at->wall_ms) == found.end()) {
        found.push_back(at->wall_ms);
      }
      latest_ms = std::max(latest_ms, at->wall_ms);
    }
    return found;
  }
  // By how much, at most, what it showed at one of those moments exceeds what it had shown at an earlier one.
  int64_t RiseBetween(int64_t from_ns, int64_t to_ns) const {
    int64_t lowest_ms = INT64_MAX;
    int64_t rise_ms = 0;
    for (auto at = Before(from_ns); at != shown_.end() && at->time_ns <= to_ns; ++at) {
      lowest_ms = std::min(lowest_ms, at->wall_ms);
      rise_ms = std::max(rise_ms, at->wall_ms - lowest_ms);
    }
    return rise_ms;
  }
  // The latest time that it has ever shown until then.
  int64_t PeakUntil(int64_t to_ns) const {
    const auto at = Before(to_ns);
    return at == shown_.end() ? 0 : at->peak_ms;
  }

 private:
  struct Shown {
    int64_t time_ns;
    int64_t wall_ms;
    int64_t peak_ms;
  };

  // What was shown last, up to `time_ns`; the first one when there is none.
  std::vector<Shown>::const_iterator Before(int64_t time_ns) const {
    auto at = std::upper_bound(shown_.begin(), shown_.end(), time_ns,
                               [](int64_t time, const Shown& shown) { return time < shown.time_ns; });
    return at == shown_.begin() ? at : at - 1;
  }

  std::vector<Shown> shown_;
  int64_t peak_ms_ = 0;
};

// The simulated clock, noted down. A program reads it once a turn, so it is also where one can look at the program
// between two turns.
class NotingClock final : public Clock {
 public:
  // Borrows the clock. `start_ns` is what its monotonic time was when the run began.
  NotingClock(Clock& clock, int64_t start_ns) : clock_(clock), start_ns_(start_ns) {}

  int64_t MonotonicNanos() override { return clock_.MonotonicNanos(); }
  int64_t WallMicros() override {
    const int64_t wall_us = clock_.WallMicros();
    moments_.Note(clock_.MonotonicNanos() - start_ns_, wall_us / 1000);
    ++readings_;
    return wall_us;
  }

  const Moments& moments() const { return moments_; }
  uint64_t readings() const { return readings_; }

 private:
  Clock& clock_;
  int64_t start_ns_;
  Moments moments_;
  uint64_t readings_ = 0;
};

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_SIMULATION_MOMENTS_H_
