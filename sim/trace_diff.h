// Where two recorded runs part.
#ifndef REPRISE_SIM_TRACE_DIFF_H_
#define REPRISE_SIM_TRACE_DIFF_H_

#include <cstddef>
#include <optional>
#include <string>

#include "sim/step_text.h"

namespace reprise {

// The index, into both lists of steps, of the first step that is not the same in both: in its time, kind, actor (by
// name), numbers or bytes, or that one of them does not have. Nothing: the runs are the same.
std::optional<size_t> FirstDifference(const Recording& one, const Recording& other);

// The difference for people: what led to it, then the step of each. `before` steps of the common past are shown, waits
// and choices answered 0 not among them.
std::string DescribeDifference(const Recording& one, const Recording& other, size_t before = 12);

}  // namespace reprise

#endif  // REPRISE_SIM_TRACE_DIFF_H_
