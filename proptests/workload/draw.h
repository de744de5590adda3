// Draw: where a generator of scripts gets its decisions from: a seed, a fuzzer's bytes, or a property's generator.
#ifndef REPRISE_PROPTESTS_WORKLOAD_DRAW_H_
#define REPRISE_PROPTESTS_WORKLOAD_DRAW_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <utility>

#include "loop/check.h"
#include "sim/mix.h"

namespace reprise {

class Draw {
 public:
  virtual ~Draw() = default;

  // 0..bound-1; 0 is the plainest. REQUIRES: bound > 0.
  virtual uint64_t Below(uint64_t bound) = 0;

  bool Chance(uint64_t times, uint64_t of) { return Below(of) >= of - times; }
  int64_t Between(int64_t low, int64_t high) {
    return low + static_cast<int64_t>(Below(static_cast<uint64_t>(high - low) + 1));
  }
  template <typename List>
  const auto& OneOf(const List& list) {
    return list[static_cast<size_t>(Below(std::size(list)))];
  }
  // An index into `weights`, each as likely as its weight. REQUIRES: their sum is not 0.
  size_t Weighted(std::span<const uint32_t> weights) {
    uint64_t sum = 0;
    for (const uint32_t weight : weights) {
      sum += weight;
    }
    uint64_t left = Below(sum);
    size_t index = 0;
    while (left >= weights[index]) {
      left -= weights[index++];
    }
    return index;
  }
};

class SeedDraw final : public Draw {
 public:
  explicit SeedDraw(uint64_t seed) : random_(seed) {}
  uint64_t Below(uint64_t bound) override { return random_.Below(bound); }

 private:
  Random random_;
};

class FunctionDraw final : public Draw {
 public:
  explicit FunctionDraw(std::function<uint64_t(uint64_t bound)> function) : function_(std::move(function)) {}
  uint64_t Below(uint64_t bound) override {
    const uint64_t value = function_(bound);
    CHECK(value < bound);
    return value;
  }

 private:
  std::function<uint64_t(uint64_t)> function_;
};

// A fuzzer's bytes; 0 once they are used up.
class BytesDraw final : public Draw {
 public:
  // Borrows the bytes.
  explicit BytesDraw(std::span<const uint8_t> bytes) : bytes_(bytes) {}
  uint64_t Below(uint64_t bound) override {
    uint64_t value = 0;
    for (uint64_t range = bound; range > 1 && at_ < bytes_.size(); range = (range - 1) / 256 + 1) {
      value = value << 8 | bytes_[at_++];
    }
    return value % bound;
  }
  bool used_up() const { return at_ == bytes_.size(); }

 private:
  std::span<const uint8_t> bytes_;
  size_t at_ = 0;
};

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_WORKLOAD_DRAW_H_
