// Sample: histories of the kernel on which wrong simulations are tried.
#ifndef REPRISE_PROPTESTS_KERNEL_TRUTH_SAMPLE_H_
#define REPRISE_PROPTESTS_KERNEL_TRUTH_SAMPLE_H_

#include <vector>

#include "proptests/kernel_truth/history.h"

namespace reprise::kernel_truth {

// The same intents each time, played on this machine's kernel: first some that are likely to tell wrong from right,
// then random ones.
std::vector<History> SampleHistories();

}  // namespace reprise::kernel_truth

#endif  // REPRISE_PROPTESTS_KERNEL_TRUTH_SAMPLE_H_
