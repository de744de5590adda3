// Spectator: a client that comes first, asks for MONITOR, and writes down what it is shown until all others are done.
// If its connection breaks it does not come again.
#ifndef REPRISE_PROPTESTS_SIMULATION_SPECTATOR_H_
#define REPRISE_PROPTESTS_SIMULATION_SPECTATOR_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "proptests/oracles/monitor.h"
#include "sim/sim_world.h"

namespace reprise {

class Spectator final : private SimPeerHandler {
 public:
  // Borrows the world. `client`: its number there.
  Spectator(SimWorld& world, uint32_t client) : world_(world), peer_(world.NewPeer(client, *this)) {}

  // `password`: empty, none is needed.
  void Start(std::string_view password);
  // Whether it has not been told that all others are done.
  bool listens() const { return view_.until_ns < 0; }
  // All others are done: calls `done`, which may not destroy it, when it has been shown what they have asked for, or
  // will be shown nothing any more.
  void Conclude(std::function<void()> done);
  // Closes the connection, if it stands.
  void Finish() { peer_.Close(); }

  const MonitorView& view() const { return view_; }
  std::string Describe() const;

 private:
  void OnConnected(SimPeer&) override {}
  void OnBytes(SimPeer& peer, std::string_view bytes) override;
  void OnEnd(SimPeer& peer) override;
  void OnLost(SimPeer&, ErrorCode) override { TellDone(); }
  void OnHalfClosed(SimPeer& peer) override { OnEnd(peer); }  // it could not ask for the last line

  void OnLine(std::string_view line);
  bool ended() const { return peer_.state() == SimPeer::State::kIdle; }
  void TellDone();

  SimWorld& world_;
  SimPeer& peer_;
  size_t greetings_ = 0;    // answers that are to come before the first line
  std::string unfinished_;  // line
  MonitorView view_;
  std::function<void()> done_;  // waits to be called
};

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_SIMULATION_SPECTATOR_H_
