#include "proptests/contract/harness.h"

#include <algorithm>
#include <array>
#include <utility>

#include "loop/check.h"

namespace reprise {
namespace {

constexpr int64_t kPatienceNanos = 20 * kNanosPerSecond;
// For worlds whose clock stands still while something is ready.
constexpr int kWaitsMax = 200'000;
constexpr int kQuietWaitsMax = 2'000;

std::string FamilyName(Address::Family family) {
  switch (family) {
    case Address::Family::kIpv4:
      return "Ipv4";
    case Address::Family::kIpv6:
      return "Ipv6";
    case Address::Family::kUnix:
      return "Unix";
  }
  return "Unknown";
}

Interest Both(Interest one, Interest other) {
  return static_cast<Interest>(static_cast<uint8_t>(one) | static_cast<uint8_t>(other));
}

}  // namespace

std::string Pattern(size_t offset, size_t size) {
  std::string bytes(size, '\0');
  for (size_t i = 0; i < size; ++i) {
    // The upper half of a product by a large odd number: neighbours, and bytes 256 or 65536 apart, differ.
    bytes[i] = static_cast<char>((uint64_t{offset + i} * 0x9E37'79B9'7F4A'7C15U) >> 56);
  }
  return bytes;
}

Harness::~Harness() {
  world_->AllowHandles();
  while (!open_.empty()) Close(Handle{*open_.begin()});
}

// --- Handles

Address Harness::AnyAddress(Address::Family family) {
  switch (family) {
    case Address::Family::kIpv4:
      return {family, "127.0.0.1", 0};
    case Address::Family::kIpv6:
      return {family, "::1", 0};
    case Address::Family::kUnix:
      return {family, world_->NewUnixPath(), 0};
  }
  return {};
}

Handle Harness::Own(Handle handle) {
  CHECK(handle.valid());
  CHECK(open_.insert(handle.id).second);  // a number that is in use must not be given out
  return handle;
}

Handle Harness::Listen(const Address& address, int backlog) {
  return Own(network().Listen(address, {.backlog = backlog, .unix_mode = 0}).value());
}

Address Harness::LocalAddress(Handle handle) { return network().LocalAddress(handle).value(); }

Result<Handle> Harness::TryConnect(const Address& address) {
  Result<Handle> started = network().Connect(address);
  if (!started.ok()) return started;
  const Handle handle = Own(started.value());
  const Token token = Watch(handle, Interest::kWrite);
  Status decided(ErrorCode::kWouldBlock);
  while (decided.code() == ErrorCode::kWouldBlock) {
    CHECK(AwaitWritable(token));
    decided = network().ConnectResult(handle);
  }
  Forget(handle);
  if (decided.ok()) return handle;
  Close(handle);
  return decided;
}

Handle Harness::Connect(const Address& address) { return TryConnect(address).value(); }

Handle Harness::Accept(Handle listener) {
  for (;;) {
    const Result<Handle> accepted = network().Accept(listener);
    if (accepted.ok()) return Own(accepted.value());
    if (accepted.status().code() == ErrorCode::kConnectionAborted) continue;
    CHECK(accepted.status().code() == ErrorCode::kWouldBlock);
    AwaitReady(listener, Interest::kRead);
  }
}

Harness::Pair Harness::Connected(Address::Family family) {
  const Handle listener = Listen(family);
  Pair pair;
  pair.client = Connect(LocalAddress(listener));
  pair.server = Accept(listener);
  Close(listener);
  return pair;
}

void Harness::Close(Handle handle) { End(handle, false); }

void Harness::Abort(Handle handle) { End(handle, true); }

void Harness::End(Handle handle, bool abort) {
  CHECK(open_.erase(handle.id) == 1);
  if (IsWatched(handle)) Forget(handle);
  abort ? network().Abort(handle) : network().Close(handle);
}

// --- Watching

Token Harness::Watch(Handle handle, Interest interest) {
  const uint32_t generation = ++last_generation_;
  const Token token{.slot = static_cast<uint32_t>(handle.id), .generation = generation};
  CHECK(poller().Register(handle, interest, token).ok());
  watched_[handle.id] = {token, interest};
  seen_[token.Pack()] = {};
  return token;
}

void Harness::Change(Handle handle, Interest interest) {
  Watched& watched = watched_.at(handle.id);
  CHECK(poller().Change(handle, interest, watched.token).ok());
  watched.interest = interest;
}

void Harness::Forget(Handle handle) {
  CHECK(watched_.erase(handle.id) == 1);
  poller().Forget(handle);
}

// --- Waiting

std::vector<Event> Harness::WaitOnce(int64_t deadline_ns, size_t events_max) {
  std::vector<Event> events(events_max);
  const size_t count = poller().Wait(events, deadline_ns);
  CHECK(count <= events_max);
  events.resize(count);
  for (const Event& event : events) Count(event);
  return events;
}

void Harness::Count(const Event& event) {
  switch (event.kind) {
    case Event::Kind::kReady: {
      const auto found = seen_.find(event.token.Pack());
      ASSERT_NE(found, seen_.end()) << "an event for a token that nobody registered";
      Sightings& seen = found->second;
      ++seen.events;
      seen.readable += event.readable ? 1 : 0;
      seen.writable += event.writable ? 1 : 0;
      seen.neither += !event.readable && !event.writable ? 1 : 0;
      break;
    }
    case Event::Kind::kCompletion:
      completions_.push_back(event);
      break;
    case Event::Kind::kWake:
      ++wakes_;
      break;
    case Event::Kind::kStop:
      ++stops_;
      break;
  }
}

bool Harness::Await(const std::function<bool()>& condition) {
  const int64_t deadline_ns = Now() + kPatienceNanos;
  for (int i = 0; i < kWaitsMax && !condition(); ++i) {
    if (Now() >= deadline_ns) return false;
    WaitOnce(deadline_ns);
  }
  return condition();
}

bool Harness::AwaitReadable(Token token) {
  const int before = Seen(token).readable;
  return Await([&] { return Seen(token).readable > before; });
}

bool Harness::AwaitWritable(Token token) {
  const int before = Seen(token).writable;
  return Await([&] { return Seen(token).writable > before; });
}

void Harness::Settle() {
  const int64_t deadline_ns = Now() + world_->QuietNanos();
  for (int i = 0; i < kQuietWaitsMax && Now() < deadline_ns; ++i) WaitOnce(deadline_ns);
}

void Harness::ClearSightings() {
  for (auto& [token, seen] : seen_) seen = {};
}

void Harness::AwaitReady(Handle handle, Interest interest) {
  CHECK(AwaitReadyUntil(handle, interest, Now() + kPatienceNanos));
}

bool Harness::AwaitReadyUntil(Handle handle, Interest interest, int64_t deadline_ns) {
  const auto found = watched_.find(handle.id);
  const bool was_watched = found != watched_.end();
  const Interest before = was_watched ? found->second.interest : Interest::kNone;
  Token token;
  if (was_watched) {
    token = found->second.token;
    Change(handle, Both(before, interest));
  } else {
    token = Watch(handle, interest);
  }
  const Sightings start = Seen(token);
  const auto ready = [&] {
    const Sightings& seen = Seen(token);
    return WantsRead(interest) ? seen.readable > start.readable : seen.writable > start.writable;
  };
  for (int i = 0; i < kWaitsMax && !ready() && Now() < deadline_ns; ++i) WaitOnce(deadline_ns);
  was_watched ? Change(handle, before) : Forget(handle);
  return ready();
}

// --- Bytes

IoResult Harness::ReadSome(Handle handle, std::span<char> into) {
  IoResult result = network().Read(handle, into);
  while (result.code == ErrorCode::kWouldBlock) {
    AwaitReady(handle, Interest::kRead);
    result = network().Read(handle, into);
  }
  CHECK(result.ok() == (result.bytes > 0));
  CHECK(result.bytes <= into.size());
  return result;
}

IoResult Harness::WriteSome(Handle handle, std::span<const std::string_view> pieces) {
  IoResult result = network().Write(handle, pieces);
  while (result.code == ErrorCode::kWouldBlock) {
    AwaitReady(handle, Interest::kWrite);
    result = network().Write(handle, pieces);
  }
  CHECK(result.ok() == (result.bytes > 0));
  return result;
}

IoResult Harness::WriteSome(Handle handle, std::string_view bytes) {
  return WriteSome(handle, std::span<const std::string_view>(&bytes, 1));
}

std::string Harness::ReadBytes(Handle handle, size_t size) {
  std::string all;
  std::vector<char> buffer(std::min<size_t>(size, 1 << 16));
  while (all.size() < size) {
    const IoResult result = ReadSome(handle, std::span(buffer).first(std::min(buffer.size(), size - all.size())));
    if (!result.ok()) break;
    all.append(buffer.data(), result.bytes);
  }
  return all;
}

Harness::Ending Harness::ReadToEnd(Handle handle) {
  Ending ending;
  std::vector<char> buffer(1 << 16);
  for (;;) {
    const IoResult result = ReadSome(handle, buffer);
    if (!result.ok()) {
      ending.code = result.code;
      return ending;
    }
    ending.bytes.append(buffer.data(), result.bytes);
  }
}

void Harness::WriteAll(Handle handle, std::string_view bytes) {
  while (!bytes.empty()) {
    const IoResult result = WriteSome(handle, bytes);
    CHECK(result.ok());
    bytes.remove_prefix(result.bytes);
  }
}

size_t Harness::FillCompletely(Handle handle) {
  constexpr size_t kStep = 1 << 16;
  size_t total = 0;
  bool was_quiet = false;
  std::string bytes;
  std::string_view rest;
  for (;;) {
    if (rest.empty()) {
      bytes = Pattern(total, kStep);
      rest = bytes;
    }
    const IoResult result = network().Write(handle, std::span(&rest, 1));
    total += result.bytes;
    rest.remove_prefix(result.bytes);
    if (result.ok()) {
      was_quiet = false;
      continue;
    }
    CHECK(result.code == ErrorCode::kWouldBlock);
    if (was_quiet) return total;
    // A kernel makes room in the background, and tells of it only when there is enough: hence the try that follows.
    was_quiet = !AwaitReadyUntil(handle, Interest::kWrite, Now() + world_->QuietNanos());
  }
}

// --- Parameters

std::vector<StreamParam> AllStreams() {
  std::vector<StreamParam> all;
  for (const WorldFactory& world : AllWorlds()) {
    for (const auto family : {Address::Family::kIpv4, Address::Family::kIpv6, Address::Family::kUnix}) {
      all.push_back({world, family});
    }
  }
  return all;
}

std::string NameOf::operator()(const ::testing::TestParamInfo<WorldFactory>& info) const { return info.param.name; }

std::string NameOf::operator()(const ::testing::TestParamInfo<StreamParam>& info) const {
  return info.param.world.name + FamilyName(info.param.family);
}

void PrintTo(const StreamParam& param, std::ostream* out) { *out << param.world.name << FamilyName(param.family); }

}  // namespace reprise
