#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include "proptests/reprise_sim/commands.h"
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

// The report in front, how much of the tape was not asked for behind it.
std::string Play(const std::string& path, const CommandTable& commands) {
  RunReport report;
  uint32_t unmatched = 0;
  const Result<Target> target = OpenTarget(path, {}, commands);
  if (target.ok()) {
    report = PlayTarget(target.value(), {}, &unmatched);
  } else {
    report.Fail(Verdict::kCrash, Oracle::kCrash, target.status().detail());
  }
  report.socket_operations = unmatched;
  return PackReport(report);
}

}  // namespace

int RunRegressions(const RegressionOptions& options) {
  const CommandTable commands;
  std::error_code error;
  const std::vector<std::string> tapes = TapesIn(options.folder, error);
  if (error) {
    fmt::print(stderr, "reprise-sim: {}: {}\n", options.folder, error.message());
    return kExitUsage;
  }
  int exit_code = kExitOk;
  if (tapes.empty()) {
    fmt::print("no tapes in {}\n", options.folder);
    return kExitOk;
  }
  const auto ended = [&](const Ended& end) {
    const std::string& path = tapes[end.run];
    RunReport report;
    if (Result<RunReport> unpacked = UnpackReport(end.report); unpacked.ok()) {
      report = std::move(unpacked).value();
    } else {
      report = BadEnd(end.how == Ended::How::kTimedOut, std::string(end.details));
    }
    const uint64_t unmatched = report.socket_operations;
    if (!report.passed()) {
      fmt::print("{}: {}\nplay it again: reprise-sim replay {}\n", path, DescribeFailure(report), path);
      exit_code = static_cast<int>(report.verdict);
    } else if (unmatched > kUnmatchedPerMilleMax) {
      fmt::print("{}: {} of a thousand overrides were never asked for: the tape tests little, make it anew\n", path,
                 unmatched);
      exit_code = kExitStaleTape;
    } else {
      fmt::print("{}: passed\n", path);
    }
    return true;
  };
  const auto play = [&](uint64_t index) { return Play(tapes[index], commands); };
  return Supervise({0, tapes.size() - 1, 1, options.run_seconds_max}, play, ended) ? exit_code : kExitUsage;
}

}  // namespace reprise
