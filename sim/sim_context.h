// SimContext: what all parts of one simulated world share.
#ifndef REPRISE_SIM_SIM_CONTEXT_H_
#define REPRISE_SIM_SIM_CONTEXT_H_

#include "sim/actor.h"
#include "sim/choices.h"
#include "sim/process_life.h"
#include "sim/sim_options.h"
#include "sim/timeline.h"
#include "sim/trace.h"

namespace reprise {

struct SimContext {
  // Borrows `source` and `undertaker`.
  SimContext(ChoiceSource& source, const SwarmProfile& profile, const SimOptions& sim_options,
             ProcessLife::Undertaker& undertaker)
      : options(sim_options),
        trace(sim_options.keep),
        choices(source, profile, actors, trace),
        timeline(sim_options.start_monotonic_ns),
        life(undertaker) {}
  SimContext(const SimContext&) = delete;
  SimContext& operator=(const SimContext&) = delete;

  // Moves time forward, for the trace too.
  void AdvanceTo(int64_t time_ns) {
    timeline.AdvanceTo(time_ns);
    trace.SetTime(timeline.now_ns() - options.start_monotonic_ns);
  }

  const SimOptions options;
  ActorTable actors;
  Trace trace;
  Choices choices;
  Timeline timeline;
  ProcessLife life;
};

// The lengths that faults choose from by a small number V: 2^V microseconds, about a second at most.
inline constexpr uint64_t kDelaySteps = 20;
inline int64_t DelayOfStep(uint64_t step) { return step == 0 ? 0 : int64_t{1'000} << step; }

}  // namespace reprise

#endif  // REPRISE_SIM_SIM_CONTEXT_H_
