#include "proptests/kernel_truth/sim_stage.h"

#include <algorithm>
#include <array>

namespace reprise::kernel_truth {
namespace {

constexpr int64_t kTurnNs = kNanosPerMilli;  // longer than everything that isn't delayed takes
constexpr int64_t kLatencyNs = 1'000;
constexpr size_t kBufferBytes = 65'536;  // more than a history writes without filling

// Steps of the scale for delays: 16 milliseconds, half a second, a second.
constexpr uint64_t kLittleStep = 14;
constexpr uint64_t kAwaitStep = 19;
constexpr uint64_t kLongStep = 20;
constexpr uint64_t kAwaitRounds = 4;
constexpr uint64_t kFillRoundsMost = 1'000;

constexpr std::array<uint64_t, 2> kDelays = {12, 20};            // four milliseconds, a second
constexpr std::array<uint64_t, 4> kSmallBuffers = {1, 2, 4, 7};  // 8192 bytes ... 128
constexpr std::array<uint64_t, 3> kPauses = {1, 2, 3};
constexpr std::array<uint64_t, 1> kYes = {1};

SimOptions Options() {
  SimOptions options;
  options.latency_ns = kLatencyNs;
  options.turn_ns = kTurnNs;
  options.send_buffer_bytes = kBufferBytes;
  options.receive_buffer_bytes = kBufferBytes;
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
  if (Alternatives(request.name.site).empty()) return 0;
  points_.push_back({request.name, operation_});
  const auto found = std::lower_bound(overrides_.begin(), overrides_.end(), request.name,
                                      [](const ChoiceMade& made, const ChoiceName& name) { return made.name < name; });
  return found != overrides_.end() && found->name == request.name ? found->value : 0;
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
  if (pause != 1) PassTurn(pause == 2 ? kLittleStep : pause == 3 ? kLongStep : 0);
}

std::optional<int64_t> SimStage::AwaitUntil(uint64_t round) {
  if (round == kAwaitRounds) return std::nullopt;
  PassTurn(kAwaitStep);
  return 0;  // the moment is past: only look
}

bool SimStage::FillsOn(uint64_t round) {
  if (round == 1 && world_.choices().BelowAt(script_, Site::kScriptOther, operation_, 2) != 0) return false;
  if (round == kFillRoundsMost) return false;
  PassTurn(0);
  return true;
}

}  // namespace reprise::kernel_truth
