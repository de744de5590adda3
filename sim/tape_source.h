// TapeSource: answers read from a tape; what the tape doesn't name is 0.
//
// Remembers which overrides were asked for, since a program that has changed may no longer come by where a tape has
// something to say. Such a tape tests little and should be made anew.
#ifndef REPRISE_SIM_TAPE_SOURCE_H_
#define REPRISE_SIM_TAPE_SOURCE_H_

#include <vector>

#include "sim/choice_source.h"
#include "sim/tape.h"

namespace reprise {

class TapeSource : public ChoiceSource {
 public:
  explicit TapeSource(const Tape& tape) : TapeSource(tape.overrides) {}
  // REQUIRES: no two of one name.
  explicit TapeSource(std::vector<ChoiceMade> overrides);

  uint64_t Answer(const ChoiceRequest& request) override;

  // The overrides that nothing has asked for yet, in the tape's order.
  std::vector<ChoiceMade> Unmatched() const;
  // How many of a thousand overrides were asked for; 1000 when there are none.
  uint32_t MatchedPerMille() const;

 private:
  // One slot of a hash table with open addressing, twice as large as it need be.
  struct Slot {
    uint64_t hash = 0;
    uint32_t index = 0;  // into overrides_, plus 1; 0: empty
  };

  std::vector<ChoiceMade> overrides_;
  std::vector<bool> asked_;
  std::vector<Slot> slots_;
};

}  // namespace reprise

#endif  // REPRISE_SIM_TAPE_SOURCE_H_
