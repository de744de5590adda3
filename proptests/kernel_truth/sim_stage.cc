#include "proptests/kernel_truth/sim_stage.h"

#include <algorithm>
#include <array>
#include <utility>

namespace reprise::kernel_truth {
namespace {

constexpr int64_t kTurnNs = kNanosPerMilli;  // longer than everything that isn't delayed takes
constexpr int64_t kLatencyNs = 1'000;
constexpr size_t kBufferBytes = 65'536;   // more than a history writes without filling
constexpr size_t kSegmentBytes = 16'384;  // several are under way when the buffers fill, and some can be late
constexpr uint64_t kRoomLeft = 4'096;     // so much is not filled

// Steps of the scale for delays: 131 milliseconds, more than any delay that is tried alone, and a second, after which a
// connect is tried again.
constexpr uint64_t kAwaitStep = 17;
constexpr uint64_t kLongStep = 17;
constexpr uint64_t kVeryLongStep = 20;
constexpr uint64_t kAwaitRounds = 2;
constexpr uint64_t kRoundsMost = 1'000;

constexpr std::array<uint64_t, 2> kDelays = {12, 16};            // 4 and 65 milliseconds
constexpr std::array<uint64_t, 4> kSmallBuffers = {1, 2, 4, 7};  // 8192 bytes ... 128
constexpr std::array<uint64_t, 3> kPauses = {1, 2, 3};
constexpr std::array<uint64_t, 1> kYes = {1};

SimOptions Options() {
  SimOptions options;
  options.latency_ns = kLatencyNs;
  options.turn_ns = kTurnNs;
  options.send_buffer_bytes = kBufferBytes;
  options.receive_buffer_bytes = kBufferBytes;
  options.segment_bytes = kSegmentBytes;
  return options;
}

}  // namespace

std::span<const uint64_t> GuidedSource::Alternatives(Site site) {
  switch (site) {
    case Site::kSegmentDelay:
    case Site::kConnectDelay:
      return kDelays;
    case Site::kBufferSmallSend:
    case Site::kBufferSmallReceive:
      return kSmallBuffers;
    case Site::kScriptPause:
      return kPauses;
    case Site::kScriptOther:
    case Site::kResetDiscards:
      return kYes;
    default:
      return {};
  }
}

uint64_t GuidedSource::Answer(const ChoiceRequest& request) {
  if (request.name.site == Site::kClockSlowTurn) return turn_step_;
  if (request.name.site == Site::kWriteShort) return fills_ ? WhenFilling(request.bound) : 0;
  if (request.name.site == Site::kWriteWouldBlock) {
    held_back_ += holds_back_ ? 1 : 0;
    return std::exchange(stops_filling_, false) || holds_back_ ? 1 : 0;
  }
  if (Alternatives(request.name.site).empty()) return 0;
  points_.push_back({request.name, operation_});
  const auto found = std::lower_bound(overrides_.begin(), overrides_.end(), request.name,
                                      [](const ChoiceMade& made, const ChoiceName& name) { return made.name < name; });
  return found != overrides_.end() && found->name == request.name ? found->value : 0;
}

void GuidedSource::SetTarget(const Step& step, bool loose) {
  const Act act = step.operation.act;
  const bool writes = act == Act::kWrite || act == Act::kGather || act == Act::kFill;
  holds_back_ = loose && writes && step.outcome.code == ErrorCode::kWouldBlock && step.outcome.bytes == 0;
  fills_ = act == Act::kFill && !holds_back_;
  stops_filling_ = false;
  left_room_ = false;
  fill_done_ = false;
}

// `room`: as much as would be taken now. Leaves a little when it gets scarce.
uint64_t GuidedSource::WhenFilling(uint64_t room) {
  if (room >= kBufferBytes / 2 || (room <= kRoomLeft && !left_room_)) return 0;
  fill_done_ = room <= kRoomLeft;  // nothing has left since the last time
  left_room_ = true;
  stops_filling_ = true;
  return fill_done_ ? 1 : room - kRoomLeft;
}

void SimStage::SetTarget(const Step& step, bool loose) {
  source_.SetTarget(step, loose);
  // The moment at which the kernel makes room is its own.
  only_looks_ = loose && step.operation.act == Act::kAwaitWrite && !step.outcome.ready;
}

SimStage::SimStage(GuidedSource& source, Wrong wrong)
    : source_(source),
      world_(source, SwarmProfile::Quiet(), Options()),
      script_(world_.NewScript(0)),
      network_(&world_.network()),
      poller_(&world_.poller()) {
  if (wrong == Wrong::kNothing) return;
  wrong_network_ = std::make_unique<WrongNetwork>(world_.network(), wrong);
  wrong_poller_ = std::make_unique<WrongPoller>(world_.poller(), wrong);
  network_ = wrong_network_.get();
  poller_ = wrong_poller_.get();
}

void SimStage::PassTurn(uint64_t step) {
  source_.SetTurn(step);
  std::array<Event, 1> events;
  (void)world_.poller().Wait(events, 0);
  source_.SetTurn(0);
}

void SimStage::BeginOperation(uint64_t index) {
  operation_ = index;
  source_.SetOperation(index);
  const uint64_t pause = world_.choices().BelowAt(script_, Site::kScriptPause, index, kPauses.back() + 1);
  if (pause != 1) PassTurn(pause == 2 ? kLongStep : pause == 3 ? kVeryLongStep : 0);
}

std::optional<int64_t> SimStage::AwaitUntil(uint64_t round) {
  if (round == kAwaitRounds || (only_looks_ && round == 1)) return std::nullopt;
  // No time passes for who is ready at once: it would end the delays of everything else that is under way.
  if (round > 0) PassTurn(kAwaitStep);
  return 0;  // the moment is past: only look
}

bool SimStage::GoesOn(uint64_t round) {
  if (round == 1 && world_.choices().BelowAt(script_, Site::kScriptOther, operation_, 2) != 0) return false;
  if (round == kRoundsMost || source_.fill_done()) return false;
  PassTurn(0);
  return true;
}

}  // namespace reprise::kernel_truth
