#include "server/latency_histogram.h"

#include <algorithm>
#include <bit>

#include "loop/check.h"

namespace reprise {

size_t LatencyHistogram::ClassOf(uint64_t duration_ns) {
  const auto octave = static_cast<size_t>(std::bit_width(duration_ns)) - 1;
  if (duration_ns < (uint64_t{1} << kFirstOctave)) {
    return 0;
  }
  if (octave >= kFirstOctave + kOctaves) {
    return kOctaves * kClassesPerOctave;
  }
  const uint64_t in_octave = duration_ns - (uint64_t{1} << octave);
  const auto sixteenth = static_cast<size_t>(in_octave * kClassesPerOctave >> octave);
  return 1 + (octave - kFirstOctave) * kClassesPerOctave + sixteenth;
}

uint64_t LatencyHistogram::LongestOf(size_t index) {
  if (index == 0) {
    return (uint64_t{1} << kFirstOctave) - 1;
  }
  const size_t octave = kFirstOctave + (index - 1) / kClassesPerOctave;
  const uint64_t width = (uint64_t{1} << octave) / kClassesPerOctave;
  return (uint64_t{1} << octave) + ((index - 1) % kClassesPerOctave + 1) * width - 1;
}

void LatencyHistogram::Record(uint64_t duration_ns, uint64_t times) {
  if (counts_.empty()) {
    counts_.resize(1 + kOctaves * kClassesPerOctave);
  }
  counts_[ClassOf(duration_ns)] += times;
  total_ += times;
}

uint64_t LatencyHistogram::Percentile(uint64_t per_mille) const {
  CHECK(per_mille <= 1000);
  // At least one, and no fewer than the share asks for.
  const uint64_t wanted = std::max<uint64_t>(1, (total_ * per_mille + 999) / 1000);
  uint64_t seen = 0;
  for (size_t i = 0; i < counts_.size(); ++i) {
    seen += counts_[i];
    if (seen >= wanted) {
      return LongestOf(i);
    }
  }
  return 0;
}

std::vector<std::pair<uint64_t, uint64_t>> LatencyHistogram::Cumulative() const {
  std::vector<std::pair<uint64_t, uint64_t>> found;
  uint64_t seen = 0;
  uint64_t told = 0;
  for (size_t i = 0; i < counts_.size(); ++i) {
    seen += counts_[i];
    if (i % kClassesPerOctave == 0 && seen > told) {  // the last class of its octave
      found.emplace_back(LongestOf(i) + 1, seen);
      told = seen;
    }
  }
  return found;
}

}  // namespace reprise
