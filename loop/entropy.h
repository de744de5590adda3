// Entropy: the only source of randomness.
#ifndef REPRISE_LOOP_ENTROPY_H_
#define REPRISE_LOOP_ENTROPY_H_

#include <cstdint>

namespace reprise {

class Entropy {
 public:
  virtual ~Entropy() = default;

  // 64 bits, each value as likely as any other. The operating system's implementation is fit for secrets.
  virtual uint64_t Next() = 0;
};

}  // namespace reprise

#endif  // REPRISE_LOOP_ENTROPY_H_
