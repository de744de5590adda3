// Finding: what an oracle has to say.
#ifndef REPRISE_PROPTESTS_ORACLES_FINDING_H_
#define REPRISE_PROPTESTS_ORACLES_FINDING_H_

#include <cstdint>
#include <string>

namespace reprise {

struct Finding {
  std::string problem = {};  // in words; empty: nothing is wrong
  uint64_t checked = 0;      // replies or histories looked at
  uint64_t definite = 0;     // of which the oracle could say for sure that they were right

  bool ok() const { return problem.empty(); }
};

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_ORACLES_FINDING_H_
