// RateMeter: how fast a count has grown of late, as INFO's instantaneous figures tell it.
#ifndef REPRISE_SERVER_RATE_METER_H_
#define REPRISE_SERVER_RATE_METER_H_

#include <array>
#include <cstddef>
#include <cstdint>

namespace reprise {

class RateMeter {
 public:
  // To be called now and then, with a moment that never goes back and a count that may begin anew at 0. Moments less
  // than kIntervalNs after the former one taken are passed over.
  void Sample(int64_t now_ns, uint64_t count);

  // The mean over the latest kSamples intervals, those before the first sample counting as 0.
  uint64_t PerSecond() const;

 private:
  static constexpr int64_t kIntervalNs = 100'000'000;
  static constexpr size_t kSamples = 16;

  std::array<uint64_t, kSamples> per_second_ = {};
  size_t next_ = 0;
  int64_t last_ns_ = 0;
  uint64_t last_count_ = 0;
  bool begun_ = false;
};

}  // namespace reprise

#endif  // REPRISE_SERVER_RATE_METER_H_
