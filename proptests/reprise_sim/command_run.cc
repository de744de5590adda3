#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <map>
#include <nlohmann/json.hpp>

#include "proptests/oracles/determinism.h"
#include "proptests/reprise_sim/commands.h"
#include "proptests/reprise_sim/interrupt.h"
#include "proptests/reprise_sim/progress.h"
#include "proptests/reprise_sim/record.h"
#include "proptests/reprise_sim/supervisor.h"
#include "proptests/reprise_sim/target.h"
#include "proptests/simulation/profile.h"

namespace reprise {
namespace {

using SteadyClock = std::chrono::steady_clock;

struct Failure {
  uint64_t seed = 0;
  RunReport report;
  std::string replay;
  std::string shrink;
};

class SweepRunner {
 public:
  explicit SweepRunner(const SweepOptions& options)
      : options_(options), began_(SteadyClock::now()), progress_(!options.quiet && !options.json && !options.hashes) {}

  int Run() {
    if (Result<Target> target = SeedTarget(options_.first, options_.terms, commands_); !target.ok()) {
      fmt::print(stderr, "reprise-sim: {}\n", target.status().detail());
      return kExitUsage;
    }
    const Supervision supervision{options_.first, options_.last, options_.jobs, options_.run_seconds_max,
                                  [this] { return Enough(); }};
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
    ++played_;
    if (options_.hashes) {
      fmt::print("{} {}\n", ended.run, report.steps > 0 ? fmt::format("{:016x}", report.hash) : "crashed");
    }
    if (!report.passed()) {
      NoteFailure(ended.run, report);
    }
    ShowProgress();
    if (failures_.size() >= options_.failures_max && played_ < Wanted()) {
      stopped_ = "failures";
    }
    return !Enough() && failures_.size() < options_.failures_max;
  }

  // Whether the time is over, or the user wants no more.
  bool Enough() {
    if (interrupt_.Take()) {
      stopped_ = "interrupted";
    } else if (stopped_.empty() && options_.seconds != 0 && Elapsed() >= std::chrono::seconds(options_.seconds)) {
      stopped_ = "time";
    }
    return interrupt_.taken() || stopped_ == "time";
  }

  // How many seeds there are; all of 64 bits are one more than fits.
  uint64_t Wanted() const {
    const uint64_t between = options_.last - options_.first;
    return between == UINT64_MAX ? between : between + 1;
  }

  void NoteFailure(uint64_t seed, const RunReport& report) {
    sweep_.AddFailure();
    const Result<Target> target = SeedTarget(seed, options_.terms, commands_);
    const bool diverged = report.oracle == Oracle::kDeterminism;
    failures_.push_back({seed, report, diverged ? target.value().CompareCommand() : target.value().ReplayCommand(),
                         target.value().ShrinkCommand()});
    if (!options_.json && !options_.hashes) {
      progress_.Clear();
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
    if (progress_.due()) {
      progress_.Show(fmt::format("{} seeds, {}/s, {} s simulated, {} requests, {} failures", played_,
                                 PerSecond(played_), SimulatedSeconds(), sweep_.requests(), failures_.size()));
    }
  }

  int Conclude() {
    progress_.Clear();
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
    if (interrupt_.taken()) {
      return kExitInterrupted;
    }
    return holes.empty() ? kExitOk : kExitLedger;
  }

  std::string StoppedText() const {
    if (stopped_.empty()) {
      return {};
    }
    const std::string why = stopped_ == "failures" ? fmt::format("after {} failures (--max-failures)", failures_.size())
                            : stopped_ == "time"   ? fmt::format("after {} s (--for)", options_.seconds)
                                                   : "by a signal";
    return fmt::format("stopped {}: {} of {} seeds were played\n", why, played_, Wanted());
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
               options_.terms.profile, played_, ElapsedMs(), PerSecond(played_), SimulatedSeconds(), sweep_.steps(),
               sweep_.socket_operations());
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
    fmt::print("{}{} failure{}\n", StoppedText(), failures_.size(), failures_.size() == 1 ? "" : "s");
    if (!failures_.empty() && failures_[0].report.oracle != Oracle::kDeterminism) {
      fmt::print("make the first one small, and have its story told: {}\n", failures_[0].shrink);
    }
  }

  void PrintJson(const std::vector<std::string>& holes) const {
    nlohmann::ordered_json json;
    json["profile"] = options_.terms.profile;
    json["seeds"] = played_;
    json["stopped"] = stopped_;
    json["milliseconds"] = ElapsedMs();
    json["seeds_per_second"] = PerSecond(played_);
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
                                  {"replay", failure.replay},
                                  {"shrink", failure.shrink}});
    }
    fmt::print("{}\n", json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
  }

  const SweepOptions& options_;
  const CommandTable commands_;
  const SteadyClock::time_point began_;
  Interrupt interrupt_;
  Progress progress_;
  Sweep sweep_;
  uint64_t played_ = 0;  // crashes included
  std::string stopped_;  // why not all seeds were played: failures, time, interrupted
  std::vector<Failure> failures_;
};

}  // namespace

int RunSweep(const SweepOptions& options) { return SweepRunner(options).Run(); }

int ListFaults(bool json) {
  if (json) {
    auto faults = nlohmann::ordered_json::array();
    for (size_t i = 0; i < kSiteCount; ++i) {
      const SiteFacts& facts = FactsOf(SiteAt(i));
      if (IsFault(facts.site)) {
        faults.push_back({{"name", facts.name},
                          {"group", GroupName(facts.group)},
                          {"does", facts.does},
                          {"rate_low", facts.rate_low},
                          {"rate_high", facts.rate_high},
                          {"rate_one", kRateOne},
                          {"noticed_by", NoticeOf(facts.site).by}});
      }
    }
    fmt::print("{}\n", faults.dump(2));
    return kExitOk;
  }
  for (size_t group = 0; group < kSiteGroupCount; ++group) {
    if (static_cast<SiteGroup>(group) == SiteGroup::kWorkload) {
      continue;
    }
    fmt::print("{}:\n", GroupName(static_cast<SiteGroup>(group)));
    for (size_t i = 0; i < kSiteCount; ++i) {
      const SiteFacts& facts = FactsOf(SiteAt(i));
      if (facts.group == static_cast<SiteGroup>(group)) {
        fmt::print("  {:<22} {}\n  {:<22}   noticed by {}\n  {:<22}   where it is on, {} to {} times in 65,536\n",
                   facts.name, facts.does, "", NoticeOf(facts.site).by, "", facts.rate_low, facts.rate_high);
      }
    }
  }
  return kExitOk;
}

int ListProfiles(bool json) {
  if (json) {
    auto profiles = nlohmann::ordered_json::array();
    for (const ProfileFacts& profile : Profiles()) {
      profiles.push_back({{"name", profile.name}, {"description", profile.description}});
    }
    fmt::print("{}\n", profiles.dump(2));
    return kExitOk;
  }
  for (const ProfileFacts& profile : Profiles()) {
    fmt::print("{:<8} {}\n", profile.name, profile.description);
  }
  return kExitOk;
}

}  // namespace reprise
