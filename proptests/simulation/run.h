// Run: plays one plan: the whole server and its clients in a simulated world, and all oracles over what has happened.
#ifndef REPRISE_PROPTESTS_SIMULATION_RUN_H_
#define REPRISE_PROPTESTS_SIMULATION_RUN_H_

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <utility>

#include "loop/counters.h"
#include "proptests/oracles/finding.h"
#include "proptests/simulation/plan.h"
#include "proptests/simulation/verdict.h"
#include "proptests/workload/history.h"
#include "sim/choice_source.h"
#include "sim/choices.h"
#include "sim/sim_world.h"
#include "sim/trace.h"

namespace reprise {

struct RunReport {
  Verdict verdict = Verdict::kPassed;
  Oracle oracle = Oracle::kNone;  // who has found the problem
  std::string problem;            // in words, of several lines at times

  uint64_t hash = 0;  // of the trace
  uint64_t steps = 0;
  int64_t elapsed_ns = 0;  // virtual
  int64_t healed_ns = -1;
  uint64_t requests = 0;  // sent by clients
  uint64_t answered = 0;
  uint64_t socket_operations = 0;
  uint32_t deaths = 0;  // of the server's process
  std::array<SiteCount, kSiteCount> sites{};
  LoopCounters loop;
  Finding model;
  Finding linear;
  Finding cut;
  uint64_t unsent_peak_bytes = 0;  // of any one connection

  bool passed() const { return verdict == Verdict::kPassed; }
  // The first problem is the one that stays.
  void Fail(Verdict what, Oracle who, std::string words) {
    if (passed()) {
      verdict = what;
      oracle = who;
      problem = std::move(words);
    }
  }
};

struct RunOptions {
  Trace::Keep keep = Trace::Keep::kNothing;
  bool record_choices = false;
  // Called for each step that is kept, as it happens: so that one knows how far a run has come that ends badly.
  std::function<void(SimWorld& world, const Step& step)> on_step = {};
  // Called when the run is over and judged, before the world goes: for its trace and its choices.
  std::function<void(SimWorld& world, const RunReport& report)> inspect = {};
  // Called before that with what the clients have written down; not of a stream.
  std::function<void(std::span<const ClientHistory* const> histories)> look_back = {};
};

// "wrong answer (model): client 2 ..."
std::string DescribeFailure(const RunReport& report);

// What is the same for all kinds of runs: what a world is told to keep, and the numbers that come of it.
void ApplyRunOptions(const RunOptions& options, SimWorld& world);
void CollectNumbers(SimWorld& world, const LoopCounters& counters, RunReport& report);

RunReport PlayPlan(const Plan& plan, ChoiceSource& source, const RunOptions& options = {});

// With a SeededSource for the plan's seed.
RunReport PlaySeed(const Plan& plan, const RunOptions& options = {});

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_SIMULATION_RUN_H_
