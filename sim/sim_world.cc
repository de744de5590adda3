#include "sim/sim_world.h"

#include <algorithm>
#include <utility>

namespace reprise {
namespace {

constexpr uint32_t kStopsMax = 10'000;
// So many events of one moment may change places: with thousands, each would have to look at all others.
constexpr size_t kTiedMax = 32;

}  // namespace

// Accepts what the program connects to, and makes a peer for it.
class SimWorld::WorldListener : public WireOwner {
 public:
  WorldListener(SimWorld& world, SimListenerHandler& handler, uint32_t first_client)
      : world_(world), handler_(handler), next_client_(first_client) {}

  void set_listener(uint32_t listener) { listener_ = listener; }

  bool IsProgram() const override { return false; }
  void WireConnected(uint32_t, ErrorCode) override {}
  void WireFault(uint32_t, Site, uint64_t) override {}
  void WireChanged(uint32_t) override {
    while (world_.wire_.HasWaiting(listener_)) {
      SimPeer& peer = world_.NewPeer(next_client_++, handler_.OnAccepted());
      peer.Adopt(world_.wire_.Accept(listener_, peer, peer.client()));
      handler_.OnPeer(peer);
    }
  }

 private:
  SimWorld& world_;
  SimListenerHandler& handler_;
  uint32_t next_client_;
  uint32_t listener_ = 0;
};

SimWorld::SimWorld(ChoiceSource& source, const SwarmProfile& profile, const SimOptions& options)
    : context_(source, profile, options, *this),
      wire_(context_),
      poller_(context_, network_, clock_, *this),
      network_(context_, wire_, poller_),
      clock_(context_),
      entropy_(context_),
      process_(context_, network_) {}

SimWorld::~SimWorld() = default;

SimPeer& SimWorld::NewPeer(uint32_t client, SimPeerHandler& handler) {
  CHECK(FindPeer(client) == nullptr);
  if (client >= peers_by_client_.size()) peers_by_client_.resize(client + 1);
  peers_by_client_[client] = std::make_unique<SimPeer>(context_, wire_, client, handler);
  return *peers_by_client_[client];
}

SimPeer* SimWorld::FindPeer(uint32_t client) {
  return client < peers_by_client_.size() ? peers_by_client_[client].get() : nullptr;
}

Actor SimWorld::NewScript(uint32_t index) { return context_.actors.Add({ActorKind::kScript, index}); }

void SimWorld::Schedule(int64_t delay_ns, SimActor& actor, uint64_t what) {
  CHECK(delay_ns >= 0);
  if (actor.place_ >= timer_actors_.size() || timer_actors_[actor.place_] != &actor) {
    actor.place_ = timer_actors_.size();
    timer_actors_.push_back(&actor);
  }
  const auto index = static_cast<uint32_t>(actor.place_);
  context_.timeline.Add({.kind = WorldEvent::Kind::kTimer, .index = index, .arg = what},
                        context_.timeline.now_ns() + delay_ns);
}

Status SimWorld::NewListener(const Address& address, SimListenerHandler& handler, uint32_t first_client) {
  auto owner = std::make_unique<WorldListener>(*this, handler, first_client);
  Result<uint32_t> listener = wire_.Listen(address, 1'000, *owner, 0);
  if (!listener.ok()) return listener.status();
  owner->set_listener(listener.value());
  listeners_.push_back(std::move(owner));
  return Status::Ok();
}

void SimWorld::Complete(int64_t delay_ns, Token token, int64_t result) {
  context_.timeline.Add(
      {.kind = WorldEvent::Kind::kCompletion, .index = context_.life.number(), .arg = token.Pack(), .arg2 = result},
      context_.timeline.now_ns() + delay_ns);
}

uint32_t SimWorld::ClientOf(const WorldEvent& event) const {
  switch (event.kind) {
    case WorldEvent::Kind::kNothing:
    case WorldEvent::Kind::kCompletion:
      return kNoClient;
    case WorldEvent::Kind::kTimer:
      return timer_actors_[event.index]->client();
    case WorldEvent::Kind::kStallEnds:
      return event.index;
    default:
      return wire_.ClientOf(event);
  }
}

// What comes next. When something happens to several clients at one moment, another one's may come first; for each of
// them everything keeps its order.
WorldEvent SimWorld::TakeEvent() {
  Timeline& timeline = context_.timeline;
  if (context_.choices.healed() || !timeline.IsTied()) return timeline.Take();
  timeline.CopyNext(kTiedMax, moment_);
  firsts_.clear();
  for (size_t place = 0; place < moment_.size(); ++place) {
    const uint32_t client = ClientOf(moment_[place]);
    if (client == kNoClient) break;
    const bool first =
        std::none_of(firsts_.begin(), firsts_.end(), [client](const auto& other) { return other.first == client; });
    if (first) firsts_.emplace_back(client, place);
  }
  if (firsts_.size() < 2) return timeline.Take();
  context_.AdvanceTo(timeline.next_ns());
  const uint64_t further = context_.choices.FaultAmount(ActorTable::kWorld, Site::kClockTie, firsts_.size() - 1);
  return further == 0 ? timeline.Take() : timeline.TakeOut(firsts_[static_cast<size_t>(further)].second);
}

void SimWorld::RunOneEvent() {
  const WorldEvent event = TakeEvent();
  context_.AdvanceTo(event.time_ns);
  switch (event.kind) {
    case WorldEvent::Kind::kNothing:
      break;
    case WorldEvent::Kind::kTimer:
      context_.trace.Add(StepKind::kTimer, ActorTable::kWorld, static_cast<int64_t>(event.arg), event.index);
      timer_actors_[event.index]->OnTimer(event.arg);
      break;
    case WorldEvent::Kind::kCompletion:
      if (event.index != context_.life.number() || !context_.life.alive()) break;
      poller_.PostCompletion(Token::Unpack(event.arg), event.arg2);
      break;
    case WorldEvent::Kind::kStallEnds:
      FindPeer(event.index)->EndStall(event.side == 0);
      break;
    default:
      wire_.OnEvent(event);
  }
  CheckSteps();
}

void SimWorld::CheckSteps() {
  if (context_.trace.step_count() <= context_.options.step_limit || how_ == How::kStepLimit) return;
  context_.trace.Add(StepKind::kStepLimit, ActorTable::kWorld);
  how_ = How::kStepLimit;
  stop_wanted_ = true;
}

void SimWorld::ProcessDied(Death death) {
  context_.trace.Add(StepKind::kDied, ActorTable::kServer, static_cast<int64_t>(death));
  wire_.EndProgram(death == Death::kPowerLoss);
}

void SimWorld::Restart() {
  CHECK(!context_.life.alive());
  const uint64_t step = context_.choices.FaultAmount(ActorTable::kServer, Site::kProcessDown, kDelaySteps);
  const int64_t up_ns = context_.timeline.now_ns() + context_.options.restart_ns + DelayOfStep(step);
  while (NextEventTime() <= up_ns && how_ != How::kStepLimit) RunOneEvent();
  context_.AdvanceTo(up_ns);
  if (context_.life.death() == Death::kPowerLoss) wire_.PowerUp();
  network_.ForgetHandles();
  poller_.ForgetAll();
  context_.life.BeginNext();
  context_.trace.Add(StepKind::kStarts, ActorTable::kServer, context_.life.number());
}

void SimWorld::Stop() {
  if (how_ == How::kRunning) how_ = How::kStopped;
  stop_wanted_ = true;
}

void SimWorld::ReportStuck() {
  context_.trace.Add(StepKind::kStuck, ActorTable::kWorld);
  if (how_ == How::kRunning) how_ = How::kStuck;
  stop_wanted_ = true;
}

void SimWorld::StopDelivered() {
  CHECK(++stops_delivered_ < kStopsMax);  // the program goes on waiting though it was asked to stop
  stop_wanted_ = how_ == How::kStepLimit;
}

void SimWorld::Heal() {
  if (context_.choices.healed()) return;
  context_.trace.Add(StepKind::kHeal, ActorTable::kWorld);
  context_.choices.Heal();
  wire_.ResetVanished();
  for (size_t client = 0; client < peers_by_client_.size(); ++client) {
    if (peers_by_client_[client] != nullptr) peers_by_client_[client]->EndStall(true);
  }
}

SimWorld::LeftOver SimWorld::FindLeftOver() const {
  return {network_.open_handles(), poller_.watched_count(), wire_.OpenProgramEnds()};
}

}  // namespace reprise
