// LatencyHistogram: how long something has taken, as counts by duration, from a microsecond to a second.
//
// An octave has 16 classes of the same width, so a duration is told about 6 % too long at the most. One below a
// microsecond counts as one, one above a second as the longest. Owns no memory until the first.
#ifndef REPRISE_SERVER_LATENCY_HISTOGRAM_H_
#define REPRISE_SERVER_LATENCY_HISTOGRAM_H_

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace reprise {

class LatencyHistogram {
 public:
  // Counts `times` of the duration.
  void Record(uint64_t duration_ns, uint64_t times);

  uint64_t total() const { return total_; }
  // A duration, in nanoseconds, that is not exceeded by so many in a thousand; 0 if there was none.
  // REQUIRES: per_mille <= 1000.
  uint64_t Percentile(uint64_t per_mille) const;
  // For each power of two of nanoseconds (from 1,024 on) within which there are more than within the one before: that
  // power and how many took no longer.
  std::vector<std::pair<uint64_t, uint64_t>> Cumulative() const;

 private:
  static constexpr size_t kClassesPerOctave = 16;
  static constexpr size_t kFirstOctave = 10;  // 1,024 ns end there
  static constexpr size_t kOctaves = 20;

  static size_t ClassOf(uint64_t duration_ns);
  static uint64_t LongestOf(size_t index);

  std::vector<uint64_t> counts_;  // by class: below a microsecond, then those of each octave
  uint64_t total_ = 0;
};

}  // namespace reprise

#endif  // REPRISE_SERVER_LATENCY_HISTOGRAM_H_
