// SimPeer: the other end of a connection to the program under test, as a workload's client sees it.
//
// A peer lives in the world, not behind the program's Network: it opens one connection at a time, sends, reads, and
// ends it in any of the ways that a client can. Everything it does takes effect in virtual time, while the program
// waits in Poller::Wait; what comes of it is told to its handler, always from there and never from within a call of the
// peer's own methods. A handler may call every method of every peer, and schedule timers (sim_world.h), but must not
// destroy the world.
//
// A peer sends without limit: what the connection has no room for is kept, and sent as room appears. It reads as soon
// as bytes arrive, unless it was told to stop, and then what the program sends fills the buffers between them.
#ifndef REPRISE_SIM_SIM_PEER_H_
#define REPRISE_SIM_SIM_PEER_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "loop/network.h"
#include "loop/status.h"
#include "sim/actor.h"
#include "sim/wire.h"

namespace reprise {

class SimPeer;

class SimPeerHandler {
 public:
  virtual ~SimPeerHandler() = default;

  // The connection stands. (A peer may send before that; it is sent now.)
  virtual void OnConnected(SimPeer& peer) = 0;
  // Bytes from the program, cut anywhere. The view is valid during the call.
  virtual void OnBytes(SimPeer& peer, std::string_view bytes) = 0;
  // The program has ended its direction and all its bytes were handed over. The peer may still send, and has to Close.
  virtual void OnEnd(SimPeer& peer) = 0;
  // There is no connection any more, or none came about, and the peer did not end it: kConnectionRefused, kTimedOut,
  // kUnreachable, kConnectionReset, kBrokenPipe (it was sending after the program had closed), or kOk: a fault made
  // this client close in an orderly way. What had not been sent is dropped. The peer is idle and may connect again.
  virtual void OnLost(SimPeer& peer, ErrorCode why) = 0;
  // A fault has made this client end its direction. What had not been sent is dropped, and Send has no effect any more.
  virtual void OnHalfClosed(SimPeer& peer) = 0;
};

class SimPeer : public WireOwner {
 public:
  enum class State : uint8_t { kIdle, kConnecting, kConnected };

  // Made by SimWorld::NewPeer. `client` is the workload's number for it, and names it in traces and tapes.
  SimPeer(SimContext& context, Wire& wire, uint32_t client, SimPeerHandler& handler);
  SimPeer(const SimPeer&) = delete;
  SimPeer& operator=(const SimPeer&) = delete;

  // Begins to connect; OnConnected or OnLost tells how it went. REQUIRES: state() is kIdle.
  void Connect(const Address& address);
  // Sends after all that was sent before. No effect when idle, or after the peer's direction was ended.
  void Send(std::string_view bytes);
  // Ends the peer's direction after all that was sent. No effect when idle.
  void ShutdownWrite();
  // Ends the connection. What was sent but is still with the peer (unsent_bytes) is dropped; the rest is delivered,
  // unless bytes from the program were not read: then the program sees a reset. The peer is idle afterwards.
  void Close();
  // Ends the connection with a reset. The peer is idle afterwards.
  void Abort();
  // Nothing passes in either direction any more, and the program is not told. The peer is idle afterwards.
  void Vanish();
  void StopReading();
  void StartReading();

  State state() const { return state_; }
  uint32_t client() const { return client_; }
  Actor actor() const { return actor_; }
  // How many connections it has begun; the current one is conn.<client>.<connects - 1> in traces and tapes.
  uint32_t connects() const { return connects_; }
  bool reading() const { return reading_; }
  // Whether a fault has made the connection pass nothing any more. A client would find out by waiting for too long.
  bool vanished() const;
  // Where the connection comes from. REQUIRES: state() is not kIdle.
  uint16_t port() const { return wire_.LocalAddress(end_).port; }
  // Bytes that were given to Send and that the connection has not taken yet.
  size_t unsent_bytes() const { return outbox_.size() - outbox_at_; }

  // For the world.
  bool IsProgram() const override { return false; }
  void WireChanged(uint32_t who) override;
  void WireConnected(uint32_t who, ErrorCode code) override;
  void WireFault(uint32_t who, Site fault, uint64_t amount) override;
  // Takes over the accepting end of a connection that the program has opened.
  void Adopt(WireEnd end);
  // Reads on, after a stall that a fault had made or because the workload said so.
  void EndStall(bool of_fault);

 private:
  void Reset();
  size_t Offer(std::string_view bytes);
  void Flush();
  void ReadAll();
  void Lose(ErrorCode why);

  SimContext& context_;
  Wire& wire_;
  const uint32_t client_;
  const Actor actor_;
  SimPeerHandler& handler_;

  State state_ = State::kIdle;
  WireEnd end_;
  uint32_t connects_ = 0;
  bool reading_ = true;   // as the workload wants it
  bool stalled_ = false;  // as a fault wants it
  bool ending_ = false;   // the direction ends when the outbox is empty
  bool end_told_ = false;
  bool sending_over_ = false;
  std::string outbox_;
  size_t outbox_at_ = 0;
};

}  // namespace reprise

#endif  // REPRISE_SIM_SIM_PEER_H_
