// The oracle of what the server tells of its clients: CLIENT LIST shows exactly the connections that there are, each of
// its lines and that of CLIENT INFO says what this client's own requests imply, and CLIENT KILL ends whom it says it
// does.
//
// A text was made at some moment between its asking and its answer. What a line may say follows from the requests that
// were answered before that and sent before its end, its seconds from what the wall clock has shown; where nothing was
// under way, there is one right answer. A connection has to be in the list when it was answered before and asked
// again later, and may not be when the server must have closed it.
#ifndef REPRISE_PROPTESTS_ORACLES_CLIENT_LIST_H_
#define REPRISE_PROPTESTS_ORACLES_CLIENT_LIST_H_

#include <cstdint>
#include <span>

#include "proptests/oracles/finding.h"
#include "proptests/simulation/moments.h"
#include "proptests/workload/history.h"

namespace reprise {

struct ClientListTerms {
  // From then on no fault strikes: who is answered on a connection can rely on it. -1: never.
  int64_t peace_ns = -1;
  // In peace, a client hears of the end of its connection so soon.
  int64_t hears_ns = 0;
  // The server ends clients for their silence: then all may be gone that ask for nothing more.
  bool may_be_idle = false;
};

Finding CheckClientList(std::span<const ClientHistory* const> histories, const Moments& moments,
                        const ClientListTerms& terms);

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_ORACLES_CLIENT_LIST_H_
