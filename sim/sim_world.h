// SimWorld: a machine, a network and its clients, in virtual time and in one thread.
//
// The program under test is handed poller(), network(), clock(), entropy() and process(), and runs as it would on a
// real machine. Its Poller::Wait is where the world moves: it runs what is due, in the order of virtual time, until
// something is ready for the program or its deadline has come. Nothing in it takes real time.
//
// Whoever runs the world makes it, adds peers (sim_peer.h) and actors, makes the program and runs it until it returns,
// destroys the program, and asks what was left over. A run follows from the choice source, the options and what the
// workload does; from nothing else.
//
// The end of a run: the program is asked to stop (Event::Kind::kStop) when the runner calls Stop, when nothing will
// ever happen any more (how() is kStuck), or when the step limit is passed (kStepLimit). A program that goes on waiting
// for another 10,000 times after that fails a CHECK.
#ifndef REPRISE_SIM_SIM_WORLD_H_
#define REPRISE_SIM_SIM_WORLD_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sim/choices.h"
#include "sim/sim_clock.h"
#include "sim/sim_context.h"
#include "sim/sim_entropy.h"
#include "sim/sim_network.h"
#include "sim/sim_options.h"
#include "sim/sim_peer.h"
#include "sim/sim_poller.h"
#include "sim/sim_process.h"
#include "sim/wire.h"

namespace reprise {

// Something of the workload that acts at times of its own.
class SimActor {
 public:
  virtual ~SimActor() = default;
  virtual void OnTimer(uint64_t what) = 0;
  // The client that it acts for: what happens to different clients at one moment may change places. kNoClient: its
  // timers keep theirs, and so does all that was to come behind them.
  virtual uint32_t client() const { return kNoClient; }

 private:
  friend class SimWorld;
  size_t place_ = 0;  // in the list of its world, once it has one
};

// Who answers when the program connects out.
class SimListenerHandler {
 public:
  virtual ~SimListenerHandler() = default;
  // The program's connection has arrived. Returns who handles it from now on.
  virtual SimPeerHandler& OnAccepted() = 0;
  virtual void OnPeer(SimPeer& peer) = 0;  // the peer that was made for it, already connected
};

class SimWorld : private WorldRunner, private ProcessLife::Undertaker {
 public:
  enum class How : uint8_t {
    kRunning,
    kStopped,    // Stop was called
    kStuck,      // no event was left, and the program waited without a deadline
    kStepLimit,  // more steps than SimOptions::step_limit
  };

  // What the program has not given back.
  struct LeftOver {
    size_t handles = 0;
    size_t watched = 0;
    size_t connections = 0;  // of which the program's end is open, accepted or waiting to be
    bool none() const { return handles == 0 && watched == 0 && connections == 0; }
  };

  // Borrows `source`, which must outlive the world.
  SimWorld(ChoiceSource& source, const SwarmProfile& profile, const SimOptions& options = {});
  ~SimWorld() override;
  SimWorld(const SimWorld&) = delete;
  SimWorld& operator=(const SimWorld&) = delete;

  SimPoller& poller() { return poller_; }
  SimNetwork& network() { return network_; }
  SimClock& clock() { return clock_; }
  SimEntropy& entropy() { return entropy_; }
  SimProcess& process() { return process_; }

  Choices& choices() { return context_.choices; }
  Trace& trace() { return context_.trace; }
  const ActorTable& actors() const { return context_.actors; }
  const SimOptions& options() const { return context_.options; }
  // Virtual time since the beginning of the run.
  int64_t elapsed_ns() const { return context_.timeline.now_ns() - context_.options.start_monotonic_ns; }

  // A client of the workload. Lives as long as the world. REQUIRES: no other peer has this number.
  SimPeer& NewPeer(uint32_t client, SimPeerHandler& handler);
  // An actor for the workload's own choices: "script.<index>". REQUIRES: no other has this index.
  Actor NewScript(uint32_t index);
  // Calls actor.OnTimer(what) after `delay_ns`, while the program waits. REQUIRES: delay_ns >= 0; the actor lives as
  // long as the world.
  void Schedule(int64_t delay_ns, SimActor& actor, uint64_t what);
  // Has the program's connections to `address` accepted; each gets a peer, numbered from `first_client`.
  // Errors: kAddressInUse.
  Status NewListener(const Address& address, SimListenerHandler& handler, uint32_t first_client);
  // Reports a completion to the program after `delay_ns` (for work that it started elsewhere, such as storage).
  void Complete(int64_t delay_ns, Token token, int64_t result);

  // From now on no fault strikes. Connections through which nothing passes any more are reset for both sides, peers
  // that a fault made stop reading go on.
  void Heal();
  // Whether the program is alive (process_life.h). It dies only in a world whose options say may_die.
  const ProcessLife& life() const { return context_.life; }
  // Begins its next life: the world goes on for as long as the program is down, and then gives it everything as new.
  // Completions for its former life don't come any more. REQUIRES: it has died, and was destroyed.
  void Restart();
  // Asks the program to stop, at its next Wait or during this one.
  void Stop();
  How how() const { return how_; }

  // After the program was destroyed: what it has left open.
  LeftOver FindLeftOver() const;

 private:
  class WorldListener;

  // WorldRunner
  int64_t NextEventTime() const override { return context_.timeline.next_ns(); }
  void RunOneEvent() override;
  bool StopWanted() const override { return stop_wanted_; }
  void StopDelivered() override;
  void CheckSteps() override;
  void ReportStuck() override;

  // ProcessLife::Undertaker
  void ProcessDied(Death death) override;

  SimPeer* FindPeer(uint32_t client);
  WorldEvent TakeEvent();
  uint32_t ClientOf(const WorldEvent& event) const;

  SimContext context_;
  Wire wire_;
  SimPoller poller_;
  SimNetwork network_;
  SimClock clock_;
  SimEntropy entropy_;
  SimProcess process_;
  std::vector<std::unique_ptr<SimPeer>> peers_by_client_;
  std::vector<std::unique_ptr<WorldListener>> listeners_;
  std::vector<SimActor*> timer_actors_;
  std::vector<WorldEvent> moment_;  // what TakeEvent works with
  std::vector<std::pair<uint32_t, size_t>> firsts_;
  How how_ = How::kRunning;
  bool stop_wanted_ = false;
  uint32_t stops_delivered_ = 0;
};

}  // namespace reprise

#endif  // REPRISE_SIM_SIM_WORLD_H_
