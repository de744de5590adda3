// BytesSource: answers read from a fuzzer's input.
//
// The input is a sequence of entries: one byte that says how many choices are answered 0 first (0..255), then the
// answer as 1 + the value of as few bytes as its range needs (1, 2, 4 or 8, little endian). When the bytes are used up,
// all that is left is 0. So a fuzzer can put in and take out single faults, and an empty input is the harmless run.
#ifndef REPRISE_SIM_BYTES_SOURCE_H_
#define REPRISE_SIM_BYTES_SOURCE_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "sim/choice_source.h"

namespace reprise {

class BytesSource : public ChoiceSource {
 public:
  // Borrows the bytes.
  explicit BytesSource(std::span<const uint8_t> bytes) : bytes_(bytes) { ReadSkip(); }

  uint64_t Answer(const ChoiceRequest& request) override;

  bool used_up() const { return exhausted_; }

 private:
  void ReadSkip();
  uint8_t Take();

  std::span<const uint8_t> bytes_;
  size_t at_ = 0;
  uint32_t skip_ = 0;
  bool exhausted_ = false;
};

}  // namespace reprise

#endif  // REPRISE_SIM_BYTES_SOURCE_H_
