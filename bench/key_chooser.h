// KeyChooser: which key a request of a load is about. The same seed gives the same sequence.
#ifndef REPRISE_BENCH_KEY_CHOOSER_H_
#define REPRISE_BENCH_KEY_CHOOSER_H_

#include <cmath>
#include <cstdint>

namespace reprise {

enum class KeyOrder : uint8_t { kSequential, kUniform, kZipf };

class KeyChooser {
 public:
  // Keys are numbers below `count`. `exponent` is that of the Zipf distribution, above 0 and not 1.
  KeyChooser(KeyOrder order, uint64_t count, double exponent, uint64_t seed)
      : order_(order), count_(count), exponent_(exponent), state_(seed) {
    low_ = Area(1.5) - 1;
    high_ = Area(static_cast<double>(count) + 0.5);
  }

  uint64_t Next() {
    switch (order_) {
      case KeyOrder::kSequential:
        return next_++ % count_;
      case KeyOrder::kUniform:
        return Below(count_);
      case KeyOrder::kZipf:
        // Scattered over the keys, so that those asked for most don't lie side by side.
        return NextRank() * kScatter % count_;
    }
    return 0;
  }
  // A number below `limit`. REQUIRES: limit > 0.
  uint64_t Below(uint64_t limit) { return Random() % limit; }

 private:
  // A prime, so that each rank has a key of its own.
  static constexpr uint64_t kScatter = 2'654'435'761;

  // splitmix64
  uint64_t Random() {
    uint64_t z = state_ += 0x9E3779B97F4A7C15ULL;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
  }
  // The area under x^-exponent up to x, and its inverse.
  double Area(double x) const { return std::pow(x, 1 - exponent_) / (1 - exponent_); }
  double InverseArea(double area) const { return std::pow(area * (1 - exponent_), 1 / (1 - exponent_)); }

  // Rejection-inversion (Hörmann and Derflinger, 1996): a point under the continuous curve, rounded to a rank, and
  // drawn again where it lies above that rank's bar.
  uint64_t NextRank() {
    while (true) {
      const double unit = static_cast<double>(Random() >> 11) * 0x1.0p-53;
      const double area = high_ + unit * (low_ - high_);
      const double x = InverseArea(area);
      double rank = std::floor(x + 0.5);
      rank = rank < 1 ? 1 : rank > static_cast<double>(count_) ? static_cast<double>(count_) : rank;
      if (area >= Area(rank + 0.5) - std::pow(rank, -exponent_)) {
        return static_cast<uint64_t>(rank) - 1;
      }
    }
  }

  KeyOrder order_;
  uint64_t count_;
  double exponent_;
  uint64_t state_;
  uint64_t next_ = 0;
  double low_ = 0;
  double high_ = 0;
};

}  // namespace reprise

#endif  // REPRISE_BENCH_KEY_CHOOSER_H_
