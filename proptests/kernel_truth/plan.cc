#include "proptests/kernel_truth/plan.h"

#include <algorithm>
#include <array>
#include <deque>
#include <optional>

#include "proptests/kernel_truth/kernel_stage.h"
#include "proptests/kernel_truth/player.h"

namespace reprise::kernel_truth {
namespace {

constexpr uint32_t kPiecesMost = 5;
constexpr std::array<uint32_t, 4> kBacklogs = {511, 1, 2, 5};

class Recorder {
 public:
  explicit Recorder(const RecordOptions& options)
      : stage_(options.family, options.address_number, options.patience_ms), player_(stage_) {}

  void Do(const Intent& intent) {
    const std::optional<Operation> operation = Resolve(intent);
    if (!operation) return;
    NoteEnd(*operation);
    history_.push_back({*operation, player_.Play(*operation)});
    Step& step = history_.back();
    NoteQueues(step);
    if (step.outcome.accepted != kNobody || step.outcome.code != ErrorCode::kOk) step.operation.guess = kNobody;
  }

  // Looks at everything, and reads what there is.
  void DoAtTheEnd() {
    Do({Act::kLook, 0, 0});
    for (const Party end : player_.OpenEnds()) {
      Do({Act::kDrain, static_cast<uint8_t>(end.number * 2 + end.side()), 0});
    }
    Do({Act::kLook, 0, 0});
  }

  History Take() { return std::move(history_); }

 private:
  // The intent's operation, on the first who can have it done from the preferred one on.
  std::optional<Operation> Resolve(const Intent& intent) const {
    Operation operation;
    operation.act = intent.act;
    operation.amount = intent.amount;
    switch (intent.act) {
      case Act::kListen:
      case Act::kCloseListener:
      case Act::kAccept:
        operation.amount = kBacklogs[intent.amount % kBacklogs.size()];
        return OnListener(operation, intent.whom);
      case Act::kConnect:
        return ToListener(operation, intent.whom);
      case Act::kAwaitRead:
        if (intent.amount % 4 == 0) return OnListener(operation, intent.whom);
        return OnEnd(operation, intent.whom);
      case Act::kLook:
        return operation;
      case Act::kGather:
        operation.pieces = 2 + intent.amount % kPiecesMost;
        break;
      case Act::kWatch:
        operation.interest = static_cast<Interest>(3 - intent.amount % 4);
        break;
      case Act::kNoDelay:
        operation.amount = 1;  // the simulation has no Nagle
        break;
      default:
        break;
    }
    return OnEnd(operation, intent.whom);
  }

  std::optional<Operation> OnListener(Operation operation, uint8_t whom) const {
    for (uint8_t i = 0; i < kListenersMost; ++i) {
      operation.party = {Party::Kind::kListener, static_cast<uint8_t>((whom + i) % kListenersMost)};
      if (!player_.CanPlay(operation)) continue;
      if (operation.act == Act::kAccept) operation.guess = FirstWhoLeft(operation.party.number);
      return operation;
    }
    return std::nullopt;
  }

  // Of those that wait to be accepted, the first whose opener is gone: the network can tell all others by their
  // address.
  uint8_t FirstWhoLeft(uint8_t listener) const {
    for (const uint8_t number : waiting_[listener]) {
      if (!player_.IsOpen({Party::Kind::kOpener, number})) return number;
    }
    return kNobody;
  }

  std::optional<Operation> ToListener(Operation operation, uint8_t whom) const {
    operation.party = {Party::Kind::kOpener, player_.connections()};
    for (uint8_t i = 0; i < kListenersMost; ++i) {
      operation.listener = static_cast<uint8_t>((whom + i) % kListenersMost);
      if (player_.CanPlay(operation)) return operation;
    }
    return std::nullopt;
  }

  std::optional<Operation> OnEnd(Operation operation, uint8_t whom) const {
    constexpr uint8_t kEnds = 2 * kConnectionsMost;
    for (uint8_t i = 0; i < kEnds; ++i) {
      const auto place = static_cast<uint8_t>((whom + i) % kEnds);
      operation.party = {place % 2 == 0 ? Party::Kind::kOpener : Party::Kind::kAcceptor,
                         static_cast<uint8_t>(place / 2)};
      if (player_.CanPlay(operation)) return operation;
    }
    return std::nullopt;
  }

  // An opener that goes before its connection stands will never wait to be accepted.
  void NoteEnd(const Operation& operation) {
    const bool ends = operation.act == Act::kClose || operation.act == Act::kAbort;
    if (!ends || operation.party.kind != Party::Kind::kOpener) return;
    if (player_.Stands(operation.party)) return;
    for (std::deque<uint8_t>& waiting : waiting_) std::erase(waiting, operation.party.number);
  }

  void NoteQueues(const Step& step) {
    const Act act = step.operation.act;
    const Party target{Party::Kind::kListener, step.operation.listener};
    if (act == Act::kConnect && step.outcome.code == ErrorCode::kOk && player_.IsOpen(target)) {
      waiting_[step.operation.listener].push_back(step.operation.party.number);
    }
    if (act == Act::kCloseListener) waiting_[step.operation.party.number].clear();
    if (act != Act::kAccept || step.outcome.code != ErrorCode::kOk) return;
    const uint8_t known = step.outcome.accepted;
    std::erase(waiting_[step.operation.party.number], known != kNobody ? known : step.operation.guess);
  }

  KernelStage stage_;
  Player player_;
  std::array<std::deque<uint8_t>, kListenersMost> waiting_;  // connections, in the order in which they were opened
  History history_;
};

}  // namespace

History RecordOnKernel(const std::vector<Intent>& intents, const RecordOptions& options) {
  Recorder recorder(options);
  if (options.with_ends) {
    for (const Act act : {Act::kListen, Act::kConnect, Act::kAccept}) recorder.Do({act, 0, 0});
  }
  for (const Intent& intent : intents) recorder.Do(intent);
  if (options.with_ends) recorder.DoAtTheEnd();
  return recorder.Take();
}

}  // namespace reprise::kernel_truth
