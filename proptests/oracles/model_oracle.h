// The model oracle: every reply to a client that owns its keys is the one that the model predicts.
//
// When a request was executed is known only up to the moments that the server's clock showed between its sending and
// its answer. Where that makes a difference (expiries), the oracle follows every possibility; a reply that fits none of
// them is wrong. What a lost request did doesn't matter: the client empties its databases before it goes on.
#ifndef REPRISE_PROPTESTS_ORACLES_MODEL_ORACLE_H_
#define REPRISE_PROPTESTS_ORACLES_MODEL_ORACLE_H_

#include <string_view>

#include "proptests/oracles/finding.h"
#include "proptests/simulation/moments.h"
#include "proptests/workload/history.h"

namespace reprise {

// `server_password` is what the server asks for; empty: it asks for none. REQUIRES: history.keys is kOwn.
Finding CheckAgainstModel(const ClientHistory& history, const Moments& moments, std::string_view server_password = {});

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_ORACLES_MODEL_ORACLE_H_
