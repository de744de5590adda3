// The list of worlds that the contract is checked in.

#include "backends/native_poller.h"
#include "proptests/contract/contract_world.h"
#include "proptests/contract/posix_world.h"
#include "proptests/contract/sim_contract_world.h"

namespace reprise {

std::vector<WorldFactory> KernelWorlds() { return {{kNativePollerName, &PosixWorld<NativePoller>::Make}}; }

std::vector<WorldFactory> AllWorlds() {
  std::vector<WorldFactory> all = KernelWorlds();
  for (const WorldFactory& simulated : SimulatedWorlds()) all.push_back(simulated);
  return all;
}

}  // namespace reprise
