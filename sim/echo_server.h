// Two echo servers for the simulator's own scenario: one on the loop, as programs are written, and one on Poller and
// Network alone, which no change to the loop can touch, so that known hashes stay known.
#ifndef REPRISE_SIM_ECHO_SERVER_H_
#define REPRISE_SIM_ECHO_SERVER_H_

#include <memory>

#include "loop/clock.h"
#include "loop/counters.h"
#include "loop/network.h"
#include "loop/poller.h"

namespace reprise {

class EchoServer {
 public:
  virtual ~EchoServer() = default;
  // Serves until it is asked to stop.
  virtual void Run() = 0;
  virtual LoopCounters counters() const = 0;
};

std::unique_ptr<EchoServer> MakeLoopEchoServer(Poller& poller, Network& network, Clock& clock, const Address& address);
// Keeps no counters.
std::unique_ptr<EchoServer> MakePlainEchoServer(Poller& poller, Network& network, const Address& address);

}  // namespace reprise

#endif  // REPRISE_SIM_ECHO_SERVER_H_
