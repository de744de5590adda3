// Run: plays one plan: the whole server and its clients in a simulated world, and all oracles over what has happened.
#ifndef REPRISE_PROPTESTS_SIMULATION_RUN_H_
#define REPRISE_PROPTESTS_SIMULATION_RUN_H_

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "loop/counters.h"
#include "loop/event_loop.h"
#include "proptests/oracles/finding.h"
#include "proptests/simulation/plan.h"
#include "sim/choice_source.h"
#include "sim/choices.h"
#include "sim/sim_world.h"
#include "sim/trace.h"

namespace reprise {

// What came of a run. The numbers are exit codes of reprise-sim, and stay.
enum class Verdict : uint8_t {
  kPassed = 0,
  kWrongAnswer = 10,  // a reply, a history or an ending that may not be
  kNoProgress = 11,   // somebody waits for ever
  kCrash = 12,        // a CHECK, a sanitizer's report, a signal
  kLeak = 13,         // something is left over, or a limit of memory was passed
  kDivergence = 14,   // the same run twice was not the same
};
std::string_view VerdictName(Verdict verdict);

struct RunReport {
  Verdict verdict = Verdict::kPassed;
  std::string problem;  // in words, of several lines at times

  uint64_t hash = 0;  // of the trace
  uint64_t steps = 0;
  int64_t elapsed_ns = 0;  // virtual
  int64_t healed_ns = -1;
  uint64_t requests = 0;  // sent by clients
  uint64_t answered = 0;
  uint64_t socket_operations = 0;
  std::array<SiteCount, kSiteCount> sites{};
  LoopCounters loop;
  Finding model;
  Finding linear;
  Finding cut;
  uint64_t unsent_peak_bytes = 0;  // of any one connection

  bool passed() const { return verdict == Verdict::kPassed; }
};

struct RunOptions {
  Trace::Keep keep = Trace::Keep::kNothing;
  bool record_choices = false;
  // Called when the run is over and judged, before the world goes: for its trace and its choices.
  std::function<void(SimWorld& world, const RunReport& report)> inspect = {};
};

// Sets what is the same for all kinds of runs: hash, steps, time, sites, loop.
void CollectNumbers(SimWorld& world, const EventLoop& loop, RunReport& report);

RunReport PlayPlan(const Plan& plan, ChoiceSource& source, const RunOptions& options = {});

// With a SeededSource for the plan's seed.
RunReport PlaySeed(const Plan& plan, const RunOptions& options = {});

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_SIMULATION_RUN_H_
