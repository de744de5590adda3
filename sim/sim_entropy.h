// SimEntropy: randomness that follows from a seed.
//
// Not a choice: it has no harmless answer, and a program must be right for every value. It is an option of the run.
#ifndef REPRISE_SIM_SIM_ENTROPY_H_
#define REPRISE_SIM_SIM_ENTROPY_H_

#include "loop/entropy.h"
#include "sim/mix.h"
#include "sim/sim_context.h"

namespace reprise {

class SimEntropy : public Entropy {
 public:
  explicit SimEntropy(const SimContext& context)
      : random_(MixPair(context.options.entropy_seed, 0x656e'7472'6f70'7901u)) {}

  uint64_t Next() override { return random_.Next(); }

 private:
  Random random_;
};

}  // namespace reprise

#endif  // REPRISE_SIM_SIM_ENTROPY_H_
