// LoopCounters: what the branches of the loop and its connections saw.
//
// Each is counted by the branch that handles the case, and nowhere else, so that a simulated world can tell whether a
// fault that it injected was really met. They only grow.
#ifndef REPRISE_LOOP_COUNTERS_H_
#define REPRISE_LOOP_COUNTERS_H_

#include <cstdint>

namespace reprise {

struct LoopCounters {
  uint64_t turns = 0;
  uint64_t empty_waits = 0;  // Wait returned nothing before the deadline
  uint64_t ready_events = 0;
  uint64_t stale_events = 0;  // for a registration that had ended; dropped
  uint64_t completions = 0;
  uint64_t wakes = 0;
  uint64_t timers_fired = 0;
  uint64_t registers_refused = 0;  // a handle could not be watched
  uint64_t changes_refused = 0;    // what a handle is watched for could not be changed

  uint64_t connections_accepted = 0;
  uint64_t accepts_empty = 0;     // readable, but nobody waited
  uint64_t accepts_aborted = 0;   // the peer was gone before it was accepted
  uint64_t accepts_refused = 0;   // no handle or memory left; accepting paused
  uint64_t accepts_deferred = 0;  // the turn's bound was reached and more waited

  uint64_t bytes_read = 0;
  uint64_t bytes_written = 0;
  uint64_t reads_blocked = 0;        // readable, but no byte was there
  uint64_t reads_ended = 0;          // end of stream
  uint64_t reads_failed = 0;         // reset, timed out
  uint64_t inputs_kept = 0;          // an unfinished request was kept for a later read
  uint64_t requests_unfinished = 0;  // the same, but kept by the handler, which counts it here
  uint64_t inputs_continued = 0;     // whole requests were left for a later turn
  uint64_t writes_short = 0;         // a part was taken; the rest kept
  uint64_t writes_blocked = 0;       // nothing was taken
  uint64_t writes_failed = 0;        // reset, broken pipe
  uint64_t reads_paused = 0;         // too much unsent output; no longer read from
  uint64_t drained_after_end = 0;    // the peer had finished sending, and got its answers before the close
};

}  // namespace reprise

#endif  // REPRISE_LOOP_COUNTERS_H_
