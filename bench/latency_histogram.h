// LatencyHistogram: counts of durations, in buckets that are never wider than a 64th of what they hold.
#ifndef REPRISE_BENCH_LATENCY_HISTOGRAM_H_
#define REPRISE_BENCH_LATENCY_HISTOGRAM_H_

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace reprise {

class LatencyHistogram {
 public:
  LatencyHistogram() : counts_(kSubBuckets * 60) {}

  // REQUIRES: ns >= 0.
  void Add(int64_t ns) {
    ++counts_[IndexOf(static_cast<uint64_t>(ns))];
    ++total_;
    max_ns_ = std::max(max_ns_, ns);
  }

  uint64_t total() const { return total_; }
  int64_t max_ns() const { return max_ns_; }

  // The duration that `per_million` of a million do not exceed, up to the width of a bucket. 0 while empty.
  int64_t Percentile(uint64_t per_million) const {
    const uint64_t rank = (total_ * per_million + 999'999) / 1'000'000;
    uint64_t seen = 0;
    for (size_t i = 0; i < counts_.size(); ++i) {
      seen += counts_[i];
      if (seen >= rank && seen > 0) {
        return std::min(UpperNs(i), max_ns_);
      }
    }
    return 0;
  }

 private:
  static constexpr size_t kSubBits = 6;
  static constexpr size_t kSubBuckets = 1 << kSubBits;

  // Small numbers have a bucket each; above, a bucket is named by the highest bit and the six below it.
  static size_t IndexOf(uint64_t ns) {
    if (ns < kSubBuckets) {
      return ns;
    }
    const auto shift = static_cast<size_t>(std::bit_width(ns)) - kSubBits - 1;
    return (shift + 1) * kSubBuckets + (ns >> shift) - kSubBuckets;
  }
  static int64_t UpperNs(size_t index) {
    if (index < kSubBuckets) {
      return static_cast<int64_t>(index);
    }
    const size_t shift = index / kSubBuckets - 1;
    return static_cast<int64_t>(((index % kSubBuckets + kSubBuckets + 1) << shift) - 1);
  }

  std::vector<uint64_t> counts_;
  uint64_t total_ = 0;
  int64_t max_ns_ = 0;
};

}  // namespace reprise

#endif  // REPRISE_BENCH_LATENCY_HISTOGRAM_H_
