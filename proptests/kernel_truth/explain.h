// Explain: whether a history is among those that the simulation allows.
//
// What the simulation allows for a sequence of operations is the set of what comes of them under all its choices. The
// search goes through that set by playing the history again and again in new worlds: first with all choices 0, then, if
// an outcome isn't the history's, with one choice more answered otherwise, of those that were asked before that outcome
// and can have to do with it. Worlds that agree for longest go first. A history that is explained comes with the
// choices that do so, each of which is a run of the simulation itself: so no outcome is ever allowed by mistake of the
// search. A history that is not explained may still be allowed by choices that the search does not vary (the faults
// that Alternatives leaves at 0) or by more of them at once than it tries: those are told as differences, on purpose.
#ifndef REPRISE_PROPTESTS_KERNEL_TRUTH_EXPLAIN_H_
#define REPRISE_PROPTESTS_KERNEL_TRUTH_EXPLAIN_H_

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "proptests/kernel_truth/history.h"
#include "proptests/kernel_truth/wrong_world.h"
#include "sim/choice_source.h"

namespace reprise::kernel_truth {

struct SearchLimits {
  uint64_t runs_most = 3'000;
  size_t choices_most = 4;  // answered other than 0 in one run
};

struct Explanation {
  bool found = false;
  std::vector<ChoiceMade> choices;  // those other than 0, of the run that explains the history
  // Writes that would have been taken, had the search not answered would-block as the history does.
  uint64_t held_back = 0;
  uint64_t runs = 0;
  // Where it was not found: the first steps that could be explained, and what came of the next one in the runs that
  // agreed with them.
  size_t agreed = 0;
  std::set<std::string> allowed;

  // For people: where the difference is, and what both sides say.
  std::string Describe(const History& history) const;
};

Explanation Explain(const History& history, Wrong wrong = Wrong::kNothing, const SearchLimits& limits = {});

}  // namespace reprise::kernel_truth

#endif  // REPRISE_PROPTESTS_KERNEL_TRUTH_EXPLAIN_H_
