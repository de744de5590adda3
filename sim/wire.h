// Wire: connections and listeners, as Linux's TCP shows them to a program.
//
// What is modelled, for each direction of a connection: a send buffer and a receive buffer, both bounded; segments
// under way, in order, each with its own delay, cut anywhere; the end of stream behind the last byte; a reset, which
// travels behind what was under way, drops what was not, and leaves alone what the receiver has but did not read. A
// pending error is told once, to whoever reads or writes first; after it reads find the end and writes a broken pipe.
// Closing with unread bytes resets. What arrives at an end that was closed is answered by a reset, which is a broken
// pipe to a side that had seen the end of stream, else a connection reset. A side that hears nothing gives up after 924
// seconds with something unacknowledged, or as its keep-alive says. Acknowledgements take no time.
//
// The Wire does not know of handles, readiness or choices of the program: SimNetwork and SimPeer own the ends, and are
// told when something about theirs has changed.
#ifndef REPRISE_SIM_WIRE_H_
#define REPRISE_SIM_WIRE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "loop/check.h"
#include "loop/clock.h"
#include "loop/network.h"
#include "loop/status.h"
#include "sim/ring.h"
#include "sim/sim_context.h"

namespace reprise {

// Names one end of a connection: side 0 opened it, side 1 accepts it.
struct WireEnd {
  uint32_t connection = 0;
  uint32_t generation = 0;  // 0: names nothing
  uint8_t side = 0;

  bool valid() const { return generation != 0; }
  friend bool operator==(const WireEnd&, const WireEnd&) = default;
};

// Who holds an end or a listener. `who` is the number it gave. Called while the world runs, or from within the owner's
// own calls.
class WireOwner {
 public:
  virtual ~WireOwner() = default;
  // Whether it belongs to the program under test, as opposed to the workload.
  virtual bool IsProgram() const = 0;
  // It may be possible to read, write or accept, or the connection has ended.
  virtual void WireChanged(uint32_t who) = 0;
  // A connection that it opened is decided.
  virtual void WireConnected(uint32_t who, ErrorCode code) = 0;
  // A fault makes it do something: kConnClose, kConnHalfClose or kPeerStall.
  virtual void WireFault(uint32_t who, Site fault, uint64_t amount) = 0;
};

class Wire {
 public:
  // What an end can do now, as poll would tell.
  struct Readiness {
    bool readable = false;
    bool writable = false;
    bool hangup = false;      // reset, or ended in both directions, or a failed connect
    bool peer_ended = false;  // the peer's end of stream has come
    size_t unread_bytes = 0;
  };

  explicit Wire(SimContext& context) : context_(context) {}
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  // --- listeners ---
  // Errors: kAddressInUse, kAddressNotAvailable, kUnsupported.
  Result<uint32_t> Listen(const Address& address, int backlog, WireOwner& owner, uint32_t who);
  void CloseListener(uint32_t listener);
  const Address& ListenerAddress(uint32_t listener) const { return listeners_[listener].address; }
  Actor ListenerActor(uint32_t listener) const { return listeners_[listener].actor; }
  bool HasWaiting(uint32_t listener) const { return !listeners_[listener].waiting.empty(); }
  // Hands the connection that waits first to `owner`. REQUIRES: HasWaiting.
  WireEnd Accept(uint32_t listener, WireOwner& owner, uint32_t who);
  // Resets the connection that waits first, for both sides. REQUIRES: HasWaiting.
  void DropWaiting(uint32_t listener);

  // --- connections ---
  // Begins to connect; the owner is told by WireConnected. `actor` names the connection. `opener_is_program` as opposed
  // to a peer in the world: faults that strike at peers don't strike then.
  WireEnd Connect(const Address& address, Actor actor, bool opener_is_program, WireOwner& owner, uint32_t who);
  // kOk, kWouldBlock, or why there is no connection. Takes the pending error, as TakeError does; asked again it can
  // only say that there is none any more (kConnectionReset).
  ErrorCode ConnectResult(WireEnd end);
  // Whether there is a connection: it came about, and has neither been reset nor ended in both directions.
  bool Stands(WireEnd end) const;
  // Of the end's owner when it makes choices.
  Actor EndActor(WireEnd end) const { return connections_[end.connection].ends[end.side].actor; }
  Address LocalAddress(WireEnd end) const;
  Address PeerAddress(WireEnd end) const;

  Readiness ReadinessOf(WireEnd end) const;
  // Whether no direction works any more.
  bool IsReset(WireEnd end) const { return Get(end).ends[end.side].reset; }
  // Bytes that have arrived and were not read.
  size_t Unread(WireEnd end) const;
  // Whether the peer's end of stream has come, and all before it was read.
  bool AtEnd(WireEnd end) const;
  // Bytes that have arrived, as far as they lie in one piece. Valid until the other side writes.
  std::string_view Peek(WireEnd end) const;
  // How far into its incoming (outgoing) stream the end is.
  uint64_t ReadOffset(WireEnd end) const;
  uint64_t WriteOffset(WireEnd end) const;
  size_t Room(WireEnd end) const;

  // As of Network; at most `limit` bytes are read or taken.
  IoResult Read(WireEnd end, std::span<char> into, size_t limit);
  IoResult Write(WireEnd end, std::span<const std::string_view> pieces, size_t limit);
  // Takes note that `bytes` of Peek were read.
  void Consume(WireEnd end, size_t bytes);
  // The pending error, which is told once; kOk: none. REQUIRES: nothing is left to read.
  ErrorCode TakeError(WireEnd end);
  ErrorCode ShutdownWrite(WireEnd end);
  void Close(WireEnd end);
  void Abort(WireEnd end);
  void SetKeepAlive(WireEnd end, int idle_s);
  // Nothing passes any more in either direction. With `forget` the end's owner has gone with it.
  void Vanish(WireEnd end, bool forget);
  bool Vanished(WireEnd end) const { return connections_[end.connection].vanished; }

