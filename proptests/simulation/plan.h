// Plan: everything that a run is made of beside its choices: who the clients are and what they do, what the server is
// told, how the world is, and for how long it is a bad one.
//
// A plan follows from a seed and the name of a profile. A tape holds the same two, and may hold more: the script
// itself, operations to be left out, and single options in other values.
#ifndef REPRISE_PROPTESTS_SIMULATION_PLAN_H_
#define REPRISE_PROPTESTS_SIMULATION_PLAN_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "loop/status.h"
#include "proptests/workload/draw.h"
#include "proptests/workload/script.h"
#include "server/commands/command_table.h"
#include "server/config.h"
#include "sim/sim_options.h"
#include "sim/swarm_profile.h"
#include "sim/tape.h"

namespace reprise {

struct Plan {
  uint64_t seed = 0;
  std::string profile = "mixed";
  SwarmProfile faults;  // what a seeded source is to do; a tape has no use for it
  SimOptions world;
  std::vector<std::pair<std::string, std::string>> config;  // of the server, over its defaults
  uint64_t pause_output_bytes = 0;  // with more unsent output a client is not read from; 0: as the server leaves it
  int64_t heal_after_ns = 0;        // from the beginning; sooner if all is done by then
  Script script;
  // In place of a script: the bytes of a lone client, which are played without faults and with them, and compared.
  std::optional<std::string> stream;
  bool audit = false;             // at the end, what the server tells of itself is asked for and compared
  bool monitor = false;           // somebody monitors, and what is shown is compared; there is no audit then
  bool stream_may_break = false;  // a stream's connection may fail too; then its replies may end sooner

  // An option by name, or empty.
  std::string_view Config(std::string_view name) const;
  void SetConfig(std::string_view name, std::string_view value);
};

// Errors: kNotFound, there is no such profile.
Result<Plan> MakePlan(uint64_t seed, std::string_view profile, const CommandTable& commands);
// The same, but the script and the options come from `draw` instead of a seed. There are no rates.
Plan DrawPlan(Draw& draw, std::string_view profile, const CommandTable& commands);

// A tape of this plan, without choices. `with_script`: the script is written out, so that the tape stays what it is
// when the generators change.
Tape TapeOf(const Plan& plan, bool with_script);
// Errors: kInvalidArgument, in words.
Result<Plan> PlanOf(const Tape& tape, const CommandTable& commands);

// Tells `config` an option of Plan::config; words are separated by single blanks. Errors: it refuses.
Status ApplyServerConfig(std::string_view name, std::string_view value, Config& config);

// All options, as `name value` lines; the rates of the faults that are on among them.
std::string DescribeOptions(const Plan& plan);
// The clients, one a line.
std::string DescribeClients(const Plan& plan);

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_SIMULATION_PLAN_H_
