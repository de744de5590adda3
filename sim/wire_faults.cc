// What befalls whole connections: faults, silence, and the events of the timeline.
#include "sim/wire.h"

namespace reprise {
namespace {

// How long Linux sends again what is not acknowledged, with its default of 15 tries.
constexpr int64_t kRetransmitLimitNs = 924 * kNanosPerSecond;
constexpr uint64_t kStallSteps = 100;

}  // namespace

uint32_t Wire::ClientOf(const WorldEvent& event) const {
  const Connection& connection = connections_[event.index];
  if (connection.generation != event.generation || connection.state == State::kFree) return kNoClient;
  const ActorName& name = context_.actors.name(connection.actor);
  return name.kind == ActorKind::kConnection ? name.index : kNoClient;
}

void Wire::OnEvent(const WorldEvent& event) {
  const Connection& connection = connections_[event.index];
  if (connection.generation != event.generation || connection.state == State::kFree) return;
  if (connection.stopped && event.kind != WorldEvent::Kind::kDeliver && event.kind != WorldEvent::Kind::kGiveUp) return;
  switch (event.kind) {
    case WorldEvent::Kind::kSyn:
      OnSyn(event.index);
      return;
    case WorldEvent::Kind::kConnected:
      OnConnected(event.index, ErrorCode::kOk);
      return;
    case WorldEvent::Kind::kFailed:
      OnConnected(event.index, static_cast<ErrorCode>(event.arg));
      return;
    case WorldEvent::Kind::kDeliver:
      Deliver(event.index, event.side);
      return;
    case WorldEvent::Kind::kGiveUp:
      GiveUp(event.index, event.side);
      return;
    default:
      CHECK(false);
  }
}

// Each arrival is a chance for something to befall its connection. False: it is not what it was any more.
bool Wire::StrikeFaults(uint32_t index) {
  if (context_.choices.healed() || connections_[index].state != State::kConnected) return true;
  const Actor actor = connections_[index].actor;
  if (context_.choices.Fault(actor, Site::kConnReset)) {
    Tear(index, ErrorCode::kConnectionReset);
    return false;
  }
  const int peer_side = connections_[index].ends[0].program ? 1 : 0;
  const EndState peer = connections_[index].ends[static_cast<size_t>(peer_side)];
  const WireEnd peer_end{index, connections_[index].generation, static_cast<uint8_t>(peer_side)};
  if (peer.program || peer.closed || peer.owner == nullptr) return true;
  if (context_.choices.Fault(actor, Site::kConnVanish)) {
    Vanish(peer_end, false);
    return false;
  }
  const uint64_t stall = context_.choices.FaultAmount(actor, Site::kPeerStall, kStallSteps);
  if (stall != 0) peer.owner->WireFault(peer.who, Site::kPeerStall, stall);
  const bool sends = !connections_[index].out[static_cast<size_t>(peer_side)].end_written;
  if (sends && context_.choices.Fault(actor, Site::kConnHalfClose)) {
    peer.owner->WireFault(peer.who, Site::kConnHalfClose, 1);
  }
  const bool closes = context_.choices.Fault(actor, Site::kConnClose);
  // The callbacks above may have ended it.
  const Connection& connection = connections_[index];
  if (connection.generation != peer_end.generation || connection.ends[static_cast<size_t>(peer_side)].closed) {
    return connection.generation == peer_end.generation && connection.state != State::kFree;
  }
  if (closes) peer.owner->WireFault(peer.who, Site::kConnClose, 1);
  return connections_[index].generation == peer_end.generation && connections_[index].state != State::kFree;
}

// Both sides find the connection broken, and what was under way is lost.
void Wire::Tear(uint32_t index, ErrorCode code) {
  context_.trace.Add(StepKind::kConnTorn, connections_[index].actor, static_cast<int64_t>(code));
  const uint32_t generation = connections_[index].generation;
  connections_[index].vanished = false;
  for (size_t side = 0; side < 2; ++side) {
    Stream& out = connections_[index].out[side];
    out.segments.Clear();
    out.written = out.sent = out.delivered;
    out.reset_sent = true;
    EndState& end = connections_[index].ends[side];
    if (end.closed || end.reset) continue;
    end.reset = true;
    end.error = code;
  }
  Notify(index, 0);
  if (connections_[index].generation == generation) Notify(index, 1);
}

void Wire::Vanish(WireEnd which, bool forget) {
  Connection& connection = Get(which);
  if (!connection.vanished) context_.trace.Add(StepKind::kConnVanished, connection.actor, which.side);
  connection.vanished = true;
  for (Stream& out : connection.out) out.segments.Clear();
  if (forget) connection.ends[which.side].closed = true;
  WatchSilence(which.connection, 0);
  WatchSilence(which.connection, 1);
  FreeIfDone(which.connection);
}

void Wire::SetKeepAlive(WireEnd which, int idle_s) {
  Connection& connection = Get(which);
  connection.ends[which.side].keep_alive_s = idle_s;
  if (connection.vanished) WatchSilence(which.connection, which.side);
}

// Sees to it that a side of the program which hears nothing gives up in the end.
void Wire::WatchSilence(uint32_t index, int side) {
  Connection& connection = connections_[index];
  EndState& end = connection.ends[static_cast<size_t>(side)];
  const Stream& out = connection.out[static_cast<size_t>(side)];
  if (!end.program || end.closed || end.reset) return;
  const int64_t now_ns = context_.timeline.now_ns();
  const bool unacknowledged = out.written > out.delivered || (out.end_written && !out.end_delivered);
  if (unacknowledged && !end.give_up_due) {
    end.give_up_due = true;
    Schedule(WorldEvent::Kind::kGiveUp, index, static_cast<uint8_t>(side), now_ns + kRetransmitLimitNs);
  }
  if (end.keep_alive_s > 0) {
    const int64_t idle_ns = 2 * end.keep_alive_s * kNanosPerSecond;
    Schedule(WorldEvent::Kind::kGiveUp, index, static_cast<uint8_t>(side), now_ns + idle_ns);
  }
}

void Wire::GiveUp(uint32_t index, int side) {
  Connection& connection = connections_[index];
  EndState& end = connection.ends[static_cast<size_t>(side)];
  if (!connection.vanished || end.closed || end.reset) return;
  context_.trace.Add(StepKind::kTimeout, connection.actor, side);
  end.reset = true;
  end.error = ErrorCode::kTimedOut;
  Stream& out = connection.out[static_cast<size_t>(side)];
  out.written = out.sent = out.delivered;
  Notify(index, side);
}

void Wire::EndProgram(bool power_loss) {
  dark_ = power_loss;
  for (uint32_t i = 0; i < listeners_.size(); ++i) {
    if (!listeners_[i].open || !listeners_[i].owner->IsProgram()) continue;
    if (!power_loss) {
      CloseListener(i);
      continue;
    }
    listeners_[i].open = false;
    while (HasWaiting(i)) Get(listeners_[i].waiting.Pop()).waiting = false;
  }
  for (uint32_t index = 0; index < connections_.size(); ++index) {
    if (power_loss) CutPower(index);
    for (size_t side = 0; side < 2; ++side) {
      const Connection& connection = connections_[index];
      const EndState& end = connection.ends[side];
      if (connection.state == State::kFree || !end.program || end.closed) continue;
      Close({index, connection.generation, static_cast<uint8_t>(side)});
    }
  }
}

// What is under way from or to the program's machine is lost, and it acknowledges nothing.
void Wire::CutPower(uint32_t index) {
  Connection& connection = connections_[index];
  const bool of_program = connection.ends[0].program || connection.ends[1].program;
  if (connection.state == State::kFree || !of_program || connection.vanished) return;
  connection.vanished = true;
  connection.unpowered = true;
  for (size_t side = 0; side < 2; ++side) {
    connection.out[side].segments.Clear();
    connection.ends[side].closed = connection.ends[side].closed || connection.ends[side].program;
  }
  FreeIfDone(index);
}

// Who has sent something without an answer sends it again.
void Wire::PowerUp() {
  dark_ = false;
  for (uint32_t index = 0; index < connections_.size(); ++index) {
    Connection& connection = connections_[index];
    if (connection.state == State::kFree || !connection.unpowered) continue;
    connection.unpowered = connection.vanished = false;
    connection.unknown = true;
    for (int side = 0; side < 2; ++side) {
      Stream& out = connection.out[static_cast<size_t>(side)];
      if (connection.ends[static_cast<size_t>(side)].program) continue;
      out.sent = out.delivered;
      out.end_sent = out.end_delivered;
      Pump(index, side);
    }
  }
}

void Wire::ResetVanished() {
  for (uint32_t index = 0; index < connections_.size(); ++index) {
    if (connections_[index].state != State::kFree && connections_[index].vanished) Tear(index, ErrorCode::kTimedOut);
  }
}

}  // namespace reprise
