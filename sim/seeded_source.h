// SeededSource: answers drawn from a seed.
//
// Each answer is a hash of the seed and of the choice's name: no state, so what one part of the world asks, and how
// often, has no influence on what another part is answered.
#ifndef REPRISE_SIM_SEEDED_SOURCE_H_
#define REPRISE_SIM_SEEDED_SOURCE_H_

#include "sim/choice_source.h"

namespace reprise {

class SeededSource : public ChoiceSource {
 public:
  explicit SeededSource(uint64_t seed);

  uint64_t Answer(const ChoiceRequest& request) override;
  bool KeepsToRates() const override { return true; }

 private:
  uint64_t key_;
};

}  // namespace reprise

#endif  // REPRISE_SIM_SEEDED_SOURCE_H_
