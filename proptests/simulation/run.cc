#include "proptests/simulation/run.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "proptests/oracles/kept_memory.h"
#include "proptests/oracles/peace.h"
#include "proptests/oracles/stale_events.h"
#include "proptests/oracles/unsent.h"
#include "proptests/simulation/break_watch.h"
#include "proptests/simulation/digest.h"
#include "proptests/simulation/judge.h"
#include "proptests/simulation/moments.h"
#include "proptests/simulation/mortal_server.h"
#include "proptests/simulation/self_watch.h"
#include "proptests/simulation/stream_run.h"
#include "proptests/workload/client.h"
#include "server/server.h"
#include "sim/fault_sites.h"
#include "sim/seeded_source.h"

namespace reprise {
namespace {

// Virtual time that clients get for what is left of their scripts once the world has healed.
constexpr int64_t kGraceNs = 120'000'000'000;
// The server's clients have all gone, and it has to notice.
constexpr int64_t kFarewellNs = 30'000'000'000;
constexpr int64_t kLookAgainNs = 2'000'000;
// So often the keyspace's digest goes into the trace.
constexpr uint64_t kDigestTurns = 256;

class Runner final : private ClientObserver, private SimActor {
 public:
  Runner(const Plan& plan, ChoiceSource& source, const RunOptions& options)
      : plan_(plan),
        options_(options),
        breaks_(source),
        world_(breaks_, plan.faults, WorldOptions(plan, options)),
        clock_(world_.clock(), world_.options().start_monotonic_ns),
        mortal_(plan, world_, clock_) {
    ApplyRunOptions(options, world_);
  }

  RunReport Play() {
    if (Start()) {
      StartClients();
      RunLives();
    }
    if (!mortal_.buried()) {
      TakeFarewell();
    }
    Judge();
    CountRequests();
    CollectNumbers(world_, mortal_.counters(), report_);
    JudgeEvents();
    if (options_.inspect) {
      options_.inspect(world_, report_);
    }
    return std::move(report_);
  }

 private:
  enum class Timer : uint64_t { kHeal, kGraceOver, kFinish, kLook };

  static SimOptions WorldOptions(const Plan& plan, const RunOptions& options) {
    SimOptions world = plan.world;
    world.keep = options.keep;
    world.may_die = true;
    return world;
  }

  bool Start() {
    if (!mortal_.Start()) {
      report_.Fail(Verdict::kNoProgress, Oracle::kLiveness, "the server could not be started, not even without faults");
      return false;
    }
    self_.OnServerStarted();
    return true;
  }

  void StartClients() {
    SimClient::Settings settings;
    settings.password = plan_.Config("requirepass");
    ClientObserver& observer = *this;
    self_.StartSpectator();
    for (const ScriptClient& script : plan_.script.clients) {
      clients_.push_back(std::make_unique<SimClient>(world_, script, settings, observer));
      clients_.back()->Start();
    }
    After(plan_.heal_after_ns, Timer::kHeal);
    OnClientProgress();
  }

  // Turn after turn, life after life.
  void RunLives() {
    RunLife();
    while (mortal_.dead()) {
      if (!BeginNextLife()) {
        return;
      }
      RunLife();
    }
    if (world_.how() == SimWorld::How::kStepLimit) {
      report_.Fail(Verdict::kNoProgress, Oracle::kSteps,
                   fmt::format("more than {} steps\n{}", world_.options().step_limit, DescribeClients()));
    } else if (world_.how() == SimWorld::How::kStuck) {
      report_.Fail(Verdict::kNoProgress, Oracle::kLiveness, "nothing will ever happen any more\n" + DescribeClients());
    }
  }

  // As EventLoop::Run does it, with a look at the server between the turns, until it is done or dead.
  void RunLife() {
    EventLoop& loop = mortal_.loop();
    const OutputLimit& limit = mortal_.server().values().output_limits[static_cast<size_t>(ClientClass::kNormal)];
    const bool limited = limit.hard_bytes > 0 || limit.soft_bytes > 0;
    UnsentWatch watch(mortal_.server());
    while (!loop.stopped()) {
      loop.RunOnce();
      if (mortal_.dead()) {
        break;
      }
      if (loop.counters().turns % kDigestTurns == 0) {
        NoteDigest();
        LookAtMemory();
      }
      if (limited && !watch.Look(world_.elapsed_ns())) {
        report_.Fail(Verdict::kLeak, Oracle::kUnsentOutput, watch.problem());
        world_.Stop();
      }
    }
    report_.unsent_peak_bytes = std::max(report_.unsent_peak_bytes, watch.peak_bytes());
  }

