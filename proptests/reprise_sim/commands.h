// The subcommands of reprise-sim. Each answers the program's exit code; each has a file of its own.
#ifndef REPRISE_PROPTESTS_REPRISE_SIM_COMMANDS_H_
#define REPRISE_PROPTESTS_REPRISE_SIM_COMMANDS_H_

#include <cstdint>
#include <string>

#include "proptests/reprise_sim/target.h"

namespace reprise {

// Exit codes beside those of Verdict (proptests/simulation/run.h).
inline constexpr int kExitOk = 0;
inline constexpr int kExitUsage = 2;
inline constexpr int kExitLedger = 15;      // a fault never fired, or was never seen
inline constexpr int kExitStaleTape = 16;   // less than 90 % of a tape's overrides were asked for
inline constexpr int kExitUnfinished = 17;  // the walk was ended before it had seen every schedule (exhaust --timeout)
inline constexpr int kExitInterrupted = 130;  // by SIGINT or SIGTERM; nothing had failed until then

// More real time than this, nearly twelve days, is not asked for.
inline constexpr int64_t kSecondsMax = 1'000'000;

struct ReplayOptions {
  std::string target;  // a seed, or a tape's file
  Terms terms;
  bool options = false;  // print every option that the seed implies
  bool verbose = false;  // print what happens, step by step
  bool hash = false;     // print the trace's hash and nothing else
  bool json = false;
  bool in_process = false;   // no child process: for debuggers
  bool story = false;        // tell what happens in plain words, as `shrink` does
  uint64_t until_step = 0;   // break off behind it; 0: play to the end
  int64_t seconds_max = 60;  // of real time
  std::string save_tape;     // a file to write the run's tape to
  std::string trace;         // a file to write the run to, for Perfetto
  std::string html;          // a file to write the run to, as a page
  std::string steps;         // a file to write every step to, for `diff`

  bool recorded() const {
    return verbose || story || until_step != 0 || !save_tape.empty() || !trace.empty() || !html.empty() ||
           !steps.empty();
  }
};
int Replay(const ReplayOptions& options);

// Writes the smallest tape that still fails in the same way, and tells what happens in it.
struct ShrinkOptions {
  std::string target;
  Terms terms;
  std::string out;               // the file to write to; empty: named after the target
  int64_t seconds = 60;          // of real time, for the whole; what was found until then is written
  int64_t run_seconds_max = 60;  // of real time, for the first run
  bool json = false;
  bool quiet = false;
};
int ShrinkTarget(const ShrinkOptions& options);

struct SweepOptions {
  uint64_t first = 1;
  uint64_t last = 1000;
  Terms terms;
  uint32_t jobs = 1;
  int64_t seconds = 0;  // stop after so long; 0: when all seeds are done
  int64_t run_seconds_max = 60;
  uint64_t failures_max = 5;  // stop after so many
  bool twice = false;         // play each seed twice, and compare
  bool ledger = false;        // fail when a fault never fired or was never seen
  bool json = false;
  bool quiet = false;   // no progress line
  bool hashes = false;  // print each seed and the hash of its trace, and nothing else
};
int RunSweep(const SweepOptions& options);

// Plays every tape of a folder; each has to pass.
struct RegressionOptions {
  std::string folder;
  uint32_t jobs = 1;
  int64_t run_seconds_max = 60;
  bool json = false;
};
int RunRegressions(const RegressionOptions& options);

// Shows the first step at which two runs part, and what led to it.
struct DiffOptions {
  std::string one;  // a seed, a tape, or what `replay --steps` has written
  std::string other;
  Terms terms;
  size_t before = 12;  // steps of the common past to show
  int64_t run_seconds_max = 60;
  bool json = false;
};
int Diff(const DiffOptions& options);

// Walks every schedule within a bound: all ways to cut a pipeline in up to `cuts` places, crossed with each single one
// of some other faults.
struct ExhaustOptions {
  std::string pipeline;  // bytes; empty: one of our own
  uint64_t bytes = 40;   // of our own pipeline
  uint32_t cuts = 3;
  uint32_t faults = 1;  // of `sites`, at the same time
  std::string sites =
      "read.would_block,write.would_block,conn.reset,accept.would_block,accept.aborted,"
      "accept.too_many,accept.no_memory";
  int64_t seconds_max = 3600;                // of real time, for the whole
  int64_t schedule_seconds_max = 20;         // for one schedule
  std::string out = "exhaust.failure.tape";  // where a failing schedule's tape goes
  bool json = false;
  bool quiet = false;
};
int Exhaust(const ExhaustOptions& options);

int ListProfiles(bool json);
int ListFaults(bool json);

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_REPRISE_SIM_COMMANDS_H_
