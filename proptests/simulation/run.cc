#include "proptests/simulation/run.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "loop/event_loop.h"
#include "proptests/oracles/kept_memory.h"
#include "proptests/oracles/peace.h"
#include "proptests/oracles/stale_events.h"
#include "proptests/oracles/unsent.h"
#include "proptests/simulation/break_watch.h"
#include "proptests/simulation/digest.h"
#include "proptests/simulation/judge.h"
#include "proptests/simulation/moments.h"
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
// A world that is out of handles or memory may keep a server from starting; then somebody starts it again.
constexpr int kStartsMax = 20;
// So often the keyspace's digest goes into the trace.
constexpr uint64_t kDigestTurns = 256;

Config ServerConfig(const Plan& plan) {
  Config config;
  for (const auto& [name, value] : plan.config) {
    const Status status = ApplyServerConfig(name, value, config);
    CHECK(status.ok());
  }
  return config;
}

class Runner final : private ClientObserver, private SimActor {
 public:
  Runner(const Plan& plan, ChoiceSource& source, const RunOptions& options)
      : plan_(plan),
        options_(options),
        breaks_(source),
        world_(breaks_, plan.faults, WorldOptions(plan, options)),
        clock_(world_.clock(), world_.options().start_monotonic_ns),
        loop_(world_.poller(), clock_) {
    ApplyRunOptions(options, world_);
  }

  RunReport Play() {
    if (StartServer()) {
      StartClients();
      RunLoop();
      TakeFarewell();
    } else {
      report_.Fail(Verdict::kNoProgress, Oracle::kLiveness, "the server could not be started, not even without faults");
    }
    Judge();
    CountRequests();
    CollectNumbers(world_, loop_, report_);
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
    return world;
  }

  // Somebody starts a server again that could not be started; when nothing else helps, in a better world.
  bool StartServer() {
    for (int i = 0; i <= kStartsMax; ++i) {
      if (i == kStartsMax) {
        world_.Heal();
      }
      server_ = std::make_unique<Server>(World{loop_, world_.network(), world_.entropy(), world_.process()},
                                         ServerConfig(plan_));
      server_->connections().limits().pause_output_bytes = plan_.pause_output_bytes;
      if (server_->Start().ok()) {
        self_.OnServerStarted();
        return true;
      }
      server_.reset();
    }
    return false;
  }

  void StartClients() {
    SimClient::Settings settings;
    settings.password = plan_.Config("requirepass");
    ClientObserver& observer = *this;
    for (const ScriptClient& script : plan_.script.clients) {
      clients_.push_back(std::make_unique<SimClient>(world_, script, settings, observer));
      clients_.back()->Start();
    }
    After(plan_.heal_after_ns, Timer::kHeal);
    OnClientProgress();
  }

  // As EventLoop::Run does it, with a look at the server between the turns.
  void RunLoop() {
    const OutputLimit& limit = server_->values().output_limits[static_cast<size_t>(ClientClass::kNormal)];
    const bool limited = limit.hard_bytes > 0 || limit.soft_bytes > 0;
    UnsentWatch watch(*server_);
    while (!loop_.stopped()) {
      loop_.RunOnce();
      if (loop_.counters().turns % kDigestTurns == 0) {
        NoteDigest();
        LookAtMemory();
      }
      if (limited && !watch.Look(world_.elapsed_ns())) {
        report_.Fail(Verdict::kLeak, Oracle::kUnsentOutput, watch.problem());
        world_.Stop();
      }
    }
    report_.unsent_peak_bytes = watch.peak_bytes();
    if (world_.how() == SimWorld::How::kStepLimit) {
      report_.Fail(Verdict::kNoProgress, Oracle::kSteps,
                   fmt::format("more than {} steps\n{}", world_.options().step_limit, DescribeClients()));
    } else if (world_.how() == SimWorld::How::kStuck) {
      report_.Fail(Verdict::kNoProgress, Oracle::kLiveness, "nothing will ever happen any more\n" + DescribeClients());
    }
  }

  void NoteDigest() {
    world_.trace().Add(StepKind::kDigest, ActorTable::kServer, static_cast<int64_t>(KeyspaceDigest(*server_)));
  }

  void LookAtMemory() {
    if (std::string problem = DescribeKeptMemory(*server_); !problem.empty()) {
      report_.Fail(Verdict::kLeak, Oracle::kKeptMemory, std::move(problem));
      world_.Stop();
    }
    if (std::string problem = self_.LookAtMemory(*server_); !problem.empty()) {
      report_.Fail(Verdict::kLeak, Oracle::kServerMemory, std::move(problem));
      world_.Stop();
    }
  }

  void TakeFarewell() {
    NoteDigest();
    self_.OnServerStops(*server_);
    server_.reset();
    if (report_.passed()) {
      const std::string left = DescribeLeftOver(world_, loop_);
      if (!left.empty()) {
        report_.Fail(Verdict::kLeak, Oracle::kLeak, left);
      }
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
    report_.healed_ns = world_.elapsed_ns();
    world_.Heal();
    for (const auto& client : clients_) {
      client->Heal();
    }
    After(kGraceNs, Timer::kGraceOver);
    OnClientProgress();
  }

  void Finish() {
    if (finished_ns_ >= 0 || auditing_ || !AllAre(&SimClient::done)) {
      return;
    }
    if (self_.AuditIsDue()) {
      auditing_ = true;
      self_.StartAudit(*server_, clients_, [this] {
        auditing_ = false;
        After(0, Timer::kFinish);
      });
      return;
    }
    finished_ns_ = world_.elapsed_ns();
    LookAtMemory();
    self_.FinishAudit();
    for (const auto& client : clients_) {
      client->Finish();
    }
    After(kLookAgainNs, Timer::kLook);
  }

  void LookWhetherAllHaveGone() {
    const std::string busy = DescribeBusy(*server_, loop_);
    if (busy.empty()) {
      if (std::string held = self_.LookAtWhatIsLeft(*server_); !held.empty()) {
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
      histories.push_back(&client->history());
    }
    const std::vector<const ClientHistory*> others = histories;
    if (self_.history() != nullptr) {
      histories.push_back(self_.history());
    }
    const bool any_vanished = world_.choices().count(Site::kConnVanish).fired > 0;
    JudgeHistories({plan_, breaks_, clock_.moments(), any_vanished}, histories, report_);
    self_.Judge(others, report_);
  }

  void JudgeEvents() {
    const uint64_t delivered = world_.poller().stale_reported();
    std::string problem = DescribeBelievedEvents(delivered, loop_.counters());
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
  EventLoop loop_;
  SelfWatch self_{plan_, world_, loop_};
  std::unique_ptr<Server> server_;
  int64_t finished_ns_ = -1;
  bool auditing_ = false;
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

void CollectNumbers(SimWorld& world, const EventLoop& loop, RunReport& report) {
  report.hash = world.trace().hash();
  report.steps = world.trace().step_count();
  report.elapsed_ns = world.elapsed_ns();
  report.socket_operations = world.network().operations();
  report.sites = world.choices().counts();
  report.loop = loop.counters();
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
