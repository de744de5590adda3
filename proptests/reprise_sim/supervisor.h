// Supervisor: plays runs in child processes, so that a CHECK, a sanitizer's report, a signal and an endless turn end in
// a line that says which run it was, and not in the end of everything.
//
// A child plays many runs, one after the other; when one ends it, another child goes on behind that run.
#ifndef REPRISE_PROPTESTS_REPRISE_SIM_SUPERVISOR_H_
#define REPRISE_PROPTESTS_REPRISE_SIM_SUPERVISOR_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace reprise {

struct Supervision {
  uint64_t first = 0;  // runs are numbers, from first to last
  uint64_t last = 0;
  uint32_t jobs = 1;             // child processes at a time
  int64_t run_seconds_max = 60;  // a run that takes longer is ended
  // Asked some ten times a second: true, and all is over. Empty: it is not.
  std::function<bool()> enough = {};
};

// How a run ended.
struct Ended {
  uint64_t run = 0;
  enum class How : uint8_t { kReported, kCrashed, kTimedOut } how = How::kReported;
  std::string_view report;   // what `play` answered
  std::string_view details;  // how a child came to its end, in words
  std::string_view errors;   // what it printed to standard error, which goes to ours as well
};

// Calls `play(run)` in child processes, and `ended` here as each run has ended, until all have or `ended` answers
// false. What a child writes to standard error goes to ours when it has ended. Answers false when processes can't be
// had.
bool Supervise(const Supervision& supervision, const std::function<std::string(uint64_t run)>& play,
               const std::function<bool(const Ended&)>& ended);

// The processor's time that this process and its children which have ended have taken.
int64_t CpuMilliseconds();

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_REPRISE_SIM_SUPERVISOR_H_
