// Ledger: for each fault, how often it could strike, how often it did, and how often somebody noticed.
//
// Offered and fired come from the Choices of each run. Seen comes from elsewhere: from counters in the branches of the
// loop and the server that handle the fault, handed in by whoever runs the sweep. A fault that is never offered, never
// fires or is never seen over a sweep tests nothing, and is named by Problems().
#ifndef REPRISE_SIM_LEDGER_H_
#define REPRISE_SIM_LEDGER_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "loop/counters.h"
#include "sim/choices.h"
#include "sim/fault_sites.h"

namespace reprise {

class Ledger {
 public:
  struct Line {
    uint64_t offered = 0;
    uint64_t fired = 0;
    uint64_t seen = 0;
    uint64_t runs_fired = 0;  // runs in which it struck at least once
    bool watched = false;     // somebody reports on it
  };

  // Adds what happened in one run.
  void AddRun(const Choices& choices);
  // `times` a branch was taken that only this fault explains. Say 0 too, to have its absence noticed.
  void AddSeen(Site site, uint64_t times);
  // The counters of a run's loop, each for the faults that lead into its branch. Some branches are shared by several
  // faults; that a certain one was seen is then only sure in a sweep in which the others are off.
  void AddSeen(const LoopCounters& counters);
  void Merge(const Ledger& other);

  uint64_t runs() const { return runs_; }
  const Line& line(Site site) const { return lines_[static_cast<size_t>(site)]; }

  // One sentence for each fault that never fired, or was watched for and never seen. Empty: all is well.
  std::vector<std::string> Problems() const;
  // A table for people: site, offered, fired, seen, runs.
  std::string ToString() const;

 private:
  std::array<Line, kSiteCount> lines_{};
  uint64_t runs_ = 0;
};

}  // namespace reprise

#endif  // REPRISE_SIM_LEDGER_H_
