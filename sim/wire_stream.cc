// How bytes, ends of stream and resets travel along a connection.
#include <algorithm>

#include "sim/wire.h"

namespace reprise {
namespace {

constexpr int64_t kSegmentGapNs = 1'000;   // between two segments of a direction
constexpr int64_t kTrickleGapNs = 20'000;  // between two bytes of a peer that sends them one at a time

// What a pending error is to a stream: why a connect failed is not among the errors of reading and writing.
ErrorCode StreamError(ErrorCode error) {
  if (error == ErrorCode::kConnectionRefused) return ErrorCode::kConnectionReset;
  return error == ErrorCode::kUnreachable ? ErrorCode::kTimedOut : error;
}

}  // namespace

// --- what an end can see and do ---

Wire::Readiness Wire::ReadinessOf(WireEnd which) const {
  const Connection& connection = Get(which);
  Readiness readiness;
  if (which.side == 0 && connection.state == State::kConnecting) return readiness;
  const EndState& end = connection.ends[which.side];
  const Stream& in = connection.out[1 - which.side];
  const Stream& out = connection.out[which.side];
  readiness.unread_bytes = static_cast<size_t>(in.delivered - in.read);
  readiness.peer_ended = in.end_delivered;
  readiness.hangup = end.reset || connection.state == State::kFailed || (in.end_delivered && out.end_written);
  readiness.readable = readiness.hangup || readiness.unread_bytes > 0 || in.end_delivered;
  // As Linux does, room is only announced when a third of the buffer is free.
  const bool roomy = out.Unacknowledged() * 3 <= out.send_buffer * 2;
  readiness.writable = readiness.hangup || out.end_written || roomy;
  return readiness;
}

size_t Wire::Unread(WireEnd end) const {
  const Stream& in = Get(end).out[1 - end.side];
  return static_cast<size_t>(in.delivered - in.read);
}

bool Wire::AtEnd(WireEnd end) const {
  const Connection& connection = Get(end);
  const Stream& in = connection.out[1 - end.side];
  const bool opening = end.side == 0 && connection.state == State::kConnecting;
  return !opening && in.end_delivered && in.read == in.delivered;
}

std::string_view Wire::Peek(WireEnd end) const {
  const Stream& in = Get(end).out[1 - end.side];
  return in.bytes.Piece(in.read, in.delivered);
}

uint64_t Wire::ReadOffset(WireEnd end) const { return Get(end).out[1 - end.side].read; }
uint64_t Wire::WriteOffset(WireEnd end) const { return Get(end).out[end.side].written; }

size_t Wire::Room(WireEnd end) const {
  const Connection& connection = Get(end);
  const Stream& out = connection.out[end.side];
  if (connection.state != State::kConnected && end.side == 0) return 0;
  if (connection.ends[end.side].reset || out.end_written) return 0;
  const auto used = static_cast<size_t>(out.Unacknowledged());
  return used < out.send_buffer ? out.send_buffer - used : 0;
}

IoResult Wire::Read(WireEnd which, std::span<char> into, size_t limit) {
  Connection& connection = Get(which);
  Stream& in = connection.out[1 - which.side];
  const size_t bytes = std::min({static_cast<size_t>(in.delivered - in.read), into.size(), limit});
  if (bytes > 0) {
    in.bytes.CopyOut(in.read, in.read + bytes, into.data());
    Consume(which, bytes);
    return {bytes, ErrorCode::kOk};
  }
  if (which.side == 0 && connection.state == State::kConnecting) return {0, ErrorCode::kWouldBlock};
  if (in.end_delivered) return {0, ErrorCode::kEndOfStream};
  const ErrorCode error = StreamError(TakeError(which));
  if (error != ErrorCode::kOk) return {0, error};
  if (connection.stopped && which.side == 0) return {0, ErrorCode::kNotConnected};
  const bool over = connection.ends[which.side].reset || connection.state == State::kFailed;
  return {0, over ? ErrorCode::kEndOfStream : ErrorCode::kWouldBlock};
}

void Wire::Consume(WireEnd end, size_t bytes) {
  Stream& in = Get(end).out[1 - end.side];
  in.read += bytes;
  CHECK(in.read <= in.delivered);
  if (in.sent < in.written) Pump(end.connection, 1 - end.side);  // there is room again for what waits over there
}

ErrorCode Wire::TakeError(WireEnd end) {
  ErrorCode& error = Get(end).ends[end.side].error;
  const ErrorCode taken = error;
  error = ErrorCode::kOk;
  return taken;
}

IoResult Wire::Write(WireEnd which, std::span<const std::string_view> pieces, size_t limit) {
  Connection& connection = Get(which);
  if (which.side == 0 && connection.state == State::kConnecting) return {0, ErrorCode::kWouldBlock};
  const ErrorCode error = StreamError(TakeError(which));
  if (error != ErrorCode::kOk) return {0, error};
  Stream& out = connection.out[which.side];
  const bool over = connection.ends[which.side].reset || connection.state == State::kFailed;
  if (over || out.end_written) return {0, ErrorCode::kBrokenPipe};
  const size_t most = std::min(Room(which), limit);
  if (most == 0) return {0, ErrorCode::kWouldBlock};
  size_t taken = 0;
  for (const std::string_view piece : pieces) {
    const std::string_view part = piece.substr(0, most - taken);
    out.bytes.Put(out.written, out.read, part);
    out.written += part.size();
    taken += part.size();
  }
  if (connection.vanished) WatchSilence(which.connection, which.side);
  Pump(which.connection, which.side);
  return {taken, ErrorCode::kOk};
}

ErrorCode Wire::ShutdownWrite(WireEnd which) {
  Connection& connection = Get(which);
  if (which.side == 0 && connection.state == State::kConnecting) {
    StopConnecting(which.connection);
    return ErrorCode::kOk;
  }
  if (!Stands(which)) return ErrorCode::kNotConnected;
  connection.out[which.side].end_written = true;
  if (connection.vanished) WatchSilence(which.connection, which.side);
  Pump(which.connection, which.side);
  return ErrorCode::kOk;
}

void Wire::Close(WireEnd which) {
  Connection& connection = Get(which);
  const Stream& in = connection.out[1 - which.side];
  const bool opening = which.side == 0 && connection.state == State::kConnecting;
  if (opening || in.delivered > in.read) {
    Abort(which);
    return;
  }
  EndState& end = connection.ends[which.side];
  end.closed = true;
  if (!end.reset && connection.state != State::kFailed) {
    connection.out[which.side].end_written = true;
    Pump(which.connection, which.side);
  }
  FreeIfDone(which.connection);
}

void Wire::Abort(WireEnd which) {
  Connection& connection = Get(which);
  EndState& end = connection.ends[which.side];
  end.closed = true;
  if (!end.reset && connection.state != State::kFailed) SendReset(which.connection, which.side);
  FreeIfDone(which.connection);
}

// --- under way ---

// How many of the bytes that wait go into the next segment; 0: none may go now.
size_t Wire::NextSegmentBytes(Connection& connection, int side) {
  Stream& out = connection.out[static_cast<size_t>(side)];
  const EndState& receiver = connection.ends[static_cast<size_t>(1 - side)];
  const uint64_t waiting = out.written - out.sent;
  uint64_t window = context_.options.segment_bytes;
  if (!receiver.closed) {
    const uint64_t open = out.receive_buffer - std::min<uint64_t>(out.receive_buffer, out.sent - out.read);
    // A receiver announces room only when there is a good deal of it.
    if (open < std::min<uint64_t>(waiting, (out.receive_buffer + 1) / 2)) return 0;
    window = std::min(window, open);
  }
  const auto bytes = static_cast<size_t>(std::min(waiting, window));
  if (bytes <= 1) return bytes;
  if (out.sent < out.trickle_until) return 1;
  // Nobody reads what comes to a machine that has forgotten the connection, and some of it was cut before.
  if (!receiver.program || connection.unknown) return bytes;
  const uint64_t cut = context_.choices.FaultAmountAt(receiver.actor, Site::kSegmentCut, out.sent, bytes - 1);
  return cut != 0 ? static_cast<size_t>(cut) : bytes;
}

// Puts on the way what may go.
void Wire::Pump(uint32_t index, int side) {
  Connection& connection = connections_[index];
  Stream& out = connection.out[static_cast<size_t>(side)];
  if (connection.vanished || out.reset_sent) return;
  while (out.sent < out.written) {
    const size_t bytes = NextSegmentBytes(connection, side);
    if (bytes == 0) return;
    out.sent += bytes;
    Send(index, side, {out.sent, 0, Segment::Mark::kBytes});
  }
  if (out.end_written && !out.end_sent) {
    out.end_sent = true;
    Send(index, side, {out.sent, 0, Segment::Mark::kEnd});
  }
}

void Wire::Send(uint32_t index, int side, const Segment& segment) {
  Connection& connection = connections_[index];
  Stream& out = connection.out[static_cast<size_t>(side)];
  const uint64_t delay = context_.choices.FaultAmount(connection.actor, Site::kSegmentDelay, kDelaySteps);
  Segment sent = segment;
  sent.arrive_ns = context_.timeline.now_ns() + context_.options.latency_ns + DelayOfStep(delay);
  if (!out.segments.empty()) {
    const bool trickles = segment.mark == Segment::Mark::kBytes && segment.end <= out.trickle_until;
    const int64_t gap_ns = segment.mark != Segment::Mark::kBytes ? 0 : trickles ? kTrickleGapNs : kSegmentGapNs;
    sent.arrive_ns = std::max(sent.arrive_ns, out.segments.back().arrive_ns + gap_ns);
  }
  out.segments.Push(sent);
  if (!out.deliver_due) {
    out.deliver_due = true;
    Schedule(WorldEvent::Kind::kDeliver, index, static_cast<uint8_t>(side), out.segments.front().arrive_ns);
  }
}

void Wire::SendReset(uint32_t index, int side) {
  Connection& connection = connections_[index];
  Stream& out = connection.out[static_cast<size_t>(side)];
  if (out.reset_sent) return;
  out.reset_sent = true;  // what has not left never will
  connection.ends[static_cast<size_t>(side)].reset = true;
  if (!connection.vanished) Send(index, side, {out.sent, 0, Segment::Mark::kReset});
}

// What is under way from `side` and due arrives.
void Wire::Deliver(uint32_t index, int side) {
  Stream& due = connections_[index].out[static_cast<size_t>(side)];
  due.deliver_due = false;
  if (connections_[index].vanished || !StrikeFaults(index)) return;
  Connection& connection = connections_[index];
  Stream& out = connection.out[static_cast<size_t>(side)];
  const uint64_t delivered_before = out.delivered;
  const int64_t now_ns = context_.timeline.now_ns();
  while (!out.segments.empty() && out.segments.front().arrive_ns <= now_ns) {
    const Segment segment = out.segments.Pop();
    Arrive(connection, side, segment);
  }
  if (!out.segments.empty()) {
    out.deliver_due = true;
    Schedule(WorldEvent::Kind::kDeliver, index, static_cast<uint8_t>(side), out.segments.front().arrive_ns);
  }
  const uint32_t generation = connection.generation;
  const bool acknowledged = out.delivered > delivered_before;
  Notify(index, 1 - side);  // which may change everything
  if (acknowledged && connections_[index].generation == generation) Notify(index, side);
}

void Wire::Arrive(Connection& connection, int side, const Segment& segment) {
  const auto index = static_cast<uint32_t>(&connection - connections_.data());
  Stream& out = connection.out[static_cast<size_t>(side)];
  const EndState& receiver = connection.ends[static_cast<size_t>(1 - side)];
  switch (segment.mark) {
    case Segment::Mark::kReset:
      context_.trace.Add(StepKind::kResetArrives, connection.actor, side);
      ResetArrives(connection, side);
      return;
    case Segment::Mark::kEnd:
      context_.trace.Add(StepKind::kEndArrives, connection.actor, side);
      out.end_delivered = true;
      if (connection.unknown) SendReset(index, 1 - side);
      return;
    case Segment::Mark::kBytes:
      break;
  }
  const auto bytes = static_cast<int64_t>(segment.end - out.delivered);
  context_.trace.Add(StepKind::kSegment, connection.actor, side, bytes);
  out.delivered = segment.end;
  if (receiver.closed || receiver.reset) {
    out.read = out.delivered;
    out.refused += static_cast<uint64_t>(bytes);
    SendReset(index, 1 - side);
  }
}

void Wire::ResetArrives(Connection& connection, int side) {
  EndState& receiver = connection.ends[static_cast<size_t>(1 - side)];
  if (receiver.closed || receiver.reset) return;
  Stream& in = connection.out[static_cast<size_t>(side)];
  Stream& out = connection.out[static_cast<size_t>(1 - side)];
  if (in.end_delivered && out.end_delivered) return;  // it was over before
  receiver.reset = true;
  // A broken pipe to who was still sending after the other's end had come.
  const bool was_sending = in.end_delivered && !out.end_written;
  receiver.error = was_sending ? ErrorCode::kBrokenPipe : ErrorCode::kConnectionReset;
  out.segments.Clear();
  out.written = out.sent = out.delivered;
  if (receiver.program && in.delivered > in.read && context_.choices.Fault(receiver.actor, Site::kResetDiscards)) {
    in.read = in.delivered;
  }
}

}  // namespace reprise
