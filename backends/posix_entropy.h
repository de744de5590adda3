// PosixEntropy: random bits from the kernel, fit for secrets. Asks for a block at a time. One thread.
#ifndef REPRISE_BACKENDS_POSIX_ENTROPY_H_
#define REPRISE_BACKENDS_POSIX_ENTROPY_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "loop/entropy.h"

namespace reprise {

class PosixEntropy : public Entropy {
 public:
  uint64_t Next() override;

 private:
  // getentropy gives 256 bytes at most, on every system that has it.
  static constexpr size_t kBlockWords = 256 / sizeof(uint64_t);

  std::array<uint64_t, kBlockWords> block_{};
  size_t used_ = kBlockWords;
};

}  // namespace reprise

#endif  // REPRISE_BACKENDS_POSIX_ENTROPY_H_
