// The simulated worlds in which the contract is checked: a quiet one, and some in which every fault that a contract
// allows at any time strikes often.
#ifndef REPRISE_PROPTESTS_CONTRACT_SIM_CONTRACT_WORLD_H_
#define REPRISE_PROPTESTS_CONTRACT_SIM_CONTRACT_WORLD_H_

#include <vector>

#include "proptests/contract/contract_world.h"

namespace reprise {

std::vector<WorldFactory> SimulatedWorlds();

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_CONTRACT_SIM_CONTRACT_WORLD_H_
