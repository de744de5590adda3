// Keeps a failing run as a tape, so that whoever found it (a property, a fuzzer) can print the command that replays it.
#ifndef REPRISE_PROPTESTS_SIMULATION_FAILURE_TAPE_H_
#define REPRISE_PROPTESTS_SIMULATION_FAILURE_TAPE_H_

#include <string>
#include <vector>

#include "proptests/simulation/plan.h"
#include "proptests/simulation/run.h"
#include "sim/choice_source.h"

namespace reprise {

// Plays the plan, and if that fails writes its tape into the working directory. Answers what to tell people: the
// problem, and the command that replays it; empty: it passed. `report` and `choices`, where not null, are set to what
// the run was like and to its choices.
std::string PlayAndKeep(const Plan& plan, ChoiceSource& source, RunReport* report = nullptr,
                        std::vector<ChoiceMade>* choices = nullptr);

// Writes a tape to a file in the working directory that is named after its contents; answers the file's absolute path.
std::string KeepTape(const Plan& plan, const std::vector<ChoiceMade>& made);

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_SIMULATION_FAILURE_TAPE_H_
