// Judge: has all oracles look at what the clients of a run have written down, once it is over.
#ifndef REPRISE_PROPTESTS_SIMULATION_JUDGE_H_
#define REPRISE_PROPTESTS_SIMULATION_JUDGE_H_

#include <span>

#include "proptests/simulation/break_watch.h"
#include "proptests/simulation/moments.h"
#include "proptests/simulation/plan.h"
#include "proptests/simulation/run.h"
#include "proptests/workload/history.h"

namespace reprise {

// What the judge has to know of a run.
struct Evidence {
  const Plan& plan;
  const BreakWatch& breaks;
  const Moments& moments;  // of the program's wall clock
  bool any_vanished;       // a fault let a connection pass nothing any more
};

// Adds what is found, and how much was looked at, to the report.
void JudgeHistories(const Evidence& evidence, std::span<const ClientHistory* const> histories, RunReport& report);

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_SIMULATION_JUDGE_H_
