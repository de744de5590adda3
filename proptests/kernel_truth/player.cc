#include "proptests/kernel_truth/player.h"

#include <algorithm>
#include <memory>

#include "loop/check.h"

namespace reprise::kernel_truth {
namespace {

constexpr size_t kFillChunk = 60'000;
constexpr size_t kReadChunk = 60'000;
constexpr size_t kRelieveChunk = 32'768;
constexpr size_t kPeriod = 65'521;  // of the pattern that is sent: a prime, so that no buffer's size hides a loss

// The bytes that are sent, twice in a row, so that a piece of up to a period can begin anywhere.
std::string MakePattern() {
  std::string pattern(2 * kPeriod, '\0');
  for (size_t i = 0; i < pattern.size(); ++i) {
    pattern[i] = static_cast<char>((uint64_t{i % kPeriod} * 0x9E37'79B9'7F4A'7C15U) >> 56U);
  }
  return pattern;
}

// `size` bytes from `offset` on of what `end` sends. REQUIRES: size <= kPeriod.
std::string_view Sent(Party end, uint64_t offset, size_t size) {
  static const std::string pattern = MakePattern();
  const uint64_t shift = (uint64_t{end.number} * 2 + end.side()) * 4'099;
  return std::string_view(pattern).substr((offset + shift) % kPeriod, size);
}

Party PeerOf(Party end) {
  return {end.kind == Party::Kind::kOpener ? Party::Kind::kAcceptor : Party::Kind::kOpener, end.number};
}

}  // namespace

Player::~Player() {
  while (!handles_.empty()) End(handles_.begin()->first, true);
}

void Player::Hold(Party party, Handle handle, Interest interest) {
  const Token token{static_cast<uint32_t>(handle.id), ++generation_};
  CHECK(stage_.poller().Register(handle, interest, token).ok());
  handles_[party] = {handle, token, interest};
}

void Player::End(Party party, bool abort) {
  const Handle handle = HandleOf(party);
  stage_.poller().Forget(handle);
  handles_.erase(party);
  abort ? stage_.network().Abort(handle) : stage_.network().Close(handle);
}

std::vector<Party> Player::OpenEnds() const {
  std::vector<Party> ends;
  for (const auto& [party, held] : handles_) {
    if (party.kind != Party::Kind::kListener) ends.push_back(party);
  }
  return ends;
}

bool Player::CanPlay(const Operation& operation) const {
  const Party party = operation.party;
  switch (operation.act) {
    case Act::kListen:
      return party.number < kListenersMost && !IsOpen(party);
    case Act::kConnect:
      return party.number == connections_ && connections_ < kConnectionsMost && WasListening(operation.listener);
    case Act::kResult:
      return party.kind == Party::Kind::kOpener && IsOpen(party);
    case Act::kRelieve: {
      const Party peer = PeerOf(party);
      return IsOpen(party) && IsOpen(peer) && WantsWrite(InterestOf(peer));
    }
    case Act::kAwaitRead:
      return IsOpen(party) && WantsRead(InterestOf(party));
    case Act::kAwaitWrite:
      return IsOpen(party) && WantsWrite(InterestOf(party));
    case Act::kLook:
      return true;
    case Act::kCloseListener:
    case Act::kAccept:
      return party.kind == Party::Kind::kListener && IsOpen(party);
    default:
      return party.kind != Party::Kind::kListener && IsOpen(party);
  }
}

Outcome Player::Play(const Operation& operation) {
  CHECK(CanPlay(operation));
  const Party party = operation.party;
  Network& network = stage_.network();
  switch (operation.act) {
    case Act::kListen:
      return Listen(operation);
    case Act::kConnect:
      return Connect(operation);
    case Act::kResult:
      return {.code = network.ConnectResult(HandleOf(party)).code()};
    case Act::kAccept:
      return Accept(operation);
    case Act::kRead:
      return Read(party, operation.amount);
    case Act::kWrite:
      return Write(party, operation.amount, 1);
    case Act::kGather:
      return Write(party, operation.amount, operation.pieces);
    case Act::kHalfClose:
      return {.code = network.ShutdownWrite(HandleOf(party)).code()};
    case Act::kCloseListener:
    case Act::kClose:
    case Act::kAbort:
      End(party, operation.act == Act::kAbort);
      return {};
    case Act::kFill:
      return Fill(party);
    case Act::kDrain:
      return Drain(party);
    case Act::kRelieve:
      return Relieve(party);
    case Act::kLook:
      return Look();
    case Act::kAwaitRead:
      return Await(party, false);
    case Act::kAwaitWrite:
      return Await(party, true);
    case Act::kWatch: {
      Held& held = handles_.at(party);
      held.interest = operation.interest;
      return {.code = stage_.poller().Change(held.handle, held.interest, held.token).code()};
    }
    case Act::kPeerAddress:
      return {.code = network.PeerAddress(HandleOf(party)).status().code()};
    case Act::kNoDelay:
      return {.code = network.SetNoDelay(HandleOf(party), operation.amount != 0).code()};
  }
  return {};
}

// --- how connections come about

Outcome Player::Listen(const Operation& operation) {
  std::optional<Address>& address = addresses_[operation.party.number];
  const Result<Handle> listener = stage_.network().Listen(
      address.value_or(stage_.ListenerAddress()), {.backlog = static_cast<int>(operation.amount), .unix_mode = 0});
  if (!listener.ok()) return {.code = listener.status().code()};
  address = stage_.network().LocalAddress(listener.value()).value();
  Hold(operation.party, listener.value(), Interest::kRead);
  return {};
}

Outcome Player::Connect(const Operation& operation) {
  const Result<Handle> opened = stage_.network().Connect(*addresses_[operation.listener]);
  if (!opened.ok()) return {.code = opened.status().code()};
  Hold(operation.party, opened.value(), Interest::kReadWrite);
  // Small writes are not to wait for acknowledgements, unless a history says so.
  CHECK(stage_.network().SetNoDelay(opened.value(), true).ok());
  const Result<Address> own = stage_.network().LocalAddress(opened.value());
  opener_ports_[operation.party.number] = own.ok() ? own.value().port : uint16_t{0};
  ++connections_;
  return {};
}

// Which connection has come; kNobody where the network can't tell any more.
uint8_t Player::WhoseConnection(Handle accepted) {
  const Result<Address> peer = stage_.network().PeerAddress(accepted);
  if (!peer.ok()) return kNobody;
  const auto* const found = std::find(opener_ports_.begin(), opener_ports_.end(), peer.value().port);
  return found == opener_ports_.end() ? kNobody : static_cast<uint8_t>(found - opener_ports_.begin());
}

Outcome Player::Accept(const Operation& operation) {
  const Result<Handle> handle = stage_.network().Accept(HandleOf(operation.party));
  if (!handle.ok()) return {.code = handle.status().code()};
  Outcome outcome;
  outcome.accepted = WhoseConnection(handle.value());
  const uint8_t number = outcome.accepted != kNobody ? outcome.accepted : operation.guess;
  const Party end{Party::Kind::kAcceptor, number};
  if (number == kNobody || IsOpen(end)) {
    stage_.network().Abort(handle.value());
    return outcome;
  }
  Hold(end, handle.value(), Interest::kReadWrite);
  CHECK(stage_.network().SetNoDelay(handle.value(), true).ok());
  return outcome;
}

// --- bytes

Outcome Player::Read(Party end, size_t most) {
  buffer_.resize(std::max(buffer_.size(), most));
  const IoResult result = stage_.network().Read(HandleOf(end), {buffer_.data(), most});
  Stream& in = In(end);
  Outcome outcome{.code = result.code, .bytes = result.bytes};
  outcome.intact = std::string_view(buffer_.data(), result.bytes) == Sent(PeerOf(end), in.read, result.bytes);
  in.read += result.bytes;
  outcome.whole = in.read == in.written;
  return outcome;
}

Outcome Player::Write(Party end, size_t size, size_t pieces) {
  Stream& out = Out(end);
  const std::string_view bytes = Sent(end, out.written, size);
  std::vector<std::string_view> parts;
  for (size_t at = 0, left = std::min(pieces, size); left > 0; --left) {
    const size_t part = left == 1 ? size - at : (size - at) / left;
    parts.push_back(bytes.substr(at, part));
    at += part;
  }
  const IoResult result = stage_.network().Write(HandleOf(end), parts);
  out.written += result.bytes;
  return {.code = result.code, .bytes = result.bytes};
}

Outcome Player::Fill(Party end) {
  Outcome outcome;
  for (uint64_t round = 1;; ++round) {
    const uint64_t before = outcome.bytes;
    do {
      const Outcome written = Write(end, kFillChunk, 1);
      outcome.bytes += written.bytes;
      outcome.code = written.code;
    } while (outcome.code == ErrorCode::kOk && outcome.bytes < stage_.NeverFullBytes());
    if (outcome.code != ErrorCode::kWouldBlock || outcome.bytes == before || !stage_.GoesOn(round)) return outcome;
  }
}

Outcome Player::Drain(Party end) {
  Outcome outcome;
  for (uint64_t round = 1;; ++round) {
    const uint64_t before = outcome.bytes;
    do {
      const Outcome read = Read(end, kReadChunk);
      outcome.code = read.code;
      outcome.bytes += read.bytes;
      outcome.intact = outcome.intact && read.intact;
      outcome.whole = read.whole;
    } while (outcome.code == ErrorCode::kOk);
    if (outcome.code != ErrorCode::kWouldBlock || outcome.bytes == before || !stage_.GoesOn(round)) return outcome;
  }
}

Outcome Player::Relieve(Party end) {
  const Party writer = PeerOf(end);
  Outcome outcome;
  for (uint64_t bytes = 0; bytes <= 2 * stage_.NeverFullBytes();) {
    const Outcome read = Read(end, kRelieveChunk);
    bytes += read.bytes;
    outcome.code = read.code;
    outcome.intact = outcome.intact && read.intact;
    if (read.code != ErrorCode::kOk || ReportsUntil(0)[writer].writable) return outcome;
  }
  CHECK(false);  // more was read than can have been written
}

// --- readiness

std::map<Party, Report> Player::ReportsUntil(int64_t deadline_ns) {
  std::map<Party, Report> reports;
  for (const auto& [party, held] : handles_) reports[party].party = party;
  std::array<Event, 64> events;
  const size_t count = stage_.poller().Wait(events, deadline_ns);
  for (size_t i = 0; i < count; ++i) {
    for (const auto& [party, held] : handles_) {
      if (held.token != events[i].token) continue;
      Report& report = reports[party];
      report.readable = report.readable || events[i].readable;
      report.writable = report.writable || events[i].writable;
    }
  }
  return reports;
}

Outcome Player::Look() {
  Outcome outcome;
  for (const auto& [party, report] : ReportsUntil(0)) outcome.reports.push_back(report);
  return outcome;
}

Outcome Player::Await(Party party, bool write) {
  Outcome outcome;
  for (uint64_t round = 0; !outcome.ready; ++round) {
    const std::optional<int64_t> deadline_ns = stage_.AwaitUntil(round);
    if (!deadline_ns) break;
    const Report report = ReportsUntil(*deadline_ns)[party];
    outcome.ready = write ? report.writable : report.readable;
  }
  return outcome;
}

}  // namespace reprise::kernel_truth
