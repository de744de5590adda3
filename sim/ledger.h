// Ledger: for each fault, how often it could strike, how often it did, and how often somebody noticed.
//
// Offered and fired come from the Choices of each run. Seen comes from elsewhere: from counters in the branches of the
// loop and the server that handle the fault, handed in by whoever runs the sweep. A fault that is never offered, never
// fires or is never seen over a sweep tests nothing, and is named by Problems().
#ifndef REPRISE_SIM_LEDGER_H_
#define REPRISE_SIM_LEDGER_H_

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "loop/counters.h"
#include "sim/choices.h"
#include "sim/fault_sites.h"
#include "sim/notices.h"

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

  // Adds what happened in one run, and what the loop's counters say of it. A branch counts for a fault (notices.h) in
  // those runs only in which that fault struck.
  void AddRun(const std::array<SiteCount, kSiteCount>& counts, const LoopCounters& counters);
  // Adds a run of a program whose counters are not known.
  void AddRun(const Choices& choices) { AddCounts(choices.counts()); }
  // `times` a branch was taken that only this fault explains. Say 0 too, to have its absence noticed.
  void AddSeen(Site site, uint64_t times);
  void Merge(const Ledger& other);

  uint64_t runs() const { return runs_; }
  const Line& line(Site site) const { return lines_[static_cast<size_t>(site)]; }

  // One sentence for each fault that never fired, or was watched for and never seen. Empty: all is well. Of those in
  // `never` it is known that they can't strike in these runs; then it is one for each that did.
  std::vector<std::string> Problems(std::span<const Site> never = {}) const;
  // A table for people: site, offered, fired, seen, runs.
  std::string ToString() const;

  // How often one of RarePaths(), by its place there, was taken, and in how many runs.
  struct PathLine {
    uint64_t times = 0;
    uint64_t runs = 0;
  };
  const PathLine& path(size_t index) const { return paths_[index]; }
  // For people: a line for each rare path, then which were never taken.
  std::string PathsText() const;

 private:
  void AddCounts(const std::array<SiteCount, kSiteCount>& counts);

  std::array<Line, kSiteCount> lines_{};
  std::vector<PathLine> paths_ = std::vector<PathLine>(RarePaths().size());
  uint64_t runs_ = 0;
};

}  // namespace reprise

#endif  // REPRISE_SIM_LEDGER_H_
