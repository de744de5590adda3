// The cut-anywhere oracle: what a lone client is answered follows from the bytes that it sends, however these, and the
// answers, are cut, delayed and reordered among other events on their way. Needs no model.
#ifndef REPRISE_PROPTESTS_ORACLES_CUT_ANYWHERE_H_
#define REPRISE_PROPTESTS_ORACLES_CUT_ANYWHERE_H_

#include <functional>
#include <string>
#include <string_view>

#include "proptests/oracles/finding.h"
#include "proptests/simulation/stream_run.h"
#include "sim/choice_source.h"

namespace reprise {

// How bytes are played against the server under test.
using PlayBytes = std::function<StreamResult(std::string_view bytes, ChoiceSource& source)>;

// Plays `bytes` without any fault, then with those of `source`, and compares. Where a connection was reset its replies
// may end sooner.
Finding CheckCutAnywhere(std::string_view bytes, ChoiceSource& source, const PlayBytes& play);

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_ORACLES_CUT_ANYWHERE_H_
