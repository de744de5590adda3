#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>

#include "proptests/oracles/cut_anywhere.h"
#include "proptests/reprise_sim/commands.h"
#include "proptests/reprise_sim/interrupt.h"
#include "proptests/reprise_sim/isolation.h"
#include "proptests/reprise_sim/progress.h"
#include "proptests/reprise_sim/record.h"
#include "proptests/reprise_sim/write_file.h"
#include "proptests/simulation/stream_run.h"
#include "sim/enumerator.h"
#include "sim/tape_source.h"

namespace reprise {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::string_view kOwnPipeline =
    "*1\r\n$4\r\nPING\r\nSET k v\r\nGET k\r\nINCR n\r\n\r\n"
    "*3\r\n$6\r\nAPPEND\r\n$1\r\nk\r\n$3\r\nxyz\r\nSTRLEN k\r\nDEL k\r\n";

// "PING\r\n", written with backslashes, as bytes.
std::string Unescaped(std::string_view text) {
  std::string bytes;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == 'r' || text[i + 1] == 'n');
    bytes += escape ? (text[++i] == 'r' ? '\r' : '\n') : text[i];
  }
  return bytes;
}

std::string PipelineOf(const ExhaustOptions& options) {
  if (!options.pipeline.empty()) {
    return Unescaped(options.pipeline);
  }
  std::string bytes;
  while (bytes.size() < options.bytes) {
    bytes += kOwnPipeline;
  }
  return bytes.substr(0, options.bytes);
}

// Passes a source's answers on, and keeps those that are not 0; on request prints each to standard error as well, so
// that they can be had of a run that crashes.
class Keeping final : public ChoiceSource {
 public:
  Keeping(ChoiceSource& source, bool aloud) : source_(source), aloud_(aloud) {}

  uint64_t Answer(const ChoiceRequest& request) override {
    const uint64_t value = source_.Answer(request);
    if (value != 0) {
      kept_.push_back({request.name, value});
      if (aloud_) {
        fmt::print(stderr, "{} = {}\n", request.name.ToString(), value);
      }
    }
    return value;
  }
  const std::vector<ChoiceMade>& kept() const { return kept_; }

 private:
  ChoiceSource& source_;
  const bool aloud_;
  std::vector<ChoiceMade> kept_;
};

// What came of a walk: in the child, and on its way to the parent.
struct Walked {
  uint64_t schedules = 0;
  RunReport report;  // of the schedule that failed, or the last
  std::vector<ChoiceMade> choices;
};

class Walker {
 public:
  Walker(std::string pipeline, std::vector<Enumerator::Class> classes)
      : pipeline_(std::move(pipeline)), classes_(std::move(classes)) {
    TapeSource nothing{std::vector<ChoiceMade>()};
    whole_ = PlayStream(pipeline_, nothing, SwarmProfile::Quiet(), {}, true);
  }

  // Until all are walked or one has failed. The choices of schedule `aloud_at` are printed as they are made.
  Walked Walk(const Isolation::Child& child, uint64_t aloud_at) {
    Walked walked;
    walked.schedules = Enumerator::Walk(classes_, [&](Enumerator& enumerator) {
      child.Mark(enumerator.runs());
      Keeping source(enumerator, enumerator.runs() == aloud_at);
      walked.report = PlayOne(source);
      walked.choices = source.kept();
      return walked.report.passed();
    });
    return walked;
  }

 private:
  RunReport PlayOne(ChoiceSource& source) {
    RunReport report;
    const Finding finding = CheckCutAnywhere(pipeline_, source, [&](std::string_view bytes, ChoiceSource& choices) {
      if (&choices != &source) {
        return whole_;  // without faults it is always the same
      }
      StreamResult result = PlayStream(bytes, choices, SwarmProfile::Quiet(), {}, true);
      report = result.report;
      return result;
    });
    if (!finding.ok()) {
      report.Fail(Verdict::kWrongAnswer, Oracle::kCutAnywhere, {});
      report.problem = finding.problem;
    }
    return report;
  }

  const std::string pipeline_;
  const std::vector<Enumerator::Class> classes_;
  StreamResult whole_;
};

std::string TapeTextOf(const std::string& pipeline, const std::vector<ChoiceMade>& choices) {
  Plan plan;
  plan.profile = "cut";
  plan.stream = pipeline;
  plan.stream_may_break = true;
  Tape tape = TapeOf(plan, true);
  tape.overrides = Tape::FromChoices(choices).overrides;
  return tape.ToText();
}

// The lines of an error output that are choices.
std::vector<ChoiceMade> ChoicesIn(std::string_view errors) {
  std::vector<ChoiceMade> choices;
  while (!errors.empty()) {
    const std::string_view line = errors.substr(0, errors.find('\n'));
    errors.remove_prefix(std::min(errors.size(), line.size() + 1));
    if (const Result<Tape> tape = Tape::FromText(fmt::format("reprise-tape 1\n{}\n", line)); tape.ok()) {
      choices.insert(choices.end(), tape.value().overrides.begin(), tape.value().overrides.end());
    }
  }
  return choices;
}

class ExhaustRunner {
 public:
  ExhaustRunner(const ExhaustOptions& options, std::vector<Site> sites)
      : options_(options),
        pipeline_(PipelineOf(options)),
        sites_(std::move(sites)),
        progress_(!options.quiet && !options.json) {}

