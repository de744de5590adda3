// SelfWatch: everything in a run that holds what the server tells of itself, and keeps for itself, against what is so:
// what it shows to who monitors, the audit at its end, its log, and its memory as a whole. What a server has counted
// and logged is looked at in runs in which it has not died: its successor begins to count anew.
#ifndef REPRISE_PROPTESTS_SIMULATION_SELF_WATCH_H_
#define REPRISE_PROPTESTS_SIMULATION_SELF_WATCH_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "proptests/oracles/log_lines.h"
#include "proptests/simulation/auditor.h"
#include "proptests/simulation/moments.h"
#include "proptests/simulation/mortal_server.h"
#include "proptests/simulation/plan.h"
#include "proptests/simulation/run.h"
#include "proptests/simulation/spectator.h"
#include "proptests/workload/client.h"
#include "sim/sim_world.h"

namespace reprise {

class SelfWatch {
 public:
  using Clients = std::span<const std::unique_ptr<SimClient>>;

  // Borrows all of them. Has to outlive the world's events.
  SelfWatch(const Plan& plan, SimWorld& world, MortalServer& mortal);

  void OnServerStarted();
  // Before the clients come.
  void StartSpectator();
  // Whether there is one, and it has not been told that all others are done.
  bool SpectatorListens() const { return spectator_ != nullptr && spectator_->listens(); }
  // Calls `done` when it has seen everything. REQUIRES: it listens.
  void ConcludeSpectator(std::function<void()> done);
  // Whether the plan has an audit, and it is still to come. Not where somebody monitors, whom it would not know, or
  // holds others back: CLIENT LIST has marks then, and INFO a count, that depend on the moment.
  bool AuditIsDue() const;
  // All of `clients` are done. Calls `done` when the audit is over.
  void StartAudit(Clients clients, std::function<void()> done);
  // Spectator and auditor close their connections.
  void Finish();
  // For a report on why a run does not end; empty: there is neither.
  std::string Describe() const;

  // What is wrong with the server's memory, between two turns; empty: nothing.
  std::string LookAtMemory() const;
  // The same when all clients have gone.
  std::string LookAtWhatIsLeft() const;

  // REQUIRES: the loop has stopped; to be called before the server is destroyed.
  void OnServerStops();

  // The auditor's history, which is to be judged with those of the clients, if there was an audit.
  const ClientHistory* history() const { return auditor_ == nullptr ? nullptr : &auditor_->history(); }
  // `moments`: of the program's wall clock.
  void Judge(std::span<const ClientHistory* const> others, const Moments& moments, RunReport& report) const;

 private:
  const Plan& plan_;
  SimWorld& world_;
  MortalServer& mortal_;
  LogWatch log_;
  LogWatch::Causes causes_;
  bool stopped_in_order_ = false;
  std::unique_ptr<Spectator> spectator_;
  std::unique_ptr<Auditor> auditor_;
  std::vector<const ClientHistory*> others_;  // of the audit
};

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_SIMULATION_SELF_WATCH_H_
