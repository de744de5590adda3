// Agreement: whether an outcome in the simulated world is the one that a history tells.
//
// Codes, bytes, readiness and whose connection was accepted must be the same. But how much a full buffer holds follows
// from a system's memory and settings, and the simulation does not claim to know it. So a direction is *loose* from the
// moment a write was not taken in full until everything was read: meanwhile amounts only count as none, some, or all
// that was written. That follows from the history alone.
#ifndef REPRISE_PROPTESTS_KERNEL_TRUTH_AGREEMENT_H_
#define REPRISE_PROPTESTS_KERNEL_TRUTH_AGREEMENT_H_

#include <vector>

#include "proptests/kernel_truth/history.h"

namespace reprise::kernel_truth {

// For each step, whether the direction that it reads from, writes to or awaits room in is loose when it begins.
std::vector<bool> LooseSteps(const History& history);

// What the simulated world does for a step that is loose: less than the kernel, as its buffers are smaller, but to the
// end where the kernel came to the end.
Operation ScaledOperation(const Step& step);

bool Agrees(const Step& step, const Outcome& simulated, bool loose);

}  // namespace reprise::kernel_truth

#endif  // REPRISE_PROPTESTS_KERNEL_TRUTH_AGREEMENT_H_
