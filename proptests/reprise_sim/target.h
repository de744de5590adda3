// Target: what a subcommand plays: a seed, or a tape in a file.
#ifndef REPRISE_PROPTESTS_REPRISE_SIM_TARGET_H_
#define REPRISE_PROPTESTS_REPRISE_SIM_TARGET_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "loop/status.h"
#include "proptests/simulation/plan.h"
#include "proptests/simulation/run.h"
#include "server/commands/command_table.h"
#include "sim/fault_sites.h"
#include "sim/tape.h"

namespace reprise {

// How a target is to be played, as it was said on the command line.
struct Terms {
  std::string profile = "mixed";  // of a seed
  std::string without;            // groups and sites of faults that are to be off, with commas between them
};

struct Target {
  std::string name;  // as it was given on the command line
  Terms terms;
  Plan plan;
  std::optional<Tape> tape;  // none: the choices follow from the seed

  // The command that plays it again; of a seed that was not the same twice: the one that compares it again.
  std::string ReplayCommand() const;
  std::string CompareCommand() const;
  std::string ShrinkCommand() const;
  std::string Flags() const;  // of both: all but the name
};

// `text` is a number, or else a file's name, or "-" for standard input. Errors: kNotFound, kInvalidArgument, with what
// to tell the user.
Result<Target> OpenTarget(const std::string& text, const Terms& terms, const CommandTable& commands);
Result<Target> SeedTarget(uint64_t seed, const Terms& terms, const CommandTable& commands);

// The sites that "bytes,conn.reset" stands for. Errors: kInvalidArgument, a name is neither a group nor a fault's.
Result<std::vector<Site>> ParseFaults(std::string_view text);

// `unmatched_per_mille`, where not null, is set to how many of the tape's overrides nothing asked for.
RunReport PlayTarget(const Target& target, const RunOptions& options, uint32_t* unmatched_per_mille = nullptr);

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_REPRISE_SIM_TARGET_H_
