// Shrinker: makes a failing tape as small as it gets while it still fails in the same way.
//
// First the faults go, by kind, by actor and one by one, then operations of the workload, then the values that are left
// become smaller, and what is left strikes as early as it can; and again from the start, until nothing more can go.
// Whether a tape still fails in the same way is for the caller to say, by playing it. The result is 1-minimal: no
// single override, operation or simpler value of those tried can be left out any more (unless the limit on tries came
// first).
#ifndef REPRISE_SIM_SHRINKER_H_
#define REPRISE_SIM_SHRINKER_H_

#include <cstdint>
#include <functional>
#include <vector>

#include "sim/tape.h"

namespace reprise {

struct ShrinkRequest {
  Tape tape;                            // fails
  std::vector<OperationId> operations;  // of the workload, those that may be left out
  // Plays a tape; true if it fails in the same way as the first one.
  std::function<bool(const Tape&)> still_fails;
  // Other ways to make this tape simpler, the boldest first: a smaller option, a shorter value. Empty: there are none.
  // Each must be simpler than its original by some measure that cannot decrease for ever.
  std::function<std::vector<Tape>(const Tape&)> simpler;
  // A smaller workload moves what it still does: a cut at a request's middle lies elsewhere in its stream when requests
  // in front of it are left out. Called when `smaller`, with fewer or simpler operations than `tape`, did not fail;
  // answers it with its choices moved to where what they struck in `tape` has gone. Empty: choices stay where they are.
  std::function<Tape(const Tape& tape, const Tape& smaller)> moved;
  // Called whenever a smaller tape was found.
  std::function<void(const Tape&, uint64_t tries)> progress;
  // Whether to be content with what was found so far. Empty: never.
  std::function<bool()> enough;
  uint64_t tries_max = 20'000;
};

struct ShrinkResult {
  Tape tape;
  uint64_t tries = 0;
  bool reproduced = false;  // the first try failed as it should; else the tape is the one that was given
  bool minimal = false;     // it was not stopped by `enough` or by the limit on tries
};

ShrinkResult Shrink(const ShrinkRequest& request);

}  // namespace reprise

#endif  // REPRISE_SIM_SHRINKER_H_
