// Notices: how the program under test notices a fault: by a branch of its own that counts, not by what the fault says.
//
// A fault that changes nothing but times and orders leads into no branch, for there is nothing to be handled; those are
// listed too, with the reason, so that none is passed over. RarePaths are all of the loop's branches that a good day
// does not come by.
#ifndef REPRISE_SIM_NOTICES_H_
#define REPRISE_SIM_NOTICES_H_

#include <cstdint>
#include <span>
#include <string_view>

#include "loop/counters.h"
#include "sim/fault_sites.h"

namespace reprise {

struct Notice {
  std::string_view by;                               // what happens in the program, or why nothing does
  uint64_t (*count)(const LoopCounters&) = nullptr;  // null: nobody can notice

  bool possible() const { return count != nullptr; }
};

// REQUIRES: IsFault(site). Some branches are shared by several faults: that a certain one led into it is only sure in a
// run in which the others are off.
const Notice& NoticeOf(Site site);

struct RarePath {
  std::string_view name;
  std::string_view means;
  uint64_t LoopCounters::*counter;
};
std::span<const RarePath> RarePaths();

// What the loops of two lives of a program have seen, number by number.
LoopCounters Sum(const LoopCounters& a, const LoopCounters& b);

}  // namespace reprise

#endif  // REPRISE_SIM_NOTICES_H_
