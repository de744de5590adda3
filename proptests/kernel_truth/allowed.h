// Allowed: what the simulation allows and the kernel need not show, and where it is written that it can happen.
#ifndef REPRISE_PROPTESTS_KERNEL_TRUTH_ALLOWED_H_
#define REPRISE_PROPTESTS_KERNEL_TRUTH_ALLOWED_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proptests/kernel_truth/coverage.h"
#include "proptests/kernel_truth/history.h"
#include "sim/fault_sites.h"

namespace reprise::kernel_truth {

// The manual page or the RFC that says that what a fault does can happen. REQUIRES: IsFault(site).
std::string_view SourceOf(Site site);

// The fault that an outcome (coverage.h) comes from which the kernel was not seen to give; nothing: none is known, so
// the simulation allows what nobody has said can happen.
std::optional<Site> FaultBehind(const std::string& act, const std::string& outcome);

// Plays the operations of a history, as far as they can be, in a world with all faults of a seed.
History PlayUnderFaults(const History& history, uint64_t seed);

struct OnlySimulated {
  std::string act;
  std::string outcome;
  uint64_t times = 0;
};
// The outcomes of `simulated` that are not among the kernel's.
std::vector<OnlySimulated> OnlyIn(const Coverage& simulated, const Coverage& kernel);

}  // namespace reprise::kernel_truth

#endif  // REPRISE_PROPTESTS_KERNEL_TRUTH_ALLOWED_H_