  int Run() {
    Walker walker(pipeline_, {{{Site::kReadShort}, options_.cuts, ~0ull, {}}, {sites_, options_.faults, 1, {}}});
    Isolation isolation(
        [&](std::string_view request, const Isolation::Child& child) {
          const Walked walked = walker.Walk(child, request.empty() ? 0 : std::stoull(std::string(request)));
          return fmt::format("{}\n", walked.schedules) + TapeTextOf(pipeline_, walked.choices) + '\0' +
                 PackReport(walked.report);
        },
        [this](uint64_t mark) { return Watch(mark); });
    const Isolation::Answer answer = isolation.Ask("", kSecondsMax);
    progress_.Clear();
    if (!ended_.empty()) {
      schedules_ = answer.mark > 0 ? answer.mark - 1 : 0;
      return Conclude();
    }
    if (answer.how == Isolation::Answer::How::kReported) {
      const size_t line = answer.report.find('\n');
      const size_t end = answer.report.find('\0');
      schedules_ = std::stoull(answer.report.substr(0, line));
      tape_ = answer.report.substr(line + 1, end - line - 1);
      Result<RunReport> report = UnpackReport(std::string_view(answer.report).substr(end + 1));
      CHECK(report.ok());
      report_ = std::move(report).value();
    } else {
      const bool endless = answer.how != Isolation::Answer::How::kCrashed;
      report_ = BadEnd(endless,
                       endless ? fmt::format("it took more than {} s", options_.schedule_seconds_max) : answer.details);
      schedules_ = answer.mark;
      schedule_began_ = SteadyClock::now();
      const Isolation::Answer again = isolation.Ask(std::to_string(answer.mark), kSecondsMax);
      tape_ = TapeTextOf(pipeline_, ChoicesIn(again.errors));
    }
    return Conclude();
  }

 private:
  // Ends a walk that the user doesn't want any more, that is out of time, or that hangs in a schedule.
  bool Watch(uint64_t mark) {
    if (mark != schedule_) {
      schedule_ = mark;
      schedule_began_ = SteadyClock::now();
    }
    ShowProgress();
    if (interrupt_.Take()) {
      ended_ = "interrupted";
    } else if (SteadyClock::now() - began_ > std::chrono::seconds(options_.seconds_max)) {
      ended_ = "time";
    }
    const bool hangs = SteadyClock::now() - schedule_began_ > std::chrono::seconds(options_.schedule_seconds_max);
    return ended_.empty() && !hangs;
  }

  void ShowProgress() {
    if (progress_.due()) {
      progress_.Show(fmt::format("{} schedules, {} ms", schedule_, ElapsedMs()));
    }
  }

  int ExitCode() const {
    return ended_ == "interrupted" ? kExitInterrupted
           : ended_ == "time"      ? kExitUnfinished
                                   : static_cast<int>(report_.verdict);
  }

  int Conclude() const {
    if (!report_.passed()) {
      fmt::print(stderr, "{}", WriteWholeFile(options_.out, tape_));
    }
    if (options_.json) {
      nlohmann::ordered_json json;
      json["bytes"] = pipeline_.size();
      json["cuts"] = options_.cuts;
      json["faults"] = options_.faults;
      json["schedules"] = schedules_;
      json["ended"] = ended_;
      json["milliseconds"] = ElapsedMs();
      json["verdict"] = VerdictName(report_.verdict);
      json["oracle"] = OracleName(report_.oracle);
      json["problem"] = report_.problem;
      json["replay"] = report_.passed() ? "" : "reprise-sim replay " + options_.out;
      fmt::print("{}\n", json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
    } else if (!ended_.empty()) {
      fmt::print("{} schedules passed, then {} has ended the walk\n", schedules_,
                 ended_ == "time" ? "--timeout" : "a signal");
    } else if (report_.passed()) {
      fmt::print(
          "{} schedules: all ways to cut {} bytes in up to {} places, with up to {} of {} other faults at once; "
          "all passed, in {} ms\n",
          schedules_, pipeline_.size(), options_.cuts, options_.faults, sites_.size(), ElapsedMs());
    } else {
      fmt::print("schedule {}: {}\nplay it again: reprise-sim replay {}\n", schedules_, DescribeFailure(report_),
                 options_.out);
    }
    return ExitCode();
  }

  int64_t ElapsedMs() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(SteadyClock::now() - began_).count();
  }

  const ExhaustOptions& options_;
  const std::string pipeline_;
  const std::vector<Site> sites_;
  const SteadyClock::time_point began_ = SteadyClock::now();
  Interrupt interrupt_;
  Progress progress_;
  uint64_t schedule_ = 0;  // that is being played
  SteadyClock::time_point schedule_began_ = began_;
  std::string ended_;  // why the walk was ended early: time, interrupted
  uint64_t schedules_ = 0;
  RunReport report_;
  std::string tape_;
};

}  // namespace

int Exhaust(const ExhaustOptions& options) {
  Result<std::vector<Site>> sites = ParseFaults(options.sites);
  if (!sites.ok()) {
    fmt::print(stderr, "reprise-sim: {}\n", sites.status().detail());
    return kExitUsage;
  }
  for (const Site site : sites.value()) {
    if (site == Site::kReadShort) {
      fmt::print(stderr, "reprise-sim: read.short is what --cuts counts; it can't be one of --sites\n");
      return kExitUsage;
    }
  }
  return ExhaustRunner(options, std::move(sites).value()).Run();
}

}  // namespace reprise
