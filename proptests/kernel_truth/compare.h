// Compare: plays intents on the kernel, and judges what came of them by the simulation.
#ifndef REPRISE_PROPTESTS_KERNEL_TRUTH_COMPARE_H_
#define REPRISE_PROPTESTS_KERNEL_TRUTH_COMPARE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "proptests/kernel_truth/explain.h"
#include "proptests/kernel_truth/plan.h"

namespace reprise::kernel_truth {

struct Comparison {
  History history;
  Explanation explanation;
  // The kernel was asked again, with time to wait: what it did at first could not be explained, and now it could.
  bool second_look = false;
};

// What is not ready on the kernel may only be late, as on a machine that has much to do. So a difference counts only
// if it shows again and again while the kernel is given 0.3 seconds for whatever is awaited.
// `family` and `address_number` as of KernelStage.
Comparison CompareWithKernel(const std::vector<Intent>& intents, Address::Family family, uint64_t address_number);

}  // namespace reprise::kernel_truth

#endif  // REPRISE_PROPTESTS_KERNEL_TRUTH_COMPARE_H_
