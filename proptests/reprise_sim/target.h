// Target: what a subcommand plays: a seed, or a tape in a file.
#ifndef REPRISE_PROPTESTS_REPRISE_SIM_TARGET_H_
#define REPRISE_PROPTESTS_REPRISE_SIM_TARGET_H_

#include <optional>
#include <string>

#include "loop/status.h"
#include "proptests/simulation/plan.h"
#include "proptests/simulation/run.h"
#include "server/commands/command_table.h"
#include "sim/tape.h"

namespace reprise {

struct Target {
  std::string name;  // as it was given on the command line
  Plan plan;
  std::optional<Tape> tape;  // none: the choices follow from the seed

  // The command that plays it again.
  std::string ReplayCommand() const;
};

// `text` is a number, or else a file's name. Errors: kNotFound, kInvalidArgument, with what to tell the user.
Result<Target> OpenTarget(const std::string& text, const std::string& profile, const CommandTable& commands);
Result<Target> SeedTarget(uint64_t seed, const std::string& profile, const CommandTable& commands);

// `unmatched_per_mille`, where not null, is set to how many of the tape's overrides nothing asked for.
RunReport PlayTarget(const Target& target, const RunOptions& options, uint32_t* unmatched_per_mille = nullptr);

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_REPRISE_SIM_TARGET_H_
