// Witness: plays a target, or tapes of it, in a child process, and brings back what came of it: the report, and what
// was to be recorded of the world; of a run that crashes or never ends, too, up to the last step before its end.
#ifndef REPRISE_PROPTESTS_REPRISE_SIM_WITNESS_H_
#define REPRISE_PROPTESTS_REPRISE_SIM_WITNESS_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "proptests/reprise_sim/isolation.h"
#include "proptests/reprise_sim/target.h"
#include "proptests/simulation/layout.h"
#include "proptests/simulation/run.h"
#include "server/commands/command_table.h"
#include "sim/sim_world.h"
#include "sim/tape.h"

namespace reprise {

class Witness {
 public:
  // What is to be kept of a run. Called in the child process, when the run is over or just before it breaks off.
  using Record = std::function<std::string(SimWorld& world, const RunReport& report)>;

  // Borrows both. A run is told to keep `keep` of its trace, and its choices, when it is recorded.
  // `watch` as of Isolation: a run that it ends counts as one without an end.
  Witness(const Target& target, const CommandTable& commands, Record record, Trace::Keep keep = Trace::Keep::kSteps,
          Isolation::Watch watch = {});

  // Plays the target, or the tape in its place. Takes no longer than seconds_max, nor, where that is not 0, than
  // cpu_ms_max of the processor's time. `layout`, where not null, is set to where its requests lay.
  RunReport Play(const Tape* tape, int64_t seconds_max, int64_t cpu_ms_max = 0, Layout* layout = nullptr);
  // The same, recorded; plays up to twice. With a `stop_at` that is not 0 it is broken off behind that step, or the
  // next one that is kept; then the report has nothing but the number of steps until there.
  RunReport PlayRecorded(const Tape* tape, int64_t seconds_max, std::string& recorded, uint64_t stop_at = 0);
  // After the last run: whether the process came to a good end, which a sanitizer may prevent. Passed, or kCrash.
  RunReport Finish(int64_t seconds_max);

  // What the last run, if it ended badly, printed to standard error.
  const std::string& errors() const { return errors_; }
  // How many of a thousand overrides the last run that came to its end did not ask for.
  uint32_t unmatched_per_mille() const { return unmatched_per_mille_; }
  // Whether the last recorded run was broken off where that was wanted.
  bool broken_off() const { return broken_off_; }

 private:
  std::string PlayInChild(std::string_view request, const Isolation::Child& child) const;
  RunReport Understand(const Isolation::Answer& answer, std::string* recorded);

  const Target& target_;
  const CommandTable& commands_;
  const Record record_;
  const Trace::Keep keep_;
  Isolation isolation_;
  std::string errors_;
  uint32_t unmatched_per_mille_ = 0;
  bool broken_off_ = false;
};

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_REPRISE_SIM_WITNESS_H_
