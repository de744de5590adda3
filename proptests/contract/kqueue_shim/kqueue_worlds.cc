// The list of worlds of contract_test_kqueue: the kernel through KqueuePoller. The simulated ones are contract_test's.

#include "backends/kqueue_poller.h"
#include "proptests/contract/contract_world.h"
#include "proptests/contract/posix_world.h"

namespace reprise {

std::vector<WorldFactory> KernelWorlds() { return {{"kqueue", &PosixWorld<KqueuePoller>::Make}}; }

std::vector<WorldFactory> AllWorlds() { return KernelWorlds(); }

}  // namespace reprise
