// Reduce: makes a failing run of the server as small as it gets: its faults and operations by the shrinker of sim/, and
// what only this workload knows: plainer clients, shorter values, a shorter stream, options of the world and the server
// back at their defaults.
#ifndef REPRISE_PROPTESTS_SIMULATION_REDUCE_H_
#define REPRISE_PROPTESTS_SIMULATION_REDUCE_H_

#include <functional>
#include <vector>

#include "proptests/simulation/layout.h"
#include "proptests/simulation/plan.h"
#include "sim/shrinker.h"
#include "sim/tape.h"

namespace reprise {

// The operations that a tape of this plan may leave out.
std::vector<OperationId> OperationsOf(const Plan& plan);

// Tapes that are plainer than `tape` by one thing each, the boldest first. REQUIRES: the tape's script is in it.
std::vector<Tape> PlainerTapes(const Tape& tape, const CommandTable& commands);

// Plays a tape and tells where its requests lay; empty if the run broke off.
using LayoutSource = std::function<Layout(const Tape&)>;

// Shrinks request.tape; `operations`, `simpler` and `moved` are set here. What was left out is gone from the result,
// where that plays the same, in place of being listed. Without `layout_of` choices stay where they are when what is in
// front of them goes. REQUIRES: the tape's script is in it.
ShrinkResult Reduce(ShrinkRequest request, const CommandTable& commands, const LayoutSource& layout_of = {});

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_SIMULATION_REDUCE_H_
