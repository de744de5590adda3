#include "proptests/kernel_truth/wrong_world.h"

#include <algorithm>
#include <array>

namespace reprise::kernel_truth {
namespace {

constexpr std::array<std::string_view, kWrongCount> kNames = {"Nothing",
                                                              "ResetReadsAsEnd",
                                                              "ResetIsToldForEver",
                                                              "ResetReadsAsBrokenPipe",
                                                              "EndReadsAsWouldBlock",
                                                              "EndIsToldOnce",
                                                              "EndReadsAsReset",
                                                              "ReadLosesAByte",
                                                              "ReadRepeatsAByte",
                                                              "ReadGivesOneByteLess",
                                                              "ReadAfterHalfCloseFails",
                                                              "WriteAfterResetIsTaken",
                                                              "WriteAfterResetSkipsTheReset",
                                                              "WriteAfterHalfCloseIsTaken",
                                                              "WriteAfterHalfCloseIsAReset",
                                                              "BuffersHaveNoEnd",
                                                              "WriteTakesOneByteLess",
                                                              "GatherTakesTheFirstPieceOnly",
                                                              "HalfCloseDoesNothing",
                                                              "HalfCloseEndsBothWays",
                                                              "HalfCloseAlwaysSucceeds",
                                                              "CloseIsAbort",
                                                              "AbortIsClose",
                                                              "CloseForgivesUnreadBytes",
                                                              "ListenerCloseSparesThoseWhoWait",
                                                              "RefusedLooksUndecided",
                                                              "RefusedLooksConnected",
                                                              "RefusedLooksTimedOut",
                                                              "AcceptHidesConnections",
                                                              "AcceptTellsOfConnectionsThatWereReset",
                                                              "PeerAddressOutlivesTheConnection",
                                                              "NeverWritable",
                                                              "AlwaysWritable",
                                                              "AlwaysReadable",
                                                              "ReadableForListenersOnly",
                                                              "ReadyOnce",
                                                              "EndIsNoReadiness",
                                                              "InterestNeverChanges",
                                                              "ListenerIsNeverReadable"};

size_t TotalOf(std::span<const std::string_view> pieces) {
  size_t total = 0;
  for (const std::string_view piece : pieces) total += piece.size();
  return total;
}

}  // namespace

std::string_view WrongName(Wrong wrong) { return kNames[static_cast<size_t>(wrong)]; }

// --- network

WrongNetwork::~WrongNetwork() {
  for (const Handle listener : kept_) right_.Close(listener);
}

void WrongNetwork::Ended(Handle handle) {
  listeners_.erase(handle.id);
  half_closed_.erase(handle.id);
  told_.erase(handle.id);
  peers_.erase(handle.id);
}

Result<Handle> WrongNetwork::Listen(const Address& address, const ListenOptions& options) {
  Result<Handle> listener = right_.Listen(address, options);
  if (listener.ok()) listeners_.insert(listener.value().id);
  return listener;
}

Result<Handle> WrongNetwork::Accept(Handle listener) {
  if (wrong_ == Wrong::kAcceptHidesConnections) return Status(ErrorCode::kWouldBlock);
  Result<Handle> accepted = right_.Accept(listener);
  if (!accepted.ok()) return accepted;
  const Result<Address> peer = right_.PeerAddress(accepted.value());
  if (wrong_ == Wrong::kAcceptTellsOfConnectionsThatWereReset && !peer.ok()) {
    right_.Close(accepted.value());
    return Status(ErrorCode::kConnectionAborted);
  }
  if (peer.ok()) peers_[accepted.value().id] = peer.value();
  return accepted;
}

Status WrongNetwork::ConnectResult(Handle handle) {
  Status status = right_.ConnectResult(handle);
  if (status.code() != ErrorCode::kConnectionRefused) return status;
  if (wrong_ == Wrong::kRefusedLooksUndecided) return Status(ErrorCode::kWouldBlock);
  if (wrong_ == Wrong::kRefusedLooksConnected) return Status::Ok();
  if (wrong_ == Wrong::kRefusedLooksTimedOut) return Status(ErrorCode::kTimedOut);
  return status;
}

IoResult WrongNetwork::Read(Handle handle, std::span<char> into) {
  if (half_closed_.contains(handle.id)) {
    if (wrong_ == Wrong::kReadAfterHalfCloseFails) return {0, ErrorCode::kNotConnected};
    if (wrong_ == Wrong::kHalfCloseEndsBothWays) return {0, ErrorCode::kEndOfStream};
  }
  std::span<char> part = into;
  if (wrong_ == Wrong::kReadGivesOneByteLess && into.size() > 1) part = into.first(into.size() - 1);
  return WrongRead(handle, into, right_.Read(handle, part));
}

IoResult WrongNetwork::WrongRead(Handle handle, std::span<char> into, IoResult result) {
  const bool reset = result.code == ErrorCode::kConnectionReset;
  const bool end = result.code == ErrorCode::kEndOfStream;
  const bool told = told_.contains(handle.id);
  if (reset || end) told_.insert(handle.id);
  switch (wrong_) {
    case Wrong::kResetReadsAsEnd:
      return reset ? IoResult{0, ErrorCode::kEndOfStream} : result;
    case Wrong::kResetIsToldForEver:
      return end && told ? IoResult{0, ErrorCode::kConnectionReset} : result;
    case Wrong::kResetReadsAsBrokenPipe:
      return reset ? IoResult{0, ErrorCode::kBrokenPipe} : result;
    case Wrong::kEndReadsAsWouldBlock:
      return end ? IoResult{0, ErrorCode::kWouldBlock} : result;
    case Wrong::kEndIsToldOnce:
      return end && told ? IoResult{0, ErrorCode::kNotConnected} : result;
    case Wrong::kEndReadsAsReset:
      return end && !told ? IoResult{0, ErrorCode::kConnectionReset} : result;
    case Wrong::kReadLosesAByte:
      if (result.bytes < 2) return result;
      std::copy(into.begin() + 1, into.begin() + static_cast<std::ptrdiff_t>(result.bytes), into.begin());
      return {result.bytes - 1, ErrorCode::kOk};
    case Wrong::kReadRepeatsAByte:
      if (result.bytes > 1) into[1] = into[0];
      return result;
    default:
      return result;
  }
}

IoResult WrongNetwork::Write(Handle handle, std::span<const std::string_view> pieces) {
  if (wrong_ == Wrong::kGatherTakesTheFirstPieceOnly && pieces.size() > 1) pieces = pieces.first(1);
  if (wrong_ == Wrong::kWriteTakesOneByteLess && pieces.size() == 1 && pieces[0].size() > 1) {
    const std::string_view less = pieces[0].substr(1);  // content is checked, so what matters is how many
    const std::array<std::string_view, 1> shorter = {pieces[0].substr(0, less.size())};
    return right_.Write(handle, shorter);
  }
  const IoResult result = right_.Write(handle, pieces);
  const IoResult taken{TotalOf(pieces), ErrorCode::kOk};
  switch (wrong_) {
    case Wrong::kWriteAfterResetIsTaken:
      return result.code == ErrorCode::kConnectionReset ? taken : result;
    case Wrong::kWriteAfterResetSkipsTheReset:
      return result.code == ErrorCode::kConnectionReset ? IoResult{0, ErrorCode::kBrokenPipe} : result;
    case Wrong::kWriteAfterHalfCloseIsTaken:
      return half_closed_.contains(handle.id) && result.code == ErrorCode::kBrokenPipe ? taken : result;
    case Wrong::kWriteAfterHalfCloseIsAReset:
      return half_closed_.contains(handle.id) && result.code == ErrorCode::kBrokenPipe
                 ? IoResult{0, ErrorCode::kConnectionReset}
                 : result;
    case Wrong::kBuffersHaveNoEnd:
      return result.code == ErrorCode::kWouldBlock ? taken : result;
    default:
      return result;
  }
}

Status WrongNetwork::ShutdownWrite(Handle handle) {
  if (wrong_ == Wrong::kHalfCloseDoesNothing) return Status::Ok();
  Status status = right_.ShutdownWrite(handle);
  if (status.ok()) half_closed_.insert(handle.id);
  return wrong_ == Wrong::kHalfCloseAlwaysSucceeds ? Status::Ok() : status;
}

void WrongNetwork::Close(Handle handle) {
  const bool listener = listeners_.contains(handle.id);
  Ended(handle);
  if (listener && wrong_ == Wrong::kListenerCloseSparesThoseWhoWait) {
    kept_.push_back(handle);
    return;
  }
  if (!listener && wrong_ == Wrong::kCloseIsAbort) {
    right_.Abort(handle);
    return;
  }
  if (!listener && wrong_ == Wrong::kCloseForgivesUnreadBytes) {
    std::array<char, 4096> unread;
    while (right_.Read(handle, unread).ok()) {
    }
  }
  right_.Close(handle);
}

void WrongNetwork::Abort(Handle handle) {
  Ended(handle);
  wrong_ == Wrong::kAbortIsClose ? right_.Close(handle) : right_.Abort(handle);
}

Result<Address> WrongNetwork::PeerAddress(Handle handle) {
  Result<Address> peer = right_.PeerAddress(handle);
  const auto found = peers_.find(handle.id);
  if (wrong_ != Wrong::kPeerAddressOutlivesTheConnection || peer.ok() || found == peers_.end()) return peer;
  return found->second;
}

// --- poller

Status WrongPoller::Register(Handle handle, Interest interest, Token token) {
  // The player watches listeners for reading alone from the beginning, and streams for both.
  watched_[token.Pack()] = {interest, interest == Interest::kRead, false};
  return right_.Register(handle, interest, token);
}

Status WrongPoller::Change(Handle handle, Interest interest, Token token) {
  if (wrong_ == Wrong::kInterestNeverChanges) return Status::Ok();
  watched_[token.Pack()].interest = interest;
  return right_.Change(handle, interest, token);
}

bool WrongPoller::Distort(Event& event) {
  Watched& watched = watched_[event.token.Pack()];
  switch (wrong_) {
    case Wrong::kNeverWritable:
      event.writable = false;
      break;
    case Wrong::kAlwaysWritable:
      event.writable = WantsWrite(watched.interest);
      break;
    case Wrong::kAlwaysReadable:
      event.readable = WantsRead(watched.interest);
      break;
    case Wrong::kReadableForListenersOnly:
      event.readable = event.readable && watched.listener;
      break;
    case Wrong::kListenerIsNeverReadable:
      event.readable = event.readable && !watched.listener;
      break;
    case Wrong::kEndIsNoReadiness:
      // What was told as ready in both directions was, more often than not, an end or a reset.
      if (event.readable && event.writable) event.readable = false;
      break;
    case Wrong::kReadyOnce:
      if (watched.told) return false;
      watched.told = true;
      break;
    default:
      break;
  }
  return event.readable || event.writable;
}

size_t WrongPoller::Wait(std::span<Event> events, int64_t deadline_ns) {
  size_t count = right_.Wait(events, deadline_ns);
  size_t kept = 0;
  for (size_t i = 0; i < count; ++i) {
    if (events[i].kind != Event::Kind::kReady || Distort(events[i])) events[kept++] = events[i];
  }
  if (wrong_ != Wrong::kAlwaysWritable && wrong_ != Wrong::kAlwaysReadable) return kept;
  // Those who had no event get one, too. Tokens of the past are nobody's, and are passed over by whoever looks.
  for (const auto& [token, watched] : watched_) {
    Event event;
    event.token = Token::Unpack(token);
    if (kept < events.size() && Distort(event)) events[kept++] = event;
  }
  return kept;
}

}  // namespace reprise::kernel_truth