  // --- the world ---
  // The program has died. `power_loss`: its machine with it, so that nobody is told and its connections pass nothing
  // any more, until PowerUp; else the machine closes its listeners and connections as a program would.
  void EndProgram(bool power_loss);
  // The machine is up again: it knows of no connection, and answers what arrives on them by a reset.
  void PowerUp();
  void OnEvent(const WorldEvent& event);
  // Whose connection the event is about, if a client's; kNoClient for one that the program opened, or that has gone.
  uint32_t ClientOf(const WorldEvent& event) const;
  // Resets every connection that passes nothing, for both sides.
  void ResetVanished();
  // Connections whose end of the program is still open or was never accepted.
  size_t OpenProgramEnds() const;

 private:
  struct Segment {
    enum class Mark : uint8_t { kBytes, kEnd, kReset };
    uint64_t end = 0;  // the offset behind its last byte
    int64_t arrive_ns = 0;
    Mark mark = Mark::kBytes;
  };
  // One direction. read <= delivered <= sent <= written, all offsets into the stream.
  struct Stream {
    uint64_t read = 0;
    uint64_t delivered = 0;
    uint64_t sent = 0;
    uint64_t written = 0;
    size_t send_buffer = 0;
    size_t receive_buffer = 0;
    uint64_t refused = 0;        // of what was delivered, to an end that was closed: never acknowledged
    uint64_t trickle_until = 0;  // bytes before this go one at a time
    bool end_written = false;
    bool end_sent = false;
    bool end_delivered = false;
    bool reset_sent = false;
    bool deliver_due = false;  // a kDeliver event is on the timeline
    ByteRing bytes;
    RingQueue<Segment> segments;

    // What the send buffer still holds.
    uint64_t Unacknowledged() const { return written - delivered + refused; }
  };
  struct EndState {
    WireOwner* owner = nullptr;
    uint32_t who = 0;
    Actor actor;
    bool program = false;  // owned by the program's network, or waiting for it to accept
    bool closed = false;
    bool reset = false;  // no direction works any more
    ErrorCode error = ErrorCode::kOk;
    int keep_alive_s = 0;
    bool give_up_due = false;
  };
  enum class State : uint8_t { kFree, kConnecting, kConnected, kFailed };
  struct Connection {
    uint32_t generation = 0;
    State state = State::kFree;
    bool vanished = false;
    bool waiting = false;    // in a listener's queue
    bool stopped = false;    // by who opened it, before it was decided
    bool unpowered = false;  // the machine of the program's end has no power
    bool unknown = false;    // it has again, and knows nothing of the connection
    uint8_t syn_tries = 0;
    Actor actor;
    uint32_t target = 0;       // into addresses_
    uint16_t client_port = 0;  // of the side that opened it
    uint64_t index = 0;        // how many connections were opened before
    std::array<EndState, 2> ends;
    std::array<Stream, 2> out;  // out[s]: from side s to the other
  };
  struct Listener {
    bool open = false;
    Address address;
    Actor actor;
    size_t backlog = 0;
    bool program = false;
    WireOwner* owner = nullptr;
    uint32_t who = 0;
    RingQueue<WireEnd> waiting;
  };

  Connection& Get(WireEnd end) {
    CHECK(end.connection < connections_.size());
    Connection& connection = connections_[end.connection];
    CHECK(connection.generation == end.generation && connection.state != State::kFree);
    return connection;
  }
  const Connection& Get(WireEnd end) const { return const_cast<Wire*>(this)->Get(end); }
  uint32_t NewConnection();
  void FreeIfDone(uint32_t index);
  void Schedule(WorldEvent::Kind kind, uint32_t connection, uint8_t side, int64_t time_ns, uint64_t arg = 0);
  uint32_t Intern(const Address& address);
  uint32_t FindListener(const Address& address) const;
  bool AddressTaken(const Address& address) const;
  void Notify(uint32_t connection, int side);

  void OnSyn(uint32_t index);
  void OnConnected(uint32_t index, ErrorCode code);
  void StopConnecting(uint32_t index);
  void EnterQueue(uint32_t index, uint32_t listener);
  void DrawBuffers(Connection& connection, int side);

  void Pump(uint32_t index, int side);
  size_t NextSegmentBytes(Connection& connection, int side);
  void Send(uint32_t index, int side, const Segment& segment);
  void Deliver(uint32_t index, int side);
  void Arrive(Connection& connection, int side, const Segment& segment);
  void SendReset(uint32_t index, int side);
  void ResetArrives(Connection& connection, int side);
  void Tear(uint32_t index, ErrorCode code);
  void CutPower(uint32_t index);
  bool StrikeFaults(uint32_t index);
  void WatchSilence(uint32_t index, int side);
  void GiveUp(uint32_t index, int side);

  SimContext& context_;
  std::vector<Connection> connections_;
  std::vector<uint32_t> free_;
  std::vector<Listener> listeners_;
  std::vector<Address> addresses_;
  uint32_t listener_count_ = 0;
  uint64_t connection_count_ = 0;
  uint16_t next_free_port_ = 20'000;
  bool dark_ = false;  // the program's machine has no power
};

}  // namespace reprise

#endif  // REPRISE_SIM_WIRE_H_
