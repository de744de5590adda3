#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "proptests/reprise_sim/commands.h"
#include "proptests/reprise_sim/interrupt.h"
#include "proptests/reprise_sim/progress.h"
#include "proptests/reprise_sim/target.h"
#include "proptests/reprise_sim/witness.h"
#include "proptests/reprise_sim/write_file.h"
#include "proptests/simulation/reduce.h"
#include "sim/story.h"

namespace reprise {
namespace {

using SteadyClock = std::chrono::steady_clock;

// A candidate that takes so long counts as one that never ends; or so many times what the run itself has taken.
constexpr int64_t kCandidateSecondsMin = 3;
constexpr int64_t kCandidateTimes = 4;
// Where that is what we look for, most candidates do it: so they get less, by what the run takes without faults.
constexpr int64_t kCalmTimes = 10;
constexpr int64_t kEndlessCpuMsMin = 100;
constexpr int64_t kEndlessCpuMsMax = 1'000;
constexpr uint64_t kEndlessStepsMin = 50'000;
constexpr char kSeparator = '\0';

// The tape's choices, then the story.
std::string RecordRun(SimWorld& world, const RunReport&) {
  Tape choices;
  choices.overrides = Tape::FromChoices(world.choices().made()).overrides;
  return choices.ToText() + kSeparator + TellStory({world.trace(), world.actors()});
}

class ShrinkRunner {
 public:
  ShrinkRunner(const ShrinkOptions& options, const Target& target, const CommandTable& commands)
      : options_(options),
        target_(target),
        commands_(commands),
        progress_(!options.quiet && !options.json),
        witness_(target, commands, RecordRun, Trace::Keep::kSteps, [this](uint64_t) { return !interrupt_.Take(); }),
        began_(SteadyClock::now()) {}

  int Run() {
    std::string recorded;
    original_ = witness_.PlayRecorded(nullptr, options_.run_seconds_max, recorded);
    if (interrupt_.taken()) {
      return kExitInterrupted;
    }
    if (original_.passed()) {
      fmt::print(stderr, "reprise-sim: {} passes; there is nothing to shrink\n", target_.name);
      return kExitUsage;
    }
    LimitCandidates(SteadyClock::now() - began_);
    began_ = SteadyClock::now();
    first_ = TapeOf(target_.plan, true);
    if (target_.tape) {
      first_.overrides = target_.tape->overrides;
    } else if (Result<Tape> choices = Tape::FromText(recorded.substr(0, recorded.find(kSeparator))); choices.ok()) {
      first_.overrides = choices.value().overrides;
    }
    endless_steps_ = shrunk_steps_ = target_.plan.world.step_limit;
    LimitEndless(first_);
    ShrinkRequest request;
    request.tape = first_;
    request.still_fails = [this](const Tape& tape) { return FailsAlike(tape); };
    request.enough = [this] {
      return interrupt_.Take() || interrupt_.taken() ||
             SteadyClock::now() - began_ > std::chrono::seconds(options_.seconds);
    };
    request.progress = [this](const Tape& tape, uint64_t tries) { OnShrunk(tape, tries); };
    result_ = Reduce(std::move(request), commands_, [this](const Tape& tape) { return LayoutOfTape(tape); });
    if (original_.oracle == Oracle::kSteps) {
      result_.tape.SetOption("step_limit", std::to_string(shrunk_steps_));
    }
    progress_.Clear();
    return Conclude();
  }

 private:
  int64_t CandidateSeconds() const { return candidate_seconds_; }

  // By what the run itself has taken, which was recorded and so is slower than any that is not.
  void LimitCandidates(SteadyClock::duration took) {
    const bool endless = original_.oracle == Oracle::kTime;
    const int64_t seconds = std::chrono::duration_cast<std::chrono::seconds>(took).count() * kCandidateTimes;
    candidate_seconds_ = std::min(options_.run_seconds_max, std::max(endless ? 0 : seconds, kCandidateSecondsMin));
  }

  // Sets how far candidates that are made from `tape` go before they count as endless, where that is the failure.
  void LimitEndless(const Tape& tape) {
    if (original_.oracle != Oracle::kSteps && original_.oracle != Oracle::kTime) {
      return;
    }
    Tape calm = tape;
    calm.overrides.clear();
    const auto began = SteadyClock::now();
    const RunReport report = witness_.Play(&calm, CandidateSeconds(), kEndlessCpuMsMax);
    const auto took_ms = std::chrono::duration_cast<std::chrono::milliseconds>(SteadyClock::now() - began).count();
    if (original_.oracle == Oracle::kTime) {
      endless_cpu_ms_ = std::clamp(took_ms * kCalmTimes, kEndlessCpuMsMin, kEndlessCpuMsMax);
    } else if (report.passed()) {
      endless_steps_ = std::min(endless_steps_, std::max(report.steps * kCalmTimes, kEndlessStepsMin));
    }
  }

  void OnShrunk(const Tape& tape, uint64_t tries) {
    shrunk_steps_ = endless_steps_;
    LimitEndless(tape);
    ShowProgress(tape, tries);
  }

  RunReport PlayCandidate(const Tape& tape) {
    Tape limited = tape;
    if (original_.oracle == Oracle::kSteps) {
      limited.SetOption("step_limit", std::to_string(endless_steps_));
    }
    played_ = tape;
    return witness_.Play(&limited, CandidateSeconds(), endless_cpu_ms_, &layout_);
  }

  // Mostly of the tape that was played last.
  Layout LayoutOfTape(const Tape& tape) {
    if (tape != played_) {
      (void)PlayCandidate(tape);
    }
    return layout_;
  }

