// The oracle of stale events: an event for a registration that has ended has to be recognised as such.
//
// Mostly nothing comes of one that is believed: its new owner tries to read, and would block. So it can't be seen from
// outside, and is counted: every stale event that the world delivers is dropped by the loop, and no other branch counts
// so many.
#ifndef REPRISE_PROPTESTS_ORACLES_STALE_EVENTS_H_
#define REPRISE_PROPTESTS_ORACLES_STALE_EVENTS_H_

#include <cstdint>
#include <string>

#include "loop/counters.h"

namespace reprise {

// `delivered` stale events were made up by the world; there may have been others, from the program's own turns. Answers
// what is wrong; empty: nothing.
std::string DescribeBelievedEvents(uint64_t delivered, const LoopCounters& counters);

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_ORACLES_STALE_EVENTS_H_
