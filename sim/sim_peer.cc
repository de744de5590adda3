#include "sim/sim_peer.h"

#include <array>
#include <utility>

namespace reprise {
namespace {

constexpr int64_t kStallStepNs = 10 * kNanosPerMilli;
constexpr size_t kForgetSentAboveBytes = 64 * 1024;

}  // namespace

SimPeer::SimPeer(SimContext& context, Wire& wire, uint32_t client, SimPeerHandler& handler)
    : context_(context),
      wire_(wire),
      client_(client),
      actor_(context.actors.Add({ActorKind::kClient, client})),
      handler_(handler) {}

bool SimPeer::vanished() const { return state_ != State::kIdle && wire_.Vanished(end_); }

// --- what the workload asks for ---

void SimPeer::Connect(const Address& address) {
  CHECK(state_ == State::kIdle);
  Reset();
  state_ = State::kConnecting;
  context_.trace.Add(StepKind::kPeerConnect, actor_, address.port, connects_);
  const Actor connection = context_.actors.Add({ActorKind::kConnection, client_, connects_++});
  end_ = wire_.Connect(address, connection, false, *this, client_);
}

void SimPeer::Adopt(WireEnd end) {
  CHECK(state_ == State::kIdle);
  Reset();
  state_ = State::kConnected;
  ++connects_;
  end_ = end;
}

void SimPeer::Reset() {
  end_ = {};
  reading_ = true;
  stalled_ = ending_ = end_told_ = sending_over_ = false;
  outbox_.clear();
  outbox_at_ = 0;
}

void SimPeer::Send(std::string_view bytes) {
  if (state_ == State::kIdle || ending_ || sending_over_ || bytes.empty()) return;
  context_.trace.AddBytes(StepKind::kPeerSend, actor_, 0, static_cast<int64_t>(bytes.size()), bytes);
  if (state_ == State::kConnected && unsent_bytes() == 0) {
    bytes.remove_prefix(Offer(bytes));
    outbox_.append(bytes);
    return;
  }
  outbox_.append(bytes);
  Flush();
}

void SimPeer::ShutdownWrite() {
  if (state_ == State::kIdle || ending_ || sending_over_) return;
  context_.trace.Add(StepKind::kPeerShutdown, actor_);
  ending_ = true;
  Flush();
}

void SimPeer::Close() {
  if (state_ == State::kIdle) return;
  context_.trace.Add(StepKind::kPeerClose, actor_);
  state_ = State::kIdle;
  wire_.Close(end_);
}

void SimPeer::Abort() {
  if (state_ == State::kIdle) return;
  context_.trace.Add(StepKind::kPeerAbort, actor_);
  state_ = State::kIdle;
  wire_.Abort(end_);
}

void SimPeer::Vanish() {
  if (state_ == State::kIdle) return;
  state_ = State::kIdle;
  wire_.Vanish(end_, true);
}

void SimPeer::StopReading() {
  if (reading_) context_.trace.Add(StepKind::kPeerReading, actor_, 0);
  reading_ = false;
}

void SimPeer::StartReading() {
  if (!reading_) context_.trace.Add(StepKind::kPeerReading, actor_, 1);
  reading_ = true;
  // What has arrived is handed over from the world, not from within this call.
  context_.timeline.Add({.kind = WorldEvent::Kind::kStallEnds, .side = 1, .index = client_},
                        context_.timeline.now_ns());
}

// Gives the connection what it has room for, and answers how many bytes it took.
size_t SimPeer::Offer(std::string_view bytes) {
  size_t taken = 0;
  while (taken < bytes.size() && wire_.Room(end_) > 0) {
    const std::array<std::string_view, 1> piece = {bytes.substr(taken)};
    const IoResult result = wire_.Write(end_, piece, piece[0].size());
    if (!result.ok()) break;
    taken += result.bytes;
  }
  return taken;
}

// Goes on only when it would be told of room, as whoever waits for it does: if every byte that goes made way for one
// more, small buffers would let a stream through byte by byte for ever.
void SimPeer::Flush() {
  if (state_ != State::kConnected || sending_over_) return;
  if (wire_.ReadinessOf(end_).writable) outbox_at_ += Offer(std::string_view(outbox_).substr(outbox_at_));
  if (outbox_at_ == outbox_.size() || outbox_at_ > kForgetSentAboveBytes) {
    outbox_.erase(0, outbox_at_);
    outbox_at_ = 0;
  }
  if (unsent_bytes() > 0) return;
  if (ending_) {
    sending_over_ = true;
    (void)wire_.ShutdownWrite(end_);
  }
}

// --- what the world tells ---

void SimPeer::WireConnected(uint32_t, ErrorCode code) {
  if (code != ErrorCode::kOk) {
    Lose(code);
    return;
  }
  state_ = State::kConnected;
  context_.trace.Add(StepKind::kPeerConnected, actor_);
  Flush();
  handler_.OnConnected(*this);
}

void SimPeer::WireChanged(uint32_t) {
  if (state_ != State::kConnected) return;
  const WireEnd end = end_;
  Flush();
  if (reading_ && !stalled_) ReadAll();
  if (state_ == State::kIdle || !(end_ == end)) return;
  if (wire_.IsReset(end_)) {
    const ErrorCode error = wire_.TakeError(end_);
    Lose(error == ErrorCode::kOk ? ErrorCode::kConnectionReset : error);
  } else if (!end_told_ && wire_.AtEnd(end_)) {
    end_told_ = true;
    context_.trace.Add(StepKind::kPeerEnd, actor_);
    handler_.OnEnd(*this);
  }
}

void SimPeer::ReadAll() {
  const WireEnd end = end_;
  while (state_ == State::kConnected && end_ == end && reading_ && !stalled_) {
    const std::string_view bytes = wire_.Peek(end_);
    if (bytes.empty()) return;
    context_.trace.AddBytes(StepKind::kPeerBytes, actor_, 0, static_cast<int64_t>(bytes.size()), bytes);
    wire_.Consume(end_, bytes.size());
    handler_.OnBytes(*this, bytes);
  }
}

void SimPeer::WireFault(uint32_t, Site fault, uint64_t amount) {
  switch (fault) {
    case Site::kPeerStall:
      stalled_ = true;
      context_.trace.Add(StepKind::kPeerReading, actor_, 0);
      context_.timeline.Add({.kind = WorldEvent::Kind::kStallEnds, .index = client_},
                            context_.timeline.now_ns() + static_cast<int64_t>(amount) * kStallStepNs);
      return;
    case Site::kConnHalfClose:
      outbox_.clear();
      outbox_at_ = 0;
      ending_ = true;
      context_.trace.Add(StepKind::kPeerShutdown, actor_, 1);
      Flush();
      handler_.OnHalfClosed(*this);
      return;
    case Site::kConnClose:
      Lose(ErrorCode::kOk);
      return;
    default:
      CHECK(false);
  }
}

void SimPeer::EndStall(bool of_fault) {
  if (of_fault && std::exchange(stalled_, false)) context_.trace.Add(StepKind::kPeerReading, actor_, 1);
  WireChanged(client_);
}

void SimPeer::Lose(ErrorCode why) {
  context_.trace.Add(StepKind::kPeerLost, actor_, static_cast<int64_t>(why));
  state_ = State::kIdle;
  wire_.Close(end_);
  handler_.OnLost(*this, why);
}

}  // namespace reprise
