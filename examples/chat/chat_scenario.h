// ChatScenario: a simulated afternoon in the chat room.
//
// Several people join, say numbered lines, join again when they lose their connection, and write down what they hear.
// Half way the world heals; at the end everybody says goodbye, and everybody must hear it from everybody else. Until
// then lines may be lost with a connection. But what is heard must have been said, as it is, and in the order in which
// it was said.
#ifndef REPRISE_EXAMPLES_CHAT_CHAT_SCENARIO_H_
#define REPRISE_EXAMPLES_CHAT_CHAT_SCENARIO_H_

#include <cstdint>
#include <string>
#include <vector>

#include "sim/choice_source.h"
#include "sim/swarm_profile.h"
#include "sim/tape.h"
#include "sim/trace.h"

namespace chat {

struct Scenario {
  static constexpr uint32_t kPeople = 3;
  static constexpr uint32_t kLinesEach = 5;

  uint64_t seed = 0;  // of what is said, and when
  std::vector<reprise::OperationId> omitted;
  bool tell_story = false;
};

struct Outcome {
  std::string failure;  // empty: all was as it should be
  uint64_t lines_heard = 0;
  uint64_t losses = 0;  // of connections
  uint64_t hash = 0;    // of the trace: the same for the same run, on every machine
  std::vector<reprise::ChoiceMade> choices;
  std::string story;  // if asked for
};

// The lines of the script, each of which may be left out.
std::vector<reprise::OperationId> Operations();

Outcome RunChat(const Scenario& scenario, reprise::ChoiceSource& source, const reprise::SwarmProfile& profile);

}  // namespace chat

#endif  // REPRISE_EXAMPLES_CHAT_CHAT_SCENARIO_H_
