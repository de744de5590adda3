// EchoScenario: the smallest whole simulated run, for the simulator's own tests and for measuring it.
//
// A server on the loop that sends back what it gets, and clients that send, compare what comes back, reconnect when
// their connection is lost, and close when all has come back. After the faulty phase the world heals, and every client
// has to finish. It shows how a workload is put together, too.
#ifndef REPRISE_SIM_ECHO_SCENARIO_H_
#define REPRISE_SIM_ECHO_SCENARIO_H_

#include <cstdint>
#include <string>

#include "loop/counters.h"
#include "sim/sim_world.h"

namespace reprise {

struct EchoOptions {
  uint32_t clients = 3;
  uint32_t messages = 6;        // of each client
  uint32_t message_bytes = 40;  // at most
  int64_t heal_after_ns = 2 * kNanosPerSecond;
  bool plain_server = false;  // the one that does without the loop
};

struct EchoOutcome {
  uint64_t hash = 0;
  uint64_t steps = 0;
  uint64_t operations = 0;  // of the server on sockets
  uint64_t bytes_echoed = 0;
  uint64_t losses = 0;
  uint32_t clients_done = 0;
  std::string failure;  // empty: everything came back as it was sent, and nothing was left over
  SimWorld::How how = SimWorld::How::kRunning;
  LoopCounters counters;
};

// Runs the scenario in `world`, which must be new.
EchoOutcome RunEcho(SimWorld& world, uint64_t workload_seed, const EchoOptions& options = {});

}  // namespace reprise

#endif  // REPRISE_SIM_ECHO_SCENARIO_H_
