// Listeners, and how connections come about.
#include "sim/wire.h"

#include <algorithm>

namespace reprise {
namespace {

constexpr uint16_t kFirstClientPort = 32'768;
constexpr uint64_t kClientPorts = 28'000;
constexpr size_t kLargestBacklog = 4'096;
constexpr int64_t kSynRetryNs = kNanosPerSecond;  // doubled each time
constexpr uint8_t kSynTriesMax = 6;
constexpr uint64_t kSmallBufferSteps = 7;
constexpr size_t kSmallBufferBytes = 16'384;
constexpr uint64_t kTrickleSteps = 16;
constexpr uint64_t kTrickleStepBytes = 16;

bool IsWildcard(const Address& address) { return address.host == "0.0.0.0" || address.host == "::"; }

bool OfThisMachine(const Address& address) {
  if (address.family == Address::Family::kUnix) return true;
  return address.host.starts_with("127.") || address.host == "::1" || IsWildcard(address);
}

ErrorCode FailureOf(uint64_t fault) {
  constexpr std::array kFailures = {ErrorCode::kConnectionRefused, ErrorCode::kTimedOut, ErrorCode::kUnreachable,
                                    ErrorCode::kConnectionReset};
  return kFailures[fault - 1];
}

}  // namespace

// --- listeners ---

uint32_t Wire::Intern(const Address& address) {
  for (size_t i = 0; i < addresses_.size(); ++i) {
    if (addresses_[i] == address) return static_cast<uint32_t>(i);
  }
  addresses_.push_back(address);
  return static_cast<uint32_t>(addresses_.size() - 1);
}

bool Wire::AddressTaken(const Address& address) const {
  return std::any_of(listeners_.begin(), listeners_.end(), [&](const Listener& listener) {
    const Address& other = listener.address;
    if (!listener.open || other.family != address.family || other.port != address.port) return false;
    return other.host == address.host ||
           (address.family != Address::Family::kUnix && (IsWildcard(other) || IsWildcard(address)));
  });
}

Result<uint32_t> Wire::Listen(const Address& address, int backlog, WireOwner& owner, uint32_t who) {
  const bool in_folder =
      address.family != Address::Family::kUnix || (address.host.rfind('/') == context_.options.socket_folder.size() &&
                                                   address.host.starts_with(context_.options.socket_folder));
  if (!OfThisMachine(address) || !in_folder) return Status(ErrorCode::kAddressNotAvailable, address.ToString());
  Listener listener{
      true,  address, {},  std::clamp<size_t>(static_cast<size_t>(std::max(backlog, 1)), 1, kLargestBacklog),
      false, &owner,  who, {}};
  if (address.family == Address::Family::kUnix) {
    listener.address.port = 0;
  } else if (address.port == 0) {
    while (AddressTaken(listener.address) || listener.address.port == 0) listener.address.port = next_free_port_++;
  }
  if (AddressTaken(listener.address)) return Status(ErrorCode::kAddressInUse, address.ToString());
  listener.actor = context_.actors.Add({ActorKind::kListener, listener_count_++});
  for (size_t i = 0; i < listeners_.size(); ++i) {
    if (listeners_[i].open || !listeners_[i].waiting.empty()) continue;
    listeners_[i] = std::move(listener);
    return static_cast<uint32_t>(i);
  }
  listeners_.push_back(std::move(listener));
  return static_cast<uint32_t>(listeners_.size() - 1);
}

void Wire::CloseListener(uint32_t listener) {
  listeners_[listener].open = false;
  while (HasWaiting(listener)) DropWaiting(listener);
}

uint32_t Wire::FindListener(const Address& address) const {
  for (size_t i = 0; i < listeners_.size(); ++i) {
    const Listener& listener = listeners_[i];
    if (!listener.open || listener.address.family != address.family || listener.address.port != address.port) continue;
    const bool any = address.family != Address::Family::kUnix && (IsWildcard(listener.address) || IsWildcard(address));
    if (any || listener.address.host == address.host) return static_cast<uint32_t>(i);
  }
  return static_cast<uint32_t>(listeners_.size());
}

WireEnd Wire::Accept(uint32_t listener, WireOwner& owner, uint32_t who) {
  const WireEnd end = listeners_[listener].waiting.Pop();
  Connection& connection = Get(end);
  connection.waiting = false;
  connection.ends[1].owner = &owner;
  connection.ends[1].who = who;
  return end;
}

void Wire::DropWaiting(uint32_t listener) {
  const WireEnd end = listeners_[listener].waiting.Pop();
  Get(end).waiting = false;
  Abort(end);
}

// --- connections ---

uint32_t Wire::NewConnection() {
  if (free_.empty()) {
    free_.push_back(static_cast<uint32_t>(connections_.size()));
    connections_.emplace_back();
  }
  const uint32_t index = free_.back();
  free_.pop_back();
  Connection& connection = connections_[index];
  ++connection.generation;
  connection.vanished = false;
  connection.waiting = false;
  connection.stopped = false;
  connection.unpowered = false;
  connection.unknown = false;
  connection.syn_tries = 0;
  connection.index = connection_count_++;
  connection.client_port = static_cast<uint16_t>(kFirstClientPort + connection.index % kClientPorts);
  connection.ends = {};
  connection.ends[1].closed = true;  // until the request to connect arrives there
  for (Stream& stream : connection.out) {
    Stream fresh;
    std::swap(fresh.bytes, stream.bytes);  // keeps their memory
    std::swap(fresh.segments, stream.segments);
    fresh.segments.Clear();
    stream = std::move(fresh);
  }
  return index;
}

void Wire::FreeIfDone(uint32_t index) {
  Connection& connection = connections_[index];
  if (connection.state == State::kFree || connection.waiting) return;
  if (!connection.ends[0].closed || !connection.ends[1].closed) return;
  connection.state = State::kFree;
  free_.push_back(index);
}

void Wire::Schedule(WorldEvent::Kind kind, uint32_t connection, uint8_t side, int64_t time_ns, uint64_t arg) {
  context_.timeline.Add(
      {.kind = kind, .side = side, .index = connection, .generation = connections_[connection].generation, .arg = arg},
      time_ns);
}

void Wire::Notify(uint32_t index, int side) {
  const EndState& end = connections_[index].ends[static_cast<size_t>(side)];
  if (end.owner != nullptr && !end.closed) end.owner->WireChanged(end.who);
}

WireEnd Wire::Connect(const Address& address, Actor actor, bool opener_is_program, WireOwner& owner, uint32_t who) {
  const uint32_t index = NewConnection();
  const uint32_t target = Intern(address);
  Connection& connection = connections_[index];
  connection.state = State::kConnecting;
  connection.actor = actor;
  connection.target = target;
  EndState& end = connection.ends[0];
  end.owner = &owner;
  end.who = who;
  end.actor = actor;
  end.program = opener_is_program;

  const uint64_t failure = context_.choices.FaultAmount(actor, Site::kConnectFail, 4);
  const uint64_t delay = context_.choices.FaultAmount(actor, Site::kConnectDelay, kDelaySteps);
  const int64_t there_ns = context_.timeline.now_ns() + context_.options.latency_ns + DelayOfStep(delay);
  if (failure != 0 || !OfThisMachine(address)) {
    const ErrorCode code = failure != 0 ? FailureOf(failure) : ErrorCode::kUnreachable;
    Schedule(WorldEvent::Kind::kFailed, index, 0, there_ns + context_.options.latency_ns, static_cast<uint64_t>(code));
  } else {
    Schedule(WorldEvent::Kind::kSyn, index, 0, there_ns);
  }
  return {index, connection.generation, 0};
}

// The request to connect has arrived.
void Wire::OnSyn(uint32_t index) {
  Connection& connection = connections_[index];
  const int64_t now_ns = context_.timeline.now_ns();
  const uint32_t listener = FindListener(addresses_[connection.target]);
  if (listener == listeners_.size() && !dark_) {
    const auto refused = static_cast<uint64_t>(ErrorCode::kConnectionRefused);
    Schedule(WorldEvent::Kind::kFailed, index, 0, now_ns + context_.options.latency_ns, refused);
    return;
  }
  if (listener != listeners_.size() && listeners_[listener].waiting.size() <= listeners_[listener].backlog) {
    EnterQueue(index, listener);
    return;
  }
  // A full queue drops the request, as a machine without power does, and the opener asks again.
  const int64_t retry_ns = kSynRetryNs << connection.syn_tries;
  if (++connection.syn_tries > kSynTriesMax) {
    Schedule(WorldEvent::Kind::kFailed, index, 0, now_ns + retry_ns, static_cast<uint64_t>(ErrorCode::kTimedOut));
  } else {
    Schedule(WorldEvent::Kind::kSyn, index, 0, now_ns + retry_ns);
  }
}

void Wire::EnterQueue(uint32_t index, uint32_t listener_index) {
  Connection& connection = connections_[index];
  Listener& listener = listeners_[listener_index];
  EndState& end = connection.ends[1];
  end.closed = false;
  end.program = listener.owner->IsProgram();
  end.actor = connection.actor;
  if (end.program && connection.ends[0].program) {
    end.actor = context_.actors.Add({ActorKind::kIncoming, static_cast<uint32_t>(connection.index)});
  }
  connection.waiting = true;
  DrawBuffers(connection, 0);
  DrawBuffers(connection, 1);
  if (!connection.ends[0].program) {
    const uint64_t trickle = context_.choices.FaultAmount(connection.actor, Site::kPeerTrickle, kTrickleSteps);
    connection.out[0].trickle_until = trickle * kTrickleStepBytes;
  }
  listener.waiting.Push({index, connection.generation, 1});
  context_.trace.Add(StepKind::kConnWaits, connection.actor, listener_index);
  Schedule(WorldEvent::Kind::kConnected, index, 0, context_.timeline.now_ns() + context_.options.latency_ns);
  listener.owner->WireChanged(listener.who);
}

void Wire::DrawBuffers(Connection& connection, int side) {
  Stream& stream = connection.out[static_cast<size_t>(side)];
  const uint64_t send = context_.choices.FaultAmount(connection.actor, Site::kBufferSmallSend, kSmallBufferSteps);
  const uint64_t receive = context_.choices.FaultAmount(connection.actor, Site::kBufferSmallReceive, kSmallBufferSteps);
  stream.send_buffer = send == 0 ? context_.options.send_buffer_bytes : kSmallBufferBytes >> send;
  stream.receive_buffer = receive == 0 ? context_.options.receive_buffer_bytes : kSmallBufferBytes >> receive;
}

void Wire::OnConnected(uint32_t index, ErrorCode code) {
  Connection& connection = connections_[index];
  connection.state = code == ErrorCode::kOk ? State::kConnected : State::kFailed;
  if (code != ErrorCode::kOk) context_.trace.Add(StepKind::kConnRefused, connection.actor, static_cast<int64_t>(code));
  EndState& end = connection.ends[0];
  end.error = code;
  if (!end.closed) end.owner->WireConnected(end.who, code);
}

// Ending its direction takes an undecided connect back, as on Linux.
void Wire::StopConnecting(uint32_t index) {
  SendReset(index, 0);
  Connection& connection = connections_[index];
  connection.state = State::kFailed;
  connection.stopped = true;
  connection.ends[0].error = ErrorCode::kConnectionReset;
}

ErrorCode Wire::ConnectResult(WireEnd end) {
  if (end.side == 0 && Get(end).state == State::kConnecting) return ErrorCode::kWouldBlock;
  const ErrorCode error = TakeError(end);
  if (error == ErrorCode::kBrokenPipe) return ErrorCode::kConnectionReset;
  if (error != ErrorCode::kOk) return error;
  return Stands(end) ? ErrorCode::kOk : ErrorCode::kConnectionReset;
}

bool Wire::Stands(WireEnd end) const {
  const Connection& connection = Get(end);
  if (end.side == 0 && connection.state != State::kConnected) return false;
  const bool ended = connection.out[0].end_delivered && connection.out[1].end_delivered;
  return !connection.ends[end.side].reset && !ended;
}

Address Wire::LocalAddress(WireEnd end) const {
  const Connection& connection = Get(end);
  Address address = addresses_[connection.target];
  if (address.family == Address::Family::kUnix) {
    if (end.side == 0) address.host.clear();
    return address;
  }
  if (IsWildcard(address)) address.host = address.family == Address::Family::kIpv4 ? "127.0.0.1" : "::1";
  if (end.side == 0) address.port = connection.client_port;
  return address;
}

Address Wire::PeerAddress(WireEnd end) const {
  return LocalAddress({end.connection, end.generation, static_cast<uint8_t>(1 - end.side)});
}

size_t Wire::OpenProgramEnds() const {
  size_t open = 0;
  for (const Connection& connection : connections_) {
    if (connection.state == State::kFree) continue;
    for (const EndState& end : connection.ends) open += end.program && !end.closed ? 1 : 0;
  }
  return open;
}

}  // namespace reprise
