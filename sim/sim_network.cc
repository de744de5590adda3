#include "sim/sim_network.h"

#include <algorithm>

namespace reprise {
namespace {

// So many closed numbers wait before the oldest is given out again, unless a fault gives out the last one at once.
constexpr size_t kNumbersAtRest = 64;

int64_t Outcome(const IoResult& result) {
  return result.ok() ? static_cast<int64_t>(result.bytes) : -static_cast<int64_t>(result.code);
}

}  // namespace

SimNetwork::SimNetwork(SimContext& context, Wire& wire, ReadinessSink& sink)
    : context_(context), wire_(wire), sink_(sink), handle_limit_(context.options.handle_limit) {}

// --- handles ---

SimNetwork::Entry& SimNetwork::Get(Handle handle, Entry::Kind kind) {
  CHECK(handle.valid() && static_cast<size_t>(handle.id) < entries_.size());
  Entry& entry = entries_[static_cast<size_t>(handle.id)];
  CHECK(entry.kind == kind);
  ++operations_;
  return entry;
}

int32_t SimNetwork::NewHandle() {
  const size_t at_rest = free_.size() - oldest_free_;
  const bool reuse = at_rest > 0 && context_.choices.Fault(ActorTable::kServer, Site::kHandleReuse);
  int32_t id = 0;
  if (reuse) {
    id = free_.back();
    free_.pop_back();
  } else if (at_rest > kNumbersAtRest) {
    id = free_[oldest_free_++];
    if (oldest_free_ > kNumbersAtRest) {
      free_.erase(free_.begin(), free_.begin() + static_cast<std::ptrdiff_t>(oldest_free_));
      oldest_free_ = 0;
    }
  } else {
    id = static_cast<int32_t>(entries_.size());
    entries_.emplace_back();
  }
  entries_[static_cast<size_t>(id)] = {Entry::Kind::kReserved, 0, {}};
  ++open_;
  return id;
}

void SimNetwork::FreeHandle(int32_t id) {
  entries_[static_cast<size_t>(id)] = {};
  free_.push_back(id);
  --open_;
}

void SimNetwork::ForgetHandles() {
  entries_.clear();
  free_.clear();
  oldest_free_ = 0;
  open_ = 0;
  handle_limit_ = context_.options.handle_limit;
}

size_t SimNetwork::open_streams() const {
  return static_cast<size_t>(std::count_if(entries_.begin(), entries_.end(),
                                           [](const Entry& entry) { return entry.kind == Entry::Kind::kStream; }));
}

bool SimNetwork::IsOpen(Handle handle) const {
  return handle.valid() && static_cast<size_t>(handle.id) < entries_.size() &&
         entries_[static_cast<size_t>(handle.id)].kind != Entry::Kind::kFree;
}

Wire::Readiness SimNetwork::ReadinessOf(Handle handle) const {
  const Entry& entry = entries_[static_cast<size_t>(handle.id)];
  if (entry.kind == Entry::Kind::kStream) return wire_.ReadinessOf(entry.end);
  Wire::Readiness readiness;
  readiness.readable = wire_.HasWaiting(entry.listener);
  return readiness;
}

Actor SimNetwork::ActorOf(Handle handle) const {
  const Entry& entry = entries_[static_cast<size_t>(handle.id)];
  return entry.kind == Entry::Kind::kStream ? wire_.EndActor(entry.end) : wire_.ListenerActor(entry.listener);
}

// --- how connections come about ---

Result<Handle> SimNetwork::Listen(const Address& address, const ListenOptions& options) {
  ++operations_;
  if (!context_.life.Act()) return Status(ErrorCode::kAddressNotAvailable);
  if (AtLimit()) return Status(ErrorCode::kTooManyHandles);
  const int32_t id = NewHandle();
  Result<uint32_t> listener = wire_.Listen(address, options.backlog, *this, static_cast<uint32_t>(id));
  if (!listener.ok()) {
    FreeHandle(id);
    return listener.status();
  }
  entries_[static_cast<size_t>(id)] = {Entry::Kind::kListener, listener.value(), {}};
  context_.trace.Add(StepKind::kListen, ActorTable::kServer, id, wire_.ListenerAddress(listener.value()).port);
  return Handle{id};
}

// What hinders accepting the connection that waits; kOk: nothing does.
ErrorCode SimNetwork::AcceptFault(const Entry& listener) {
  const Actor actor = wire_.ListenerActor(listener.listener);
  Choices& choices = context_.choices;
  if (AtLimit()) return ErrorCode::kTooManyHandles;
  if (choices.Fault(actor, Site::kAcceptWouldBlock)) return ErrorCode::kWouldBlock;
  if (choices.Fault(actor, Site::kAcceptTooMany)) return ErrorCode::kTooManyHandles;
  if (choices.Fault(actor, Site::kAcceptNoMemory)) return ErrorCode::kOutOfMemory;
  if (choices.Fault(actor, Site::kAcceptAborted)) {
    wire_.DropWaiting(listener.listener);
    return ErrorCode::kConnectionAborted;
  }
  return ErrorCode::kOk;
}

Result<Handle> SimNetwork::Accept(Handle listener) {
  const Entry entry = Get(listener, Entry::Kind::kListener);
  if (!context_.life.Act()) return Status(ErrorCode::kWouldBlock);
  const bool waiting = wire_.HasWaiting(entry.listener);
  const ErrorCode code = waiting ? AcceptFault(entry) : ErrorCode::kWouldBlock;
  if (code != ErrorCode::kOk) {
    context_.trace.Add(StepKind::kAccept, wire_.ListenerActor(entry.listener), -1, static_cast<int64_t>(code));
    return Status(code);
  }
  const int32_t id = NewHandle();
  const WireEnd end = wire_.Accept(entry.listener, *this, static_cast<uint32_t>(id));
  entries_[static_cast<size_t>(id)] = {Entry::Kind::kStream, 0, end};
  accepted_.push_back({wire_.EndActor(end), context_.life.number()});
  context_.trace.Add(StepKind::kAccept, wire_.EndActor(end), id);
  ++totals_.accepted;
  return Handle{id};
}

Result<Handle> SimNetwork::Connect(const Address& address) {
  ++operations_;
  if (!context_.life.Act()) return Status(ErrorCode::kUnreachable);
  if (AtLimit()) return Status(ErrorCode::kTooManyHandles);
  const int32_t id = NewHandle();
  const Actor actor = context_.actors.Add({ActorKind::kOutgoing, outgoing_++});
  const WireEnd end = wire_.Connect(address, actor, true, *this, static_cast<uint32_t>(id));
  entries_[static_cast<size_t>(id)] = {Entry::Kind::kStream, 0, end};
  context_.trace.Add(StepKind::kConnect, actor, id);
  return Handle{id};
}

Status SimNetwork::ConnectResult(Handle handle) {
  const Entry& entry = Get(handle, Entry::Kind::kStream);
  if (!context_.life.Act()) return Status(ErrorCode::kWouldBlock);
  const ErrorCode code = wire_.ConnectResult(entry.end);
  context_.trace.Add(StepKind::kConnectResult, wire_.EndActor(entry.end), handle.id, static_cast<int64_t>(code));
  return code == ErrorCode::kOk ? Status() : Status(code);
}

// --- bytes ---

IoResult SimNetwork::Read(Handle handle, std::span<char> into) {
  CHECK(!into.empty());
  const Entry& entry = Get(handle, Entry::Kind::kStream);
  if (!context_.life.Act()) return {0, ErrorCode::kWouldBlock};
  const Actor actor = wire_.EndActor(entry.end);
  const size_t most = std::min(wire_.Unread(entry.end), into.size());
  IoResult result{0, ErrorCode::kWouldBlock};
  if (most == 0) {
    result = wire_.Read(entry.end, into, into.size());
  } else if (!context_.choices.Fault(actor, Site::kReadWouldBlock)) {
    const uint64_t offset = wire_.ReadOffset(entry.end);
    const uint64_t part = context_.choices.FaultAmountAt(actor, Site::kReadShort, offset, most - 1);
    result = wire_.Read(entry.end, into, part != 0 ? static_cast<size_t>(part) : most);
  }
  totals_.read_bytes += result.bytes;
  context_.trace.AddBytes(StepKind::kRead, actor, handle.id, Outcome(result), {into.data(), result.bytes});
  return result;
}

IoResult SimNetwork::Write(Handle handle, std::span<const std::string_view> pieces) {
  CHECK(pieces.size() <= kMaxGather);
  const Entry& entry = Get(handle, Entry::Kind::kStream);
  size_t total = 0;
  for (const std::string_view piece : pieces) total += piece.size();
  CHECK(total > 0);
  if (!context_.life.Act()) return {total, ErrorCode::kOk};
  const Actor actor = wire_.EndActor(entry.end);
  const size_t most = std::min(total, wire_.Room(entry.end));
  IoResult result{0, ErrorCode::kWouldBlock};
  if (most == 0) {
    result = wire_.Write(entry.end, pieces, total);
  } else if (!context_.choices.Fault(actor, Site::kWriteWouldBlock)) {
    const uint64_t offset = wire_.WriteOffset(entry.end);
    const uint64_t part = context_.choices.FaultAmountAt(actor, Site::kWriteShort, offset, most - 1);
    result = wire_.Write(entry.end, pieces, part != 0 ? static_cast<size_t>(part) : most);
  }
  totals_.written_bytes += result.bytes;
  context_.trace.AddBytes(StepKind::kWrite, actor, handle.id, Outcome(result), Taken(pieces, result.bytes));
  return result;
}

// The first `bytes` of the pieces, joined, so that the trace does not depend on how they were cut.
std::string_view SimNetwork::Taken(std::span<const std::string_view> pieces, size_t bytes) {
  if (bytes == 0) return {};
  if (pieces.front().size() >= bytes) return pieces.front().substr(0, bytes);
  joined_.clear();
  for (const std::string_view piece : pieces) joined_.append(piece.substr(0, bytes - joined_.size()));
  return joined_;
}

// --- how they end ---

Status SimNetwork::ShutdownWrite(Handle handle) {
  const Entry& entry = Get(handle, Entry::Kind::kStream);
  if (!context_.life.Act()) return Status::Ok();
  const ErrorCode code = wire_.ShutdownWrite(entry.end);
  context_.trace.Add(StepKind::kShutdown, wire_.EndActor(entry.end), handle.id, static_cast<int64_t>(code));
  sink_.MarkReady(handle);
  return code == ErrorCode::kOk ? Status() : Status(code);
}

void SimNetwork::Close(Handle handle) { End(handle, false); }
void SimNetwork::Abort(Handle handle) { End(handle, true); }

void SimNetwork::End(Handle handle, bool abort) {
  CHECK(IsOpen(handle));
  CHECK(!sink_.IsWatched(handle));
  ++operations_;
  if (!context_.life.Act()) return FreeHandle(handle.id);
  const Entry entry = entries_[static_cast<size_t>(handle.id)];
  context_.trace.Add(abort ? StepKind::kAbort : StepKind::kClose, ActorOf(handle), handle.id);
  if (entry.kind == Entry::Kind::kListener) {
    wire_.CloseListener(entry.listener);
  } else if (abort) {
    wire_.Abort(entry.end);
  } else {
    wire_.Close(entry.end);
  }
  FreeHandle(handle.id);
}

Result<Address> SimNetwork::LocalAddress(Handle handle) {
  CHECK(IsOpen(handle));
  const Entry& entry = entries_[static_cast<size_t>(handle.id)];
  if (!context_.life.alive()) return Status(ErrorCode::kNotConnected);
  if (entry.kind == Entry::Kind::kListener) return wire_.ListenerAddress(entry.listener);
  return wire_.LocalAddress(entry.end);
}

Result<Address> SimNetwork::PeerAddress(Handle handle) {
  CHECK(IsOpen(handle));
  const Entry& entry = entries_[static_cast<size_t>(handle.id)];
  if (entry.kind == Entry::Kind::kListener || !context_.life.alive()) return Status(ErrorCode::kNotConnected);
  if (!wire_.Stands(entry.end)) return Status(ErrorCode::kNotConnected);
  return wire_.PeerAddress(entry.end);
}

Status SimNetwork::SetNoDelay(Handle handle, bool) {
  Get(handle, Entry::Kind::kStream);  // small writes are never held back here
  return Status::Ok();
}

Status SimNetwork::SetKeepAlive(Handle handle, int idle_s) {
  const WireEnd end = Get(handle, Entry::Kind::kStream).end;
  if (context_.life.alive()) wire_.SetKeepAlive(end, idle_s);
  return Status::Ok();
}

}  // namespace reprise
