#include "backends/posix_entropy.h"

#if defined(__APPLE__)
#include <sys/random.h>
#endif
#include <unistd.h>

#include <utility>

#include "loop/check.h"

namespace reprise {

uint64_t PosixEntropy::Next() {
  if (used_ == kBlockWords) {
    CHECK(::getentropy(block_.data(), sizeof(block_)) == 0);  // fails for bad arguments only
    used_ = 0;
  }
  // What was given out is not kept: a later look into memory does not tell it.
  return std::exchange(block_[used_++], 0);
}

}  // namespace reprise
