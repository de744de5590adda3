// MortalServer: the server under test and its loop, through all of its lives in a simulated world.
//
// When the world lets the process die, its owner notices between two turns, buries it (what is left of it is destroyed,
// while nothing that it does has an effect), has the world restart it, and starts it again: a new server on a new loop,
// which knows nothing.
#ifndef REPRISE_PROPTESTS_SIMULATION_MORTAL_SERVER_H_
#define REPRISE_PROPTESTS_SIMULATION_MORTAL_SERVER_H_

#include <memory>
#include <optional>
#include <string>

#include "loop/clock.h"
#include "loop/counters.h"
#include "loop/event_loop.h"
#include "proptests/simulation/plan.h"
#include "server/server.h"
#include "sim/sim_world.h"

namespace reprise {

class MortalServer {
 public:
  // Borrows all of them.
  MortalServer(const Plan& plan, SimWorld& world, Clock& clock);

  // Starts the server of this life; when nothing else helps, in a better world. False: not even that helps.
  bool Start();
  // Whether the world has let it die. It has to be buried then.
  bool dead() const { return !world_.life().alive(); }
  // Destroys the server, be it dead or done. Answers what it has left behind; empty: nothing.
  std::string Bury();

  // REQUIRES: it was started, and is not buried.
  Server& server() { return *server_; }
  bool buried() const { return server_ == nullptr; }
  EventLoop& loop() { return *loop_; }
  // Of all lives.
  LoopCounters counters() const;

 private:
  const Plan& plan_;
  SimWorld& world_;
  Clock& clock_;
  std::optional<EventLoop> loop_;
  std::unique_ptr<Server> server_;
  LoopCounters former_;  // of the lives before
};

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_SIMULATION_MORTAL_SERVER_H_
