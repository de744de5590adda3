// StreamRun: one client alone with the server, which sends given bytes, ends its direction, and reads to the end.
//
// Time and randomness are held still, and only the faults that a stream of bytes must not show are let through: those
// of readiness, and those that cut and delay bytes. So the bytes that come back follow from the bytes that were sent.
#ifndef REPRISE_PROPTESTS_SIMULATION_STREAM_RUN_H_
#define REPRISE_PROPTESTS_SIMULATION_STREAM_RUN_H_

#include <string>
#include <string_view>

#include "proptests/simulation/run.h"
#include "sim/choice_source.h"
#include "sim/swarm_profile.h"

namespace reprise {

struct StreamResult {
  std::string replies;
  bool reset = false;     // the connection was torn down, which may have taken replies with it
  std::string problem;    // in words: the server has not ended the connection, or something was left over
  RunReport report = {};  // of this run alone, not of the comparison
};

// `rates` matters to a seeded source only. `may_break`: the faults of connections are let through as well.
StreamResult PlayStream(std::string_view bytes, ChoiceSource& source, const SwarmProfile& rates,
                        const RunOptions& options = {}, bool may_break = false);

// The stream of a plan, without faults and then with those of `source`, compared; the report is of the latter.
RunReport PlayStreamTwice(const Plan& plan, ChoiceSource& source, const RunOptions& options);

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_SIMULATION_STREAM_RUN_H_
