#include "server/server.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "server/memory_facts.h"

namespace reprise {
namespace {

// Freeing an entry is quick, but now and then the allocator gives what was freed back to the system, in one piece for
// each 32 MiB that it manages. With more entries a turn, several of these fall into the same one.
constexpr size_t kReclaimUnitsPerTurn = 512;

// The walk for expired keys: buckets (about 5 keys each) per turn, and the least per tick. A tick's share grows with
// the database, so that a whole walk takes about ten seconds at most; no bucket is looked at twice in a tick.
constexpr size_t kExpireBucketsPerTurn = 128;
constexpr size_t kExpireBucketsPerTickMin = 1024;
constexpr size_t kExpireTicksPerWalk = 100;

constexpr std::string_view kTooManyClients = "-ERR max number of clients reached\r\n";
constexpr std::string_view kProtectedMode =
    "-DENIED Reprise is running in protected mode because protected mode is enabled and no password is set. Only "
    "clients on this machine are served in this mode. To be reached from elsewhere, set a password with "
    "'requirepass', or turn the mode off with 'protected-mode no'.\r\n";

bool IsLoopback(const Address& address) {
  switch (address.family) {
    case Address::Family::kIpv4:
      return address.host.starts_with("127.");
    case Address::Family::kIpv6:
      return address.host == "::1" || address.host.starts_with("::ffff:127.");
    case Address::Family::kUnix:
      return true;
  }
  return false;
}

std::string MakeRunId(Entropy& entropy) {
  std::string id;
  while (id.size() < 40) {
    id += fmt::format("{:016x}", entropy.Next());
  }
  id.resize(40);
  return id;
}

// What an item of `bind` means.
Result<Address> BindAddress(std::string_view text, uint16_t port) {
  if (text == "*") {
    return Address{Address::Family::kIpv4, "0.0.0.0", port};
  }
  if (text == "::*") {
    return Address{Address::Family::kIpv6, "::", port};
  }
  return Address::FromIp(text, port);
}

}  // namespace

Server::Server(const World& world, Config config)
    : world_(world),
      config_(std::move(config)),
      connections_(world.loop, world.network),
      cron_([this] { RunCron(); }),
      pause_(world.loop, [this] { ResumeSessions(); }),
      run_id_(MakeRunId(world.entropy)),
      started_ms_(world.loop.wall_ms()) {
  stats_.commands.resize(commands_.index_count());
  // One seed for all, so that a key's hash, worked out when its request was parsed, holds in whichever database.
  const uint64_t hash_seed = world.entropy.Next();
  for (int64_t i = 0; i < values().databases; ++i) {
    databases_.push_back(std::make_unique<Database>(hash_seed, static_cast<ExpiryObserver*>(this)));
  }
  config_.OnChanged([this](std::string_view name) { return OnConfigChanged(name); });
}

Server::~Server() = default;

Status Server::Start() {
  if (Status status = Listen(); !status.ok()) {
    return status;
  }
  world_.loop.OnStopRequested([this] {
    Log(LogLevel::kWarning, "Received a request to stop, shutting down...");
    Shutdown();
  });
  RunCron();
  return Status::Ok();
}

void Server::Shutdown() {
  acceptors_.clear();
  Log(LogLevel::kWarning, "Reprise is now ready to exit, bye bye...");
  world_.loop.Stop();
}

Status Server::Listen() {
  const ConfigValues& config = values();
  Acceptor::Options options;
  options.listen.backlog = static_cast<int>(config.tcp_backlog);
  std::vector<std::unique_ptr<Acceptor>> acceptors;
  const auto open = [&](const Address& address) -> Status {
    Result<std::unique_ptr<Acceptor>> acceptor =
        Acceptor::Open(world_.loop, world_.network, address, options, [this](Handle handle) { Accept(handle); });
    if (!acceptor.ok()) {
      return acceptor.status();
    }
    acceptors.push_back(std::move(acceptor).value());
    return Status::Ok();
  };
  if (config.port > 0) {
    for (std::string_view item : config.bind) {
      // A leading '-': an address that may be missing on this machine.
      const bool optional = item.starts_with('-');
      item.remove_prefix(optional ? 1 : 0);
      Result<Address> address = BindAddress(item, static_cast<uint16_t>(config.port));
      Status status = address.ok() ? open(address.value()) : address.status();
      const bool missing = status.code() == ErrorCode::kAddressNotAvailable || status.code() == ErrorCode::kUnsupported;
      if (!status.ok() && !(optional && missing)) {
        return Status(status.code(),
                      fmt::format("could not listen on {}:{}: {}", item, config.port, status.ToString()));
      }
    }
  }
  if (!config.unixsocket.empty()) {
    options.listen.unix_mode = config.unixsocketperm;
    if (Status status = open(Address{Address::Family::kUnix, config.unixsocket, 0}); !status.ok()) {
      return Status(status.code(), fmt::format("could not listen on {}: {}", config.unixsocket, status.ToString()));
    }
  }
  acceptors_ = std::move(acceptors);
  return Status::Ok();
}

void Server::Accept(Handle handle) {
  if (sessions_.size() >= static_cast<size_t>(values().maxclients)) {
    Refuse(handle, kTooManyClients);
    return;
  }
  if (values().protected_mode && values().requirepass.empty() && !IsFromHere(handle)) {
    Refuse(handle, kProtectedMode);
    return;
  }
  // If these fail, the connection is slower or lives longer than it might, but works.
  (void)world_.network.SetNoDelay(handle, true);
  if (values().tcp_keepalive_s > 0) {
    (void)world_.network.SetKeepAlive(handle, static_cast<int>(values().tcp_keepalive_s));
  }
  ++stats_.total_connections_received;
  auto session = std::make_unique<Session>(*this, handle, next_session_id_++);
  if (Status status = session->Start(); !status.ok()) {
    Log(LogLevel::kWarning, fmt::format("Could not watch a new connection: {}", status.ToString()));
    return;
  }
  sessions_.Add(std::move(session));
}

bool Server::IsFromHere(Handle handle) {
  const Result<Address> peer = world_.network.PeerAddress(handle);
  return !peer.ok() || IsLoopback(peer.value());
}

// Best effort: a peer that can't take the line at once doesn't get it.
void Server::Refuse(Handle handle, std::string_view error) {
  ++stats_.rejected_connections;
  const std::array<std::string_view, 1> pieces = {error};
  (void)world_.network.Write(handle, pieces);
  world_.network.Close(handle);
}

Status Server::OnConfigChanged(std::string_view name) {
  if (name == "port" || name == "bind") {
    // The old listeners stand in the way of the new ones where both use the same address.
    acceptors_.clear();
    const Status status = Listen();
    if (!status.ok()) {
      Log(LogLevel::kWarning, status.detail());
      return Status(status.code(), name == "port" ? "Unable to listen on this port. Check server logs."
                                                  : "Failed to bind to specified addresses.");
    }
  } else if (name == "maxclients") {
    return RaiseHandleLimit();
  }
  return Status::Ok();
}

Status Server::RaiseHandleLimit() {
  const int64_t got = world_.process.RaiseHandleLimit(values().maxclients + kReservedHandles);
  if (got >= values().maxclients + kReservedHandles) {
    return Status::Ok();
  }
  return Status(ErrorCode::kTooManyHandles, fmt::format("The operating system is not able to handle the specified "
                                                        "number of clients, try with {}",
                                                        got - kReservedHandles));
}

void Server::RunCron() {
  world_.loop.RunAfter(kNanosPerSecond / values().hz, cron_);
  if (active_expiry_ && !pause_.active()) {
    expire_.StartTick();
  }
  CheckSessions();
  stats_.SampleRates(loop().now_ns(), loop().counters());
  if (++ticks_ % values().hz == 0) {
    LookAtMemory();
  }
  AfterRequests();
}

// Notes the peak, and gives back what is idle.
void Server::LookAtMemory() {
  const MemoryFacts facts = MeasureMemory(*this);
  if (idle_memory_.IsWorthReturning(facts.resident, facts.used(), stats_.total_commands_processed, loop().now_ns())) {
    world_.process.ReturnFreeMemory();
  }
}

void Server::CheckSessions() {
  const ConfigValues& config = values();
  const OutputLimit& limit = config.output_limits[static_cast<size_t>(ClientClass::kNormal)];
  if (config.timeout_s == 0 && limit.soft_bytes == 0) {
    return;
  }
  const int64_t now_ms = world_.loop.wall_ms();
  sessions_.ForEach([&](Session& session) {
    session.CheckOutputLimit();
    const bool may_be_silent = session.waiting() || session.monitoring();
    if (config.timeout_s > 0 && !may_be_silent && now_ms - session.last_request_ms() > config.timeout_s * 1000) {
      Log(LogLevel::kVerbose, "Closing idle client");
      session.Kill();
    }
  });
}

void Server::ResumeSessions() {
  sessions_.ForEach([](Session& session) { session.Resume(); });
}

void Server::ReclaimTask::Run() {
  server_.reclaimer_.Step(kReclaimUnitsPerTurn);
  if (!server_.reclaimer_.empty()) {
    server_.loop().RunSoon(*this);
  }
}

void Server::ExpireTask::StartTick() {
  if (queued()) {
    return;  // the former tick's share is not done yet
  }
  databases_left_ = server_.databases_.size();
  buckets_left_ = 0;
  Run();
}

void Server::ExpireTask::Run() {
  size_t turn_left = kExpireBucketsPerTurn;
  while (turn_left > 0) {
    if (buckets_left_ == 0) {
      if (databases_left_ == 0) {
        return;
      }
      --databases_left_;
      database_ = (database_ + 1) % server_.databases_.size();
      const size_t buckets = server_.databases_[database_]->bucket_count();
      buckets_left_ = std::min(buckets, std::max(kExpireBucketsPerTickMin, buckets / kExpireTicksPerWalk));
    }
    const ExpireStep step =
        server_.databases_[database_]->ExpireSome(server_.loop().wall_ms(), std::min(turn_left, buckets_left_));
    turn_left -= std::min(turn_left, std::max<size_t>(step.scanned_buckets, 1));
    if (step.removed > step.scanned_buckets) {
      continue;  // a fifth of the keys or more was expired: go on with this one, beyond the tick's share
    }
    buckets_left_ = step.scanned_buckets == 0 ? 0 : buckets_left_ - std::min(buckets_left_, step.scanned_buckets);
  }
  server_.loop().RunSoon(*this);
}

void Server::OnExpired(std::string_view) { ++stats_.expired_keys; }

void Server::Log(LogLevel level, const std::string& line) {
  if (level >= values().loglevel) {
    world_.process.Log(level, line);
  }
}

}  // namespace reprise
