#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <system_error>
#include <vector>

#include "proptests/reprise_sim/commands.h"
#include "proptests/reprise_sim/interrupt.h"
#include "proptests/reprise_sim/record.h"
#include "proptests/reprise_sim/supervisor.h"
#include "proptests/reprise_sim/target.h"

namespace reprise {
namespace {

constexpr uint32_t kUnmatchedPerMilleMax = 100;

std::vector<std::string> TapesIn(const std::string& folder, std::error_code& error) {
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".tape") {
      paths.push_back(entry.path().string());
    }
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

// How one tape went, from a child process.
std::string Play(const std::string& path, const CommandTable& commands) {
  RunReport report;
  uint32_t unmatched = 0;
  const Result<Target> target = OpenTarget(path, {}, commands);
  if (!target.ok()) {
    return "!" + target.status().detail();
  }
  report = PlayTarget(target.value(), {}, &unmatched);
  report.socket_operations = unmatched;  // of which nobody asks here
  return " " + PackReport(report);
}

class RegressionRunner {
 public:
  explicit RegressionRunner(const RegressionOptions& options) : options_(options) {}

  int Run() {
    std::error_code error;
    tapes_ = TapesIn(options_.folder, error);
    if (error || tapes_.empty()) {
      // A folder without tapes is the wrong folder.
      fmt::print(stderr, "reprise-sim: {}: {}\n", options_.folder, error ? error.message() : "there are no tapes");
      return kExitUsage;
    }
    const Supervision supervision{0, tapes_.size() - 1, options_.jobs, options_.run_seconds_max,
                                  [this] { return interrupt_.Take(); }};
    const auto play = [&](uint64_t index) { return Play(tapes_[index], commands_); };
    if (!Supervise(supervision, play, [this](const Ended& end) { return OnEnded(end); })) {
      fmt::print(stderr, "reprise-sim: no process can be had\n");
      return kExitUsage;
    }
    Conclude();
    return exit_code_ == kExitOk && interrupt_.taken() ? kExitInterrupted : exit_code_;
  }

 private:
  struct Outcome {
    std::string verdict;  // "passed", "wrong answer", "stale", "unreadable"
    std::string problem;
    int exit_code = kExitOk;
  };

  Outcome OutcomeOf(const Ended& end) const {
    if (end.how != Ended::How::kReported) {
      return Failed(BadEnd(end.how == Ended::How::kTimedOut, std::string(end.details)));
    }
    if (end.report.starts_with('!')) {
      return {"unreadable", std::string(end.report.substr(1)), kExitUsage};
    }
    const Result<RunReport> unpacked = UnpackReport(end.report.substr(1));
    CHECK(unpacked.ok());
    if (!unpacked.value().passed()) {
      return Failed(unpacked.value());
    }
    if (const uint64_t unmatched = unpacked.value().socket_operations; unmatched > kUnmatchedPerMilleMax) {
      return {"stale",
              fmt::format("{}.{} % of its choices were never asked for: it tests little, make it anew", unmatched / 10,
                          unmatched % 10),
              kExitStaleTape};
    }
    return {"passed", "", kExitOk};
  }

  static Outcome Failed(const RunReport& report) {
    return {std::string(VerdictName(report.verdict)), DescribeFailure(report), static_cast<int>(report.verdict)};
  }

  bool OnEnded(const Ended& end) {
    const std::string& path = tapes_[end.run];
    const Outcome outcome = OutcomeOf(end);
    ++played_;
    failed_ += outcome.exit_code != kExitOk ? 1 : 0;
    exit_code_ = exit_code_ == kExitOk ? outcome.exit_code : exit_code_;
    if (options_.json) {
      json_.push_back({{"tape", path}, {"verdict", outcome.verdict}, {"problem", outcome.problem}});
    } else if (outcome.exit_code == kExitUsage) {
      fmt::print("{}\n", outcome.problem);  // which begins with the path
    } else {
      fmt::print("{}: {}\n", path, outcome.problem.empty() ? outcome.verdict : outcome.problem);
      if (outcome.exit_code != kExitOk) {
        fmt::print("play it again: reprise-sim replay {}\n", path);
      }
    }
    return true;
  }

  void Conclude() const {
    if (options_.json) {
      nlohmann::ordered_json json;
      json["folder"] = options_.folder;
      json["tapes"] = json_;
      json["failed"] = failed_;
      fmt::print("{}\n", json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
      return;
    }
    fmt::print("{} of {} tapes played, {}\n", played_, tapes_.size(),
               failed_ == 0 ? "all passed" : fmt::format("{} failed", failed_));
  }

  const RegressionOptions& options_;
  const CommandTable commands_;
  Interrupt interrupt_;
  std::vector<std::string> tapes_;
  nlohmann::ordered_json json_ = nlohmann::ordered_json::array();
  uint64_t played_ = 0;
  uint64_t failed_ = 0;
  int exit_code_ = kExitOk;  // of the first that failed
};

}  // namespace

int RunRegressions(const RegressionOptions& options) { return RegressionRunner(options).Run(); }

}  // namespace reprise
