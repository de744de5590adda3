// The determinism oracle: the same run twice is the same run, step by step.
#ifndef REPRISE_PROPTESTS_ORACLES_DETERMINISM_H_
#define REPRISE_PROPTESTS_ORACLES_DETERMINISM_H_

#include <functional>
#include <string>

#include "proptests/simulation/run.h"

namespace reprise {

// Plays once, in the way that it is told, and answers the report.
using PlayOnce = std::function<RunReport(const RunOptions& options)>;

// Plays again, and compares with `first`. What differs, with the first steps that do and a few before them; empty: the
// same. When two hashes differ the run is played twice more, to find where. The
// second of two runs has other addresses than the first, so that what follows from one differs too.
std::string CheckDeterministic(const RunReport& first, const PlayOnce& play);

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_ORACLES_DETERMINISM_H_
