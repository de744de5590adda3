// Coverage: what a sweep over many histories has come by.
#ifndef REPRISE_PROPTESTS_KERNEL_TRUTH_COVERAGE_H_
#define REPRISE_PROPTESTS_KERNEL_TRUTH_COVERAGE_H_

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "proptests/kernel_truth/explain.h"
#include "proptests/kernel_truth/history.h"

namespace reprise::kernel_truth {

class Coverage {
 public:
  // By act and outcome in words, without amounts: {"read", "end of stream"}.
  using Counts = std::map<std::pair<std::string, std::string>, uint64_t>;

  void Add(const History& history, const Explanation& explanation);
  // Only the outcomes.
  void Add(const History& history);

  uint64_t histories() const { return histories_; }
  uint64_t steps() const { return steps_; }
  // Whether a history could not be explained without this fault.
  bool Needed(Site site) const;
  const Counts& counts() const { return counts_; }
  // A table of what was done and came of it, and of the choices that were needed.
  std::string ToString() const;

 private:
  uint64_t histories_ = 0;
  uint64_t steps_ = 0;
  uint64_t runs_ = 0;
  uint64_t runs_most_ = 0;
  uint64_t without_choices_ = 0;
  uint64_t held_back_ = 0;
  Counts counts_;
  std::map<std::string, uint64_t> needed_;  // histories that needed a choice at this site, with this answer
};

// The outcome of a step, without amounts.
std::string OutcomeClass(const Step& step);

}  // namespace reprise::kernel_truth

#endif  // REPRISE_PROPTESTS_KERNEL_TRUTH_COVERAGE_H_
