// SimNetwork: the program's Network in a simulated world.
//
// Handles are numbered from 0 as descriptors are. The faults of reading, writing and accepting strike here; what
// happens between the ends is the Wire's. Read, Write and Accept answer as Linux does (wire.h), and a handle that is
// not open, or is used against a contract's REQUIRES, fails a CHECK. What a program does that has died (process_life.h)
// has no effect, but its handles are kept account of until it is destroyed.
#ifndef REPRISE_SIM_SIM_NETWORK_H_
#define REPRISE_SIM_SIM_NETWORK_H_

#include <cstdint>
#include <string>
#include <vector>

#include "loop/network.h"
#include "sim/sim_context.h"
#include "sim/wire.h"

namespace reprise {

// Told when a handle may have become ready.
class ReadinessSink {
 public:
  virtual ~ReadinessSink() = default;
  virtual void MarkReady(Handle handle) = 0;
  virtual bool IsWatched(Handle handle) const = 0;
};

class SimNetwork : public Network, private WireOwner {
 public:
  // Borrows all of them. The sink is told of changes from then on.
  SimNetwork(SimContext& context, Wire& wire, ReadinessSink& sink);

  Result<Handle> Listen(const Address& address, const ListenOptions& options) override;
  Result<Handle> Accept(Handle listener) override;
  Result<Handle> Connect(const Address& address) override;
  Status ConnectResult(Handle handle) override;
  IoResult Read(Handle handle, std::span<char> into) override;
  IoResult Write(Handle handle, std::span<const std::string_view> pieces) override;
  Status ShutdownWrite(Handle handle) override;
  void Close(Handle handle) override;
  void Abort(Handle handle) override;
  Result<Address> LocalAddress(Handle handle) override;
  Result<Address> PeerAddress(Handle handle) override;
  Status SetNoDelay(Handle handle, bool on) override;
  Status SetKeepAlive(Handle handle, int idle_s) override;

  // For the poller.
  bool IsOpen(Handle handle) const;
  Wire::Readiness ReadinessOf(Handle handle) const;
  Actor ActorOf(Handle handle) const;

  size_t open_handles() const { return open_; }
  // What the program may have open at once, from now on.
  void SetHandleLimit(int64_t limit) { handle_limit_ = limit; }
  int64_t handle_limit() const { return handle_limit_; }
  // Operations that the program has made on sockets.
  uint64_t operations() const { return operations_; }
  // Which connections were accepted, in this order, and in which of the program's lives.
  struct Accepted {
    Actor connection;
    uint32_t life = 0;
  };
  const std::vector<Accepted>& accepted() const { return accepted_; }
  // The program is gone and will begin anew: no handle is open, and the limit is what it was at the start.
  void ForgetHandles();

 private:
  struct Entry {
    enum class Kind : uint8_t { kFree, kReserved, kListener, kStream };
    Kind kind = Kind::kFree;
    uint32_t listener = 0;
    WireEnd end;
  };

  bool IsProgram() const override { return true; }
  void WireChanged(uint32_t who) override { sink_.MarkReady({static_cast<int32_t>(who)}); }
  void WireConnected(uint32_t who, ErrorCode) override { WireChanged(who); }
  void WireFault(uint32_t, Site, uint64_t) override {}

  Entry& Get(Handle handle, Entry::Kind kind);
  bool AtLimit() const { return static_cast<int64_t>(open_) >= handle_limit_; }
  int32_t NewHandle();
  void FreeHandle(int32_t id);
  ErrorCode AcceptFault(const Entry& listener);
  std::string_view Taken(std::span<const std::string_view> pieces, size_t bytes);
  void End(Handle handle, bool abort);

  SimContext& context_;
  Wire& wire_;
  ReadinessSink& sink_;
  std::vector<Entry> entries_;
  std::vector<int32_t> free_;  // numbers that were closed, the last one at the back
  size_t oldest_free_ = 0;     // those before it in free_ were given out again
  size_t open_ = 0;
  int64_t handle_limit_;
  uint32_t outgoing_ = 0;
  uint64_t operations_ = 0;
  std::vector<Accepted> accepted_;
  std::string joined_;  // for Taken
};

}  // namespace reprise

#endif  // REPRISE_SIM_SIM_NETWORK_H_