  bool BeginNextLife() {
    ++report_.deaths;
    const std::vector<uint32_t> first_broken = ConnectionsBegun();
    Bury();
    for (const auto& client : clients_) {
      client->ServerDied();
    }
    world_.Restart();
    // Those that stood then, and those that were tried since.
    for (size_t i = 0; i < clients_.size(); ++i) {
      for (uint32_t n = std::max(first_broken[i], 1U) - 1; n < clients_[i]->connects(); ++n) {
        breaks_.NoteBroken(clients_[i]->history().client, n);
      }
    }
    if (!Start()) {
      return false;
    }
    if (std::exchange(heal_waits_, false)) {
      Heal();
    }
    return true;
  }

  std::vector<uint32_t> ConnectionsBegun() const {
    std::vector<uint32_t> begun;
    for (const auto& client : clients_) {
      begun.push_back(client->connects());
    }
    return begun;
  }

  void NoteDigest() {
    world_.trace().Add(StepKind::kDigest, ActorTable::kServer, static_cast<int64_t>(KeyspaceDigest(mortal_.server())));
  }

  void LookAtMemory() {
    if (std::string problem = DescribeKeptMemory(mortal_.server()); !problem.empty()) {
      report_.Fail(Verdict::kLeak, Oracle::kKeptMemory, std::move(problem));
      world_.Stop();
    }
    if (std::string problem = self_.LookAtMemory(); !problem.empty()) {
      report_.Fail(Verdict::kLeak, Oracle::kServerMemory, std::move(problem));
      world_.Stop();
    }
  }

  void TakeFarewell() {
    NoteDigest();
    self_.OnServerStops();
    Bury();
  }

  void Bury() {
    const std::string left = mortal_.Bury();
    if (!left.empty()) {
      report_.Fail(Verdict::kLeak, Oracle::kLeak, left);
    }
  }

  void After(int64_t delay_ns, Timer timer) { world_.Schedule(delay_ns, *this, static_cast<uint64_t>(timer)); }

  // Called from within a client's callbacks, so everything that comes of it waits for a timer.
  void OnClientProgress() override {
    if (report_.healed_ns < 0) {
      if (AllAre(&SimClient::main_done)) {
        After(0, Timer::kHeal);
      }
    } else if (AllAre(&SimClient::done)) {
      After(0, Timer::kFinish);
    }
  }
  bool AllAre(bool (SimClient::*what)() const) const {
    return std::all_of(clients_.begin(), clients_.end(), [what](const auto& client) { return ((*client).*what)(); });
  }

  void OnTimer(uint64_t what) override {
    switch (static_cast<Timer>(what)) {
      case Timer::kHeal:
        return Heal();
      case Timer::kGraceOver:
        if (finished_ns_ < 0) {
          report_.Fail(Verdict::kNoProgress, Oracle::kLiveness,
                       fmt::format("the world healed at {} us, and {} s later not all is answered\n{}",
                                   report_.healed_ns / 1000, kGraceNs / kNanosPerSecond, DescribeClients()));
          world_.Stop();
        }
        return;
      case Timer::kFinish:
        return Finish();
      case Timer::kLook:
        return LookWhetherAllHaveGone();
    }
  }

  void Heal() {
    if (report_.healed_ns >= 0) {
      return;
    }
    if (mortal_.buried()) {
      heal_waits_ = true;  // there is no peace before the server is back
      return;
    }
    report_.healed_ns = world_.elapsed_ns();
    world_.Heal();
    for (const auto& client : clients_) {
      client->Heal();
    }
    After(kGraceNs, Timer::kGraceOver);
    OnClientProgress();
  }

  void Finish() {
    if (finished_ns_ >= 0 || asking_ || !AllAre(&SimClient::done)) {
      return;
    }
    const auto asked = [this] {
      asking_ = false;
      After(0, Timer::kFinish);
    };
    if (self_.SpectatorListens()) {
      asking_ = true;
      return self_.ConcludeSpectator(asked);
    }
    if (self_.AuditIsDue()) {
      asking_ = true;
      return self_.StartAudit(clients_, asked);
    }
    finished_ns_ = world_.elapsed_ns();
    LookAtMemory();
    self_.Finish();
    for (const auto& client : clients_) {
      client->Finish();
    }
    After(kLookAgainNs, Timer::kLook);
  }

