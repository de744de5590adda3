// StillWorld: a server with clients in one process, without a kernel. What a turn of the loop costs is then the
// server's own work alone, and counts of instructions are the same in every run.
//
// Its clock stands still until it is moved, its entropy is a fixed sequence, and its streams hand out requests that
// were prepared and count the bytes of the replies. Each client is ready in each turn, as long as it has something to
// send.
#ifndef REPRISE_BENCH_STILL_WORLD_H_
#define REPRISE_BENCH_STILL_WORLD_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "loop/clock.h"
#include "loop/entropy.h"
#include "loop/event_loop.h"
#include "loop/network.h"
#include "loop/poller.h"
#include "loop/process.h"
#include "server/server.h"

namespace reprise {

class StillClock final : public Clock {
 public:
  int64_t MonotonicNanos() override { return now_ns; }
  int64_t WallMicros() override { return 1'700'000'000'000'000 + now_ns / 1000; }

  int64_t now_ns = 1;
};

class StillEntropy final : public Entropy {
 public:
  uint64_t Next() override { return state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL; }

 private:
  uint64_t state_ = 1;
};

class StillProcess final : public Process {
 public:
  uint64_t ResidentBytes() override { return 0; }
  void ReturnFreeMemory() override {}
  CpuTime CpuUsed() override { return {}; }
  int64_t Id() override { return 1; }
  const BuildFacts& Facts() override { return facts_; }
  int64_t HandleLimit() override { return 100'000; }
  int64_t RaiseHandleLimit(int64_t wanted) override { return wanted; }
  void Sleep(int64_t) override {}
  void Log(LogLevel, std::string_view) override {}

 private:
  BuildFacts facts_;
};

// The streams of the clients. A read takes one prepared piece at the most.
class StillNetwork final : public Network {
 public:
  // The listener's handle is 0, those of clients follow.
  size_t client_count() const { return streams_.size(); }
  void AddClient() { ++waiting_; }
  // `bytes` live until they were read.
  void Send(size_t client, std::string_view bytes) { streams_[client].push_back(bytes); }
  bool readable(int32_t handle) const {
    return handle == 0 ? waiting_ > 0 : !streams_[static_cast<size_t>(handle - 1)].empty();
  }
  uint64_t bytes_written() const { return bytes_written_; }

  Result<Handle> Listen(const Address&, const ListenOptions&) override { return Handle{0}; }
  Result<Handle> Accept(Handle) override;
  Result<Handle> Connect(const Address&) override { return Status(ErrorCode::kUnsupported); }
  Status ConnectResult(Handle) override { return Status::Ok(); }
  IoResult Read(Handle handle, std::span<char> into) override;
  IoResult Write(Handle handle, std::span<const std::string_view> pieces) override;
  Status ShutdownWrite(Handle) override { return Status::Ok(); }
  void Close(Handle) override {}
  void Abort(Handle) override {}
  Result<Address> LocalAddress(Handle) override { return Address{Address::Family::kIpv4, "127.0.0.1", 1}; }
  Result<Address> PeerAddress(Handle) override { return Address{Address::Family::kIpv4, "127.0.0.1", 2}; }
  Status SetNoDelay(Handle, bool) override { return Status::Ok(); }
  Status SetKeepAlive(Handle, int) override { return Status::Ok(); }

 private:
  std::vector<std::deque<std::string_view>> streams_;
  size_t waiting_ = 0;
  uint64_t bytes_written_ = 0;
};

class StillPoller final : public Poller {
 public:
  explicit StillPoller(StillNetwork& network) : network_(network) {}

  Status Register(Handle handle, Interest interest, Token token) override;
  Status Change(Handle handle, Interest interest, Token token) override;
  void Forget(Handle handle) override { watched_[static_cast<size_t>(handle.id)].interest = Interest::kNone; }
  size_t Wait(std::span<Event> events, int64_t deadline_ns) override;
  void Wake() override {}

 private:
  struct Watched {
    Interest interest = Interest::kNone;
    Token token;
  };

  StillNetwork& network_;
  std::vector<Watched> watched_;
};

// The server and its clients.
class StillWorld {
 public:
  explicit StillWorld(size_t clients = 1);

  Server& server() { return *server_; }
  StillNetwork& network() { return network_; }
  StillClock& clock() { return clock_; }

  // Has client 0 send `bytes`, and runs turns until they are answered. REQUIRES: whole requests.
  void Serve(std::string_view bytes);
  // One turn, for what was given to network().Send.
  void Turn() { loop_.RunOnce(clock_.now_ns); }

 private:
  StillClock clock_;
  StillEntropy entropy_;
  StillProcess process_;
  StillNetwork network_;
  StillPoller poller_{network_};
  EventLoop loop_{poller_, clock_};
  std::unique_ptr<Server> server_;
};

}  // namespace reprise

#endif  // REPRISE_BENCH_STILL_WORLD_H_
