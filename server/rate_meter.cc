#include "server/rate_meter.h"

#include <numeric>

namespace reprise {

void RateMeter::Sample(int64_t now_ns, uint64_t count) {
  const int64_t elapsed_ns = now_ns - last_ns_;
  if (begun_ && elapsed_ns < kIntervalNs) {
    return;
  }
  if (begun_) {
    // In microseconds the product stays within 64 bits for a rate of 18 million millions in an interval.
    const uint64_t grown = count >= last_count_ ? count - last_count_ : 0;
    per_second_[next_] = grown * 1'000'000 / static_cast<uint64_t>(elapsed_ns / 1000);
    next_ = (next_ + 1) % kSamples;
  }
  begun_ = true;
  last_ns_ = now_ns;
  last_count_ = count;
}

uint64_t RateMeter::PerSecond() const {
  return std::accumulate(per_second_.begin(), per_second_.end(), uint64_t{0}) / kSamples;
}

}  // namespace reprise