  void LookWhetherAllHaveGone() {
    const std::string busy = DescribeBusy(mortal_.server(), mortal_.loop());
    if (busy.empty()) {
      if (std::string held = self_.LookAtWhatIsLeft(); !held.empty()) {
        report_.Fail(Verdict::kLeak, Oracle::kServerMemory, std::move(held));
      }
      world_.Stop();
      return;
    }
    if (world_.elapsed_ns() - finished_ns_ > kFarewellNs) {
      report_.Fail(Verdict::kLeak, Oracle::kLeak,
                   fmt::format("{} s after the last client has gone: {}", kFarewellNs / kNanosPerSecond, busy));
      world_.Stop();
      return;
    }
    After(kLookAgainNs * (1 + (world_.elapsed_ns() - finished_ns_) / 100'000'000), Timer::kLook);
  }

  std::string DescribeClients() const {
    std::string text;
    for (const auto& client : clients_) {
      text += "  " + client->Describe() + "\n";
    }
    return text + self_.Describe();
  }

  void Judge() {
    std::vector<const ClientHistory*> histories;
    for (const auto& client : clients_) {
      client->history().lives = LivesOf(client->history().client, client->connects());
      histories.push_back(&client->history());
    }
    const std::vector<const ClientHistory*> others = histories;
    if (self_.history() != nullptr) {
      histories.push_back(self_.history());
    }
    const bool any_vanished = world_.choices().count(Site::kConnVanish).fired > 0 ||
                              world_.choices().count(Site::kProcessPowerLoss).fired > 0;
    JudgeHistories({plan_, breaks_, clock_.moments(), any_vanished}, histories, report_);
    self_.Judge(others, clock_.moments(), report_);
    if (options_.look_back) {
      options_.look_back(others);
    }
  }

  // Which life of the server has accepted each connection of a client.
  std::vector<uint32_t> LivesOf(uint32_t client, uint32_t connections) {
    std::vector<uint32_t> lives;
    for (const SimNetwork::Accepted& accepted : world_.network().accepted()) {
      const ActorName& name = world_.actors().name(accepted.connection);
      if (name.kind == ActorKind::kConnection && name.index == client) {
        lives.resize(std::max<size_t>(lives.size(), name.part + 1), lives.empty() ? 0 : lives.back());
        lives[name.part] = accepted.life;
      }
    }
    lives.resize(connections, lives.empty() ? 0 : lives.back());
    return lives;
  }

  void JudgeEvents() {
    const uint64_t delivered = world_.poller().stale_reported();
    std::string problem = DescribeBelievedEvents(delivered, mortal_.counters());
    if (!problem.empty()) {
      report_.Fail(Verdict::kWrongAnswer, Oracle::kStaleEvents, std::move(problem));
    }
  }

  void CountRequests() {
    for (const auto& client : clients_) {
      report_.requests += client->history().exchanges.size();
      report_.answered += client->history().answered;
    }
  }

  const Plan& plan_;
  const RunOptions& options_;
  RunReport report_;
  BreakWatch breaks_;
  std::vector<std::unique_ptr<SimClient>> clients_;  // outlive the world, which may still have timers for them
  SimWorld world_;
  NotingClock clock_;
  MortalServer mortal_;
  SelfWatch self_{plan_, world_, mortal_};
  int64_t finished_ns_ = -1;
  bool heal_waits_ = false;  // for the server to be back
  bool asking_ = false;      // what is not in the script
};

}  // namespace

std::string DescribeFailure(const RunReport& report) {
  return fmt::format("{} ({}): {}", VerdictName(report.verdict), OracleName(report.oracle), report.problem);
}

void ApplyRunOptions(const RunOptions& options, SimWorld& world) {
  if (!options.record_choices) {
    world.choices().StopRecording();
  }
  if (options.on_step) {
    world.trace().SetSink([&options, &world](const Step& step) { options.on_step(world, step); });
  }
}

void CollectNumbers(SimWorld& world, const LoopCounters& counters, RunReport& report) {
  report.hash = world.trace().hash();
  report.steps = world.trace().step_count();
  report.elapsed_ns = world.elapsed_ns();
  report.socket_operations = world.network().operations();
  report.sites = world.choices().counts();
  report.loop = counters;
}

RunReport PlayPlan(const Plan& plan, ChoiceSource& source, const RunOptions& options) {
  if (plan.stream) {
    return PlayStreamTwice(plan, source, options);
  }
  return Runner(plan, source, options).Play();
}

RunReport PlaySeed(const Plan& plan, const RunOptions& options) {
  SeededSource source(plan.seed);
  return PlayPlan(plan, source, options);
}

}  // namespace reprise
