#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "proptests/reprise_sim/commands.h"
#include "proptests/reprise_sim/witness.h"
#include "sim/step_log.h"
#include "sim/trace_diff.h"

namespace reprise {
namespace {

Result<KeptRecording> RecordTarget(const std::string& name, const DiffOptions& options, const CommandTable& commands) {
  const Result<Target> target = OpenTarget(name, options.terms, commands);
  if (!target.ok()) {
    return target.status();
  }
  const auto record = [](SimWorld& world, const RunReport&) { return StepLog({world.trace(), world.actors()}); };
  Witness witness(target.value(), commands, record, Trace::Keep::kAll);
  std::string log;
  const RunReport report = witness.PlayRecorded(nullptr, options.run_seconds_max, log);
  if (!report.passed()) {
    fmt::print(stderr, "{}: {}\n", name, DescribeFailure(report));
  }
  return ParseStepLog(log);
}

// A seed, a tape, or a log of steps.
Result<KeptRecording> RecordingOf(const std::string& name, const DiffOptions& options, const CommandTable& commands) {
  std::ifstream file(name, std::ios::binary);
  std::string head(kStepLogHeader.size(), '\0');
  if (!file.is_open() || !file.read(head.data(), static_cast<std::streamsize>(head.size())) || head != kStepLogHeader) {
    return RecordTarget(name, options, commands);
  }
  const std::string rest{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  Result<KeptRecording> recording = ParseStepLog(head + rest);
  if (!recording.ok()) {
    return Status(ErrorCode::kInvalidArgument, fmt::format("{}: {}", name, recording.status().detail()));
  }
  return recording;
}

// Null: the run has ended before.
nlohmann::ordered_json StepJson(const Recording& run, size_t index) {
  if (index >= run.trace.steps().size()) {
    return nullptr;
  }
  const Step& step = run.trace.steps()[index];
  return {{"step", step.number}, {"time_ns", step.time_ns}, {"what", StepText(run, step)}};
}

}  // namespace

int Diff(const DiffOptions& options) {
  const CommandTable commands;
  const Result<KeptRecording> one = RecordingOf(options.one, options, commands);
  const Result<KeptRecording> other = RecordingOf(options.other, options, commands);
  for (const Result<KeptRecording>* recording : {&one, &other}) {
    if (!recording->ok()) {
      fmt::print(stderr, "reprise-sim: {}\n", recording->status().detail());
      return kExitUsage;
    }
  }
  const Recording a = one.value().recording();
  const Recording b = other.value().recording();
  const std::optional<size_t> index = FirstDifference(a, b);
  const bool same = !index;
  if (options.json) {
    nlohmann::ordered_json json;
    json["same"] = same;
    if (index) {
      json["recorded_steps_that_are_the_same"] = *index;
      json["one"] = StepJson(a, *index);
      json["other"] = StepJson(b, *index);
    }
    fmt::print("{}\n", json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
  } else {
    fmt::print("{}", DescribeDifference(a, b, options.before));
  }
  return same ? kExitOk : static_cast<int>(Verdict::kDivergence);
}

}  // namespace reprise
