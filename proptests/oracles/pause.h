// The oracle of pauses: what CLIENT PAUSE holds back is not answered before the pause is over.
//
// A pause has begun for sure when it was answered, and lasts at least as long as it was asked for from when it was
// sent, unless a CLIENT UNPAUSE may have been executed meanwhile. A request that was sent and answered within that time
// was not held back. (That it is answered in the end is the business of liveness and peace.)
#ifndef REPRISE_PROPTESTS_ORACLES_PAUSE_H_
#define REPRISE_PROPTESTS_ORACLES_PAUSE_H_

#include <span>

#include "proptests/oracles/finding.h"
#include "proptests/workload/history.h"

namespace reprise {

// Looks at the histories of all clients of a run together.
Finding CheckPause(std::span<const ClientHistory* const> histories);

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_ORACLES_PAUSE_H_
