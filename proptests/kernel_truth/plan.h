// Plan: what is to be done, before anything is known of what can be done; and how it is done on the kernel.
//
// An intent names whom it prefers, and is done to whoever is next to that and can have it done, so that leaving intents
// out or changing one does not make the others senseless: that is what a property's shrinking needs.
#ifndef REPRISE_PROPTESTS_KERNEL_TRUTH_PLAN_H_
#define REPRISE_PROPTESTS_KERNEL_TRUTH_PLAN_H_

#include <cstdint>
#include <vector>

#include "loop/network.h"
#include "proptests/kernel_truth/history.h"

namespace reprise::kernel_truth {

struct Intent {
  Act act = Act::kLook;
  uint8_t whom = 0;  // c0, s0, c1, s1 ...; for listeners L0, L1
  uint16_t amount = 1;
};

struct RecordOptions {
  Address::Family family = Address::Family::kIpv4;
  uint64_t address_number = 0;
  int patience_ms = 0;
  // Begins with a connection that is accepted, and ends by looking and by reading everything.
  bool with_ends = true;
};

// Does what can be done of the intents on the kernel, and tells what came of it.
History RecordOnKernel(const std::vector<Intent>& intents, const RecordOptions& options);

}  // namespace reprise::kernel_truth

#endif  // REPRISE_PROPTESTS_KERNEL_TRUTH_PLAN_H_
