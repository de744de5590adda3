// A recorded run as text, one step a line, to be compared with a run of another build or another machine.
//
//   reprise-steps 1
//   actor 3 client.0
//   17 83000 peer-send 3 0 72 9f2c... 2a320d0a...
//
// A step's line has its number, time in nanoseconds, kind, actor, a, b, the hash up to and with it, and its bytes in
// hexadecimal or '-'. An actor is introduced before its first step.
#ifndef REPRISE_SIM_STEP_LOG_H_
#define REPRISE_SIM_STEP_LOG_H_

#include <string>
#include <string_view>

#include "loop/status.h"
#include "sim/step_text.h"

namespace reprise {

inline constexpr std::string_view kStepLogHeader = "reprise-steps 1";

std::string StepLog(const Recording& run);
// Errors: kInvalidArgument, with the number of the line.
Result<KeptRecording> ParseStepLog(std::string_view text);

}  // namespace reprise

#endif  // REPRISE_SIM_STEP_LOG_H_
