// The oracle of identity: what a connection is told of itself is the same wherever it is told.
//
// Each connection asks for its id at its start. Ids never come again from the same process, CLIENT ID says the same one
// later, and the lines of CLIENT INFO and CLIENT LIST that tell of the connection have it.
#ifndef REPRISE_PROPTESTS_ORACLES_IDENTITY_H_
#define REPRISE_PROPTESTS_ORACLES_IDENTITY_H_

#include "proptests/oracles/finding.h"
#include "proptests/workload/history.h"

namespace reprise {

Finding CheckIdentity(const ClientHistory& history);

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_ORACLES_IDENTITY_H_
