// Verdict: what came of a run, and which oracle said so.
#ifndef REPRISE_PROPTESTS_SIMULATION_VERDICT_H_
#define REPRISE_PROPTESTS_SIMULATION_VERDICT_H_

#include <cstdint>
#include <string_view>

namespace reprise {

// The numbers are exit codes of reprise-sim, and stay.
enum class Verdict : uint8_t {
  kPassed = 0,
  kWrongAnswer = 10,  // a reply, a history or an ending that may not be
  kNoProgress = 11,   // somebody waits for ever
  kCrash = 12,        // a CHECK, a sanitizer's report, a signal
  kLeak = 13,         // something is left over, or a limit of memory was passed
  kDivergence = 14,   // the same run twice was not the same
};

// Who found the failure. The first one to speak is named.
enum class Oracle : uint8_t {
  kNone,             // the run has passed
  kModel,            // a reply is not the one that the model predicts
  kLinearizability,  // no order of the requests explains what several clients saw
  kCutAnywhere,      // the replies depend on how bytes were cut and delayed
  kReplyForm,        // bytes that are no reply, a reply too many, a protocol error that is not the one to expect
  kPeace,            // a connection ended, or waited in vain, though nothing breaks connections
  kLiveness,         // not all was answered after the world had healed, or nothing will ever happen again
  kSteps,            // the run passed its limit of steps
  kUnsentOutput,     // more unsent output, or for longer, than client-output-buffer-limit allows
  kLeak,             // something was left over
  kCrash,            // the process came to a bad end
  kTime,             // the run took too much real time
  kDeterminism,      // played twice, it was not the same
  kStaleEvents,      // an event for a registration that had ended was believed
  kTurnBound,        // one connection was given more work in a turn than is its share
  kIdle,             // a client was silent for longer than `timeout`, and was not told to go
  kKeptMemory,       // a connection keeps memory that it has no use for
  kIdentity,         // a connection is told different things of itself
  kClientList,       // CLIENT LIST, INFO or KILL: not who is there, or not what is so
  kCounts,           // INFO counts what the world has not seen, or the other way round
  kLog,              // a line of the log without a cause, or a cause without its line
  kServerMemory,     // the server as a whole holds memory that nothing explains
  kPause,            // a request was answered while CLIENT PAUSE should have held it back
  kMonitor,          // MONITOR shows something else than what was executed
};
inline constexpr uint8_t kOracleCount = 24;

std::string_view VerdictName(Verdict verdict);
// "model", "cut anywhere", "unsent output"; empty for kNone.
std::string_view OracleName(Oracle oracle);

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_SIMULATION_VERDICT_H_
