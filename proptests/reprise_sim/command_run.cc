#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <map>
#include <nlohmann/json.hpp>

#include "proptests/oracles/determinism.h"
#include "proptests/reprise_sim/commands.h"
#include "proptests/reprise_sim/record.h"
#include "proptests/reprise_sim/supervisor.h"
#include "proptests/reprise_sim/target.h"

namespace reprise {
namespace {

using SteadyClock = std::chrono::steady_clock;

struct Failure {
  uint64_t seed = 0;
  RunReport report;
  std::string replay;
};

class SweepRunner {
 public:
  explicit SweepRunner(const SweepOptions& options) : options_(options), began_(SteadyClock::now()) {}

  int Run() {
    if (Result<Target> target = SeedTarget(options_.first, options_.terms, commands_); !target.ok()) {
      fmt::print(stderr, "reprise-sim: {}\n", target.status().detail());
      return kExitUsage;
    }
    const Supervision supervision{options_.first, options_.last, options_.jobs, options_.run_seconds_max};
    const bool supervised = Supervise(
        supervision, [this](uint64_t seed) { return PackReport(Play(seed)); },
        [this](const Ended& ended) { return OnEnded(ended); });
    if (!supervised) {
      fmt::print(stderr, "reprise-sim: no process can be had\n");
      return kExitUsage;
    }
    return Conclude();
  }

 private:
  RunReport Play(uint64_t seed) {
    const Result<Target> target = SeedTarget(seed, options_.terms, commands_);
    RunReport report = PlayTarget(target.value(), {});
    if (options_.twice && report.passed()) {
      std::string difference =
          CheckDeterministic(report, [&](const RunOptions& run) { return PlayTarget(target.value(), run); });
      if (!difference.empty()) {
        report.Fail(Verdict::kDivergence, Oracle::kDeterminism, std::move(difference));
      }
    }
    return report;
  }

  bool OnEnded(const Ended& ended) {
    RunReport report;
    if (ended.how == Ended::How::kReported) {
      Result<RunReport> unpacked = UnpackReport(ended.report);
      CHECK(unpacked.ok());
      report = std::move(unpacked).value();
      sweep_.Add(report);
    } else {
      report = BadEnd(ended.how == Ended::How::kTimedOut, std::string(ended.details));
    }
    if (options_.hashes) {
      fmt::print("{} {}\n", ended.run, report.steps > 0 ? fmt::format("{:016x}", report.hash) : "crashed");
    }
    if (!report.passed()) {
      NoteFailure(ended.run, report);
    }
    ShowProgress();
    const bool in_time = options_.seconds == 0 || Elapsed() < std::chrono::seconds(options_.seconds);
    return in_time && failures_.size() < options_.failures_max;
  }

  void NoteFailure(uint64_t seed, const RunReport& report) {
    sweep_.AddFailure();
    const Result<Target> target = SeedTarget(seed, options_.terms, commands_);
    const bool diverged = report.oracle == Oracle::kDeterminism;
    failures_.push_back({seed, report, diverged ? target.value().CompareCommand() : target.value().ReplayCommand()});
    if (!options_.json && !options_.hashes) {
      ClearProgress();
      fmt::print("seed {}: {}\nplay it again: {}\n", seed, DescribeFailure(report), failures_.back().replay);
      std::fflush(stdout);
    }
  }

  SteadyClock::duration Elapsed() const { return SteadyClock::now() - began_; }
  int64_t ElapsedMs() const { return std::chrono::duration_cast<std::chrono::milliseconds>(Elapsed()).count(); }
  uint64_t PerSecond(uint64_t count) const {
    return count * 1000 / static_cast<uint64_t>(std::max<int64_t>(1, ElapsedMs()));
  }