  // Crashes have to be the same in words too.
  bool FailsAlike(const Tape& tape) {
    const RunReport report = PlayCandidate(tape);
    return report.verdict == original_.verdict && report.oracle == original_.oracle &&
           (report.oracle != Oracle::kCrash || report.problem == original_.problem);
  }

  size_t OperationsOfTape(const Tape& tape) const {
    const Result<Plan> plan = PlanOf(tape, commands_);
    return plan.ok() ? plan.value().script.OperationCount() : 0;
  }
  size_t StreamBytesOfTape(const Tape& tape) const {
    const Result<Plan> plan = PlanOf(tape, commands_);
    return plan.ok() && plan.value().stream ? plan.value().stream->size() : 0;
  }

  void ShowProgress(const Tape& tape, uint64_t tries) {
    if (progress_.due()) {
      progress_.Show(fmt::format("{} tries: {} choices other than 0, {} operations left out", tries,
                                 tape.overrides.size(), tape.omitted.size()));
    }
  }

  int Conclude() {
    if (!result_.reproduced) {
      fmt::print(stderr, "reprise-sim: the tape of {} does not fail as it did itself: {}\n", target_.name,
                 DescribeFailure(original_));
      return static_cast<int>(Verdict::kDivergence);
    }
    std::string recorded;
    const RunReport report = witness_.PlayRecorded(&result_.tape, CandidateSeconds(), recorded);
    const std::string story = recorded.substr(recorded.find(kSeparator) + 1);
    const std::string path = options_.out.empty() ? DefaultOut() : options_.out;
    const std::string unwritten = WriteWholeFile(path, result_.tape.ToText());
    fmt::print(stderr, "{}", unwritten);
    if (options_.json) {
      PrintJson(report, path, story);
    } else {
      PrintText(report, path, story);
    }
    return unwritten.empty() ? kExitOk : kExitUsage;
  }

  // "42.shrunk.tape", "kept/wrong.shrunk.tape"
  std::string DefaultOut() const {
    std::string name = target_.name == "-" ? "stdin" : target_.name;
    if (name.ends_with(".tape")) {
      name.resize(name.size() - 5);
    }
    return name + ".shrunk.tape";
  }

  std::string_view Unfinished() const {
    return result_.minimal      ? ""
           : interrupt_.taken() ? "; a signal has ended it before it was done"
                                : "; --for has ended it before it was done";
  }

  void PrintText(const RunReport& report, const std::string& path, const std::string& story) const {
    fmt::print("{}\n", story);
    fmt::print("{}\n", DescribeFailure(report));
    const size_t stream_bytes = StreamBytesOfTape(result_.tape);
    const auto count = [](size_t number, std::string_view what) {
      return fmt::format("{} {}{}", number, what, number == 1 ? "" : "s");
    };
    fmt::print("{} other than 0 (of {}), {} (of {}), after {} tries in {} ms{}\n",
               count(result_.tape.overrides.size(), "choice"), first_.overrides.size(),
               stream_bytes > 0 ? count(stream_bytes, "byte") : count(OperationsOfTape(result_.tape), "operation"),
               stream_bytes > 0 ? StreamBytesOfTape(first_) : OperationsOfTape(first_), result_.tries, ElapsedMs(),
               Unfinished());
    fmt::print("play it again: reprise-sim replay {}\n", path);
    const std::string_view stem = std::string_view(path).substr(0, path.size() - (path.ends_with(".tape") ? 5 : 0));
    fmt::print("look at it: reprise-sim replay {} --html {}.html\n", path, stem);
  }

  void PrintJson(const RunReport& report, const std::string& path, const std::string& story) const {
    nlohmann::ordered_json json;
    json["target"] = target_.name;
    json["verdict"] = VerdictName(report.verdict);
    json["oracle"] = OracleName(report.oracle);
    json["problem"] = report.problem;
    json["overrides"] = result_.tape.overrides.size();
    json["overrides_before"] = first_.overrides.size();
    json["operations"] = OperationsOfTape(result_.tape);
    json["operations_before"] = OperationsOfTape(first_);
    json["stream_bytes"] = StreamBytesOfTape(result_.tape);
    json["stream_bytes_before"] = StreamBytesOfTape(first_);
    json["tries"] = result_.tries;
    json["milliseconds"] = ElapsedMs();
    json["minimal"] = result_.minimal;
    json["tape"] = path;
    json["replay"] = "reprise-sim replay " + path;
    json["story"] = story;
    fmt::print("{}\n", json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
  }

  int64_t ElapsedMs() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(SteadyClock::now() - began_).count();
  }

  const ShrinkOptions& options_;
  const Target& target_;
  const CommandTable& commands_;
  Interrupt interrupt_;
  Progress progress_;
  Witness witness_;
  SteadyClock::time_point began_;
  RunReport original_;
  Tape first_;
  int64_t candidate_seconds_ = kCandidateSecondsMin;
  int64_t endless_cpu_ms_ = 0;  // 0: as much as it takes
  uint64_t endless_steps_ = 0;
  uint64_t shrunk_steps_ = 0;  // with which the smallest tape so far was seen to fail
  ShrinkResult result_;
  Tape played_;    // last
  Layout layout_;  // of it
};

}  // namespace

int ShrinkTarget(const ShrinkOptions& options) {
  const CommandTable commands;
  const Result<Target> opened = OpenTarget(options.target, options.terms, commands);
  if (!opened.ok()) {
    fmt::print(stderr, "reprise-sim: {}\n", opened.status().detail());
    return kExitUsage;
  }
  return ShrinkRunner(options, opened.value(), commands).Run();
}

}  // namespace reprise
