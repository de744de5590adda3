// The oracle of pauses: what CLIENT PAUSE holds is not answered before the pause is over.
//
// A pause is taken to last from the moment when it was confirmed (for what its own connection sent behind it, from the
// start) to its duration after it was sent, or to the first moment at which a CLIENT UNPAUSE may have been executed: it
// lasts longer, but not less. Errors don't count, since what is refused for its form is refused at once. That a pause
// ends is a matter of liveness.
#ifndef REPRISE_PROPTESTS_ORACLES_PAUSE_H_
#define REPRISE_PROPTESTS_ORACLES_PAUSE_H_

#include <span>

#include "proptests/oracles/finding.h"
#include "proptests/workload/history.h"

namespace reprise {

Finding CheckPauses(std::span<const ClientHistory* const> histories);

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_ORACLES_PAUSE_H_