  uint64_t SimulatedSeconds() const { return static_cast<uint64_t>(sweep_.elapsed_ns() / 1'000'000'000); }

  void ShowProgress() {
    if (options_.quiet || options_.json || options_.hashes || ElapsedMs() < shown_ms_ + 500) {
      return;
    }
    shown_ms_ = ElapsedMs();
    fmt::print(stderr, "\r{} seeds, {}/s, {} s simulated, {} requests, {} failures ", sweep_.runs(),
               PerSecond(sweep_.runs()), SimulatedSeconds(), sweep_.requests(), failures_.size());
    progress_shown_ = true;
  }
  void ClearProgress() {
    if (progress_shown_) {
      fmt::print(stderr, "\n");
      progress_shown_ = false;
    }
  }

  int Conclude() {
    ClearProgress();
    const std::vector<std::string> holes =
        options_.ledger ? sweep_.LedgerProblems(options_.terms.profile) : std::vector<std::string>();
    if (options_.json) {
      PrintJson(holes);
    } else if (!options_.hashes) {
      PrintSummary(holes);
    }
    if (!failures_.empty()) {
      return static_cast<int>(failures_[0].report.verdict);
    }
    return holes.empty() ? kExitOk : kExitLedger;
  }

  void PrintSummary(const std::vector<std::string>& holes) const {
    fmt::print("{}{}", sweep_.ledger().ToString(), sweep_.ledger().PathsText());
    if (options_.ledger) {
      for (const Site fault : FaultsThatNeverStrike(options_.terms.profile)) {
        fmt::print("not in this profile: {} ({})\n", SiteName(fault), WhyNever(options_.terms.profile, fault));
      }
    }
    for (const std::string& hole : holes) {
      fmt::print("the ledger has a hole: {}\n", hole);
    }
    fmt::print("profile {}: {} seeds in {} ms ({} a second), {} s simulated, {} steps, {} socket operations\n",
               options_.terms.profile, sweep_.runs(), ElapsedMs(), PerSecond(sweep_.runs()), SimulatedSeconds(),
               sweep_.steps(), sweep_.socket_operations());
    const auto cpu_ms = static_cast<uint64_t>(std::max<int64_t>(1, CpuMilliseconds()));
    const auto per_second = [cpu_ms](uint64_t count) { return count * 1000 / cpu_ms; };
    fmt::print("a second of CPU time: {} seeds, {} socket operations, {} steps, {} s simulated\n",
               per_second(sweep_.runs()), per_second(sweep_.socket_operations()), per_second(sweep_.steps()),
               per_second(SimulatedSeconds()));
    fmt::print("{} requests; model: {} of {} replies checked; linearizability: {} of {} requests definite\n",
               sweep_.requests(), sweep_.model().definite, sweep_.model().checked, sweep_.linear().definite,
               sweep_.linear().checked);
    if (sweep_.cut().checked > 0) {
      fmt::print("cut anywhere: {} of {} streams compared to their ends\n", sweep_.cut().definite,
                 sweep_.cut().checked);
    }
    fmt::print("{} failures\n", failures_.size());
  }

  void PrintJson(const std::vector<std::string>& holes) const {
    nlohmann::ordered_json json;
    json["profile"] = options_.terms.profile;
    json["seeds"] = sweep_.runs();
    json["milliseconds"] = ElapsedMs();
    json["seeds_per_second"] = PerSecond(sweep_.runs());
    json["cpu_milliseconds"] = CpuMilliseconds();
    json["simulated_ns"] = sweep_.elapsed_ns();
    json["steps"] = sweep_.steps();
    json["requests"] = sweep_.requests();
    json["socket_operations"] = sweep_.socket_operations();
    json["model"] = {{"checked", sweep_.model().checked}, {"definite", sweep_.model().definite}};
    json["linearizability"] = {{"checked", sweep_.linear().checked}, {"definite", sweep_.linear().definite}};
    for (size_t i = 0; i < kSiteCount; ++i) {
      const Ledger::Line& line = sweep_.ledger().line(SiteAt(i));
      if (IsFault(SiteAt(i))) {
        json["faults"][std::string(SiteName(SiteAt(i)))] = {
            {"offered", line.offered}, {"fired", line.fired}, {"seen", line.seen}, {"runs", line.runs_fired}};
      }
    }
    for (size_t i = 0; i < RarePaths().size(); ++i) {
      const Ledger::PathLine& line = sweep_.ledger().path(i);
      json["rare_paths"][std::string(RarePaths()[i].name)] = {{"times", line.times}, {"runs", line.runs}};
    }
    json["ledger_problems"] = holes;
    json["ledger_not_in_this_profile"] = nlohmann::ordered_json::array();
    for (const Site fault : FaultsThatNeverStrike(options_.terms.profile)) {
      json["ledger_not_in_this_profile"].push_back(SiteName(fault));
    }
    json["failures"] = nlohmann::ordered_json::array();
    for (const Failure& failure : failures_) {
      json["failures"].push_back({{"seed", failure.seed},
                                  {"verdict", VerdictName(failure.report.verdict)},
                                  {"oracle", OracleName(failure.report.oracle)},
                                  {"problem", failure.report.problem},
                                  {"replay", failure.replay}});
    }
    fmt::print("{}\n", json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
  }

  const SweepOptions& options_;
  const CommandTable commands_;
  const SteadyClock::time_point began_;
  Sweep sweep_;
  std::vector<Failure> failures_;
  int64_t shown_ms_ = 0;
  bool progress_shown_ = false;
};

}  // namespace

int RunSweep(const SweepOptions& options) { return SweepRunner(options).Run(); }

int ListFaults() {
  for (size_t group = 0; group < kSiteGroupCount; ++group) {
    if (static_cast<SiteGroup>(group) == SiteGroup::kWorkload) {
      continue;
    }
    fmt::print("{}:\n", GroupName(static_cast<SiteGroup>(group)));
    for (size_t i = 0; i < kSiteCount; ++i) {
      const SiteFacts& facts = FactsOf(SiteAt(i));
      if (facts.group == static_cast<SiteGroup>(group)) {
        fmt::print("  {:<22} {}\n  {:<22}   noticed by {}\n", facts.name, facts.does, "", NoticeOf(facts.site).by);
      }
    }
  }
  return kExitOk;
}

int ListProfiles() {
  for (const ProfileFacts& profile : Profiles()) {
    fmt::print("{:<8} {}\n", profile.name, profile.description);
  }
  return kExitOk;
}

}  // namespace reprise
