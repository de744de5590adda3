// Sweep: compares many random histories with the simulation, and shrinks the first difference.
#ifndef REPRISE_PROPTESTS_KERNEL_TRUTH_SWEEP_H_
#define REPRISE_PROPTESTS_KERNEL_TRUTH_SWEEP_H_

#include <cstdint>
#include <string>

#include "proptests/kernel_truth/coverage.h"

namespace reprise::kernel_truth {

struct SweepOptions {
  uint64_t sequences = 20'000;
  uint64_t seed = 1;
  bool shrink = true;
};

struct SweepResult {
  bool passed = false;
  std::string difference;  // for people
  Coverage coverage;       // of what was compared and agreed
  uint64_t second_looks = 0;
  uint64_t over_ipv6 = 0;  // of the histories; 0 where the machine has no [::1]
  Coverage simulated;      // of the same operations in worlds with faults

  // What the simulation has shown that the kernel did not, and the faults that no history of the kernel's needed, each
  // with the source that says it can happen.
  std::string ToldOnlyBySimulation() const;
  // Outcomes of the simulation for which there is no such source.
  uint64_t WithoutSource() const;

  std::string ToString() const;
};

SweepResult RunSweep(const SweepOptions& options);

}  // namespace reprise::kernel_truth

#endif  // REPRISE_PROPTESTS_KERNEL_TRUTH_SWEEP_H_
