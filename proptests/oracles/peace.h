// The liveness oracle: after the faults have ceased everybody is answered, no connection ends that need not, and when
// all clients have gone nothing of them is left.
#ifndef REPRISE_PROPTESTS_ORACLES_PEACE_H_
#define REPRISE_PROPTESTS_ORACLES_PEACE_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "loop/event_loop.h"
#include "proptests/oracles/finding.h"
#include "proptests/workload/history.h"
#include "server/server.h"
#include "sim/sim_world.h"

namespace reprise {

struct PeaceTerms {
  int64_t peace_ns = -1;                 // from then on nothing breaks connections; -1: never
  int64_t speech_ns = -1;                // from then on nothing keeps what was sent from arriving; -1: as peace_ns
  bool any_may_break = true;             // before peace, something was out to break connections, and nobody knows which
  std::vector<uint32_t> may_break = {};  // connections of this client that something was out to break, before peace
  bool may_be_cut_off = false;           // the server ends connections with too much unsent output
  std::function<bool(const Ending&)> may_be_idle = {};  // it may have ended this one for its silence; null: none
};

// Looks at how a client's connections have ended: those that began in peace, and those that nothing was out to break,
// may end only as the script has it.
Finding CheckPeace(const ClientHistory& history, const PeaceTerms& terms);

// What the server is still busy with; empty when it only listens and waits.
std::string DescribeBusy(Server& server, const EventLoop& loop);

// What is left once the server was destroyed; empty: nothing.
std::string DescribeLeftOver(const SimWorld& world, const EventLoop& loop);

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_ORACLES_PEACE_H_
