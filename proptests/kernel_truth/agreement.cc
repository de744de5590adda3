#include "proptests/kernel_truth/agreement.h"

#include <algorithm>
#include <array>

namespace reprise::kernel_truth {
namespace {

struct Direction {
  bool loose = false;
  uint64_t written = 0;
};

bool Writes(Act act) { return act == Act::kWrite || act == Act::kGather || act == Act::kFill; }
bool Reads(Act act) { return act == Act::kRead || act == Act::kDrain || act == Act::kRelieve; }

void AfterWrite(const Step& step, Direction& direction) {
  const Outcome& outcome = step.outcome;
  const bool full = (step.operation.act == Act::kFill && outcome.bytes > 0) || outcome.code == ErrorCode::kWouldBlock ||
                    (outcome.code == ErrorCode::kOk && outcome.bytes < step.operation.amount);
  direction.written += outcome.bytes;
  // Before the connection stands writes would block too, and that has nothing to do with room.
  if (full && direction.written > 0) direction.loose = true;
}

// The last of what was written was read: the simulated reader gets to that point, too.
bool ReadsTheRest(const Step& step) {
  return step.operation.act == Act::kRead && step.outcome.code == ErrorCode::kOk && step.outcome.whole;
}

bool AgreesOnBytes(const Step& step, const Outcome& simulated, bool loose) {
  const Outcome& outcome = step.outcome;
  if (outcome.intact != simulated.intact) return false;
  const bool filled = step.operation.act == Act::kFill;
  if (!loose && !filled) return outcome.bytes == simulated.bytes && outcome.whole == simulated.whole;
  if (filled) return loose || (outcome.bytes > 0) == (simulated.bytes > 0);
  if ((outcome.bytes > 0) != (simulated.bytes > 0)) return false;
  const bool to_the_end = step.operation.act == Act::kDrain || outcome.code != ErrorCode::kOk;
  return !to_the_end || outcome.whole == simulated.whole;
}

}  // namespace

std::vector<bool> LooseSteps(const History& history) {
  std::array<std::array<Direction, 2>, kConnectionsMost> directions{};
  std::vector<bool> loose;
  for (const Step& step : history) {
    const Party party = step.operation.party;
    const Act act = step.operation.act;
    if (Writes(act)) {
      Direction& out = directions[party.number][party.side()];
      loose.push_back(out.loose);
      AfterWrite(step, out);
    } else if (Reads(act)) {
      Direction& in = directions[party.number][1 - party.side()];
      loose.push_back(in.loose);
      if (step.outcome.whole) in.loose = false;
    } else if (act == Act::kAwaitWrite) {
      loose.push_back(directions[party.number][party.side()].loose);
    } else {
      loose.push_back(false);
    }
  }
  return loose;
}

Operation ScaledOperation(const Step& step) {
  constexpr uint32_t kScale = 32;
  Operation operation = step.operation;
  if (ReadsTheRest(step)) operation.act = Act::kDrain;
  operation.amount = std::max<uint32_t>(operation.amount / kScale, 1);
  return operation;
}

bool Agrees(const Step& step, const Outcome& simulated, bool loose) {
  const Outcome& outcome = step.outcome;
  const Act act = step.operation.act;
  if (act == Act::kLook) return outcome.reports == simulated.reports;
  if (act == Act::kAwaitRead || act == Act::kAwaitWrite) return outcome.ready == simulated.ready;
  if (loose && ReadsTheRest(step)) return outcome.intact == simulated.intact && simulated.bytes > 0 && simulated.whole;
  if (outcome.code != simulated.code) return false;
  if (act == Act::kRelieve) return outcome.intact == simulated.intact;
  if (act == Act::kAccept) {
    const bool known = outcome.accepted != kNobody && simulated.accepted != kNobody;
    return !known || outcome.accepted == simulated.accepted;
  }
  return !(Writes(act) || Reads(act)) || AgreesOnBytes(step, simulated, loose);
}

}  // namespace reprise::kernel_truth
