#include "proptests/reprise_sim/target.h"

#include <fmt/format.h>

#include <charconv>
#include <fstream>
#include <iterator>
#include <utility>

#include "sim/tape_source.h"

namespace reprise {

std::string Target::ReplayCommand() const {
  if (tape) {
    return fmt::format("reprise-sim replay {}", name);
  }
  return fmt::format("reprise-sim replay {}{}", plan.seed,
                     plan.profile == "mixed" ? "" : fmt::format(" --profile {}", plan.profile));
}

Result<Target> SeedTarget(uint64_t seed, const std::string& profile, const CommandTable& commands) {
  Result<Plan> plan = MakePlan(seed, profile, commands);
  if (!plan.ok()) {
    return plan.status();
  }
  return Target{std::to_string(seed), std::move(plan).value(), std::nullopt};
}

Result<Target> OpenTarget(const std::string& text, const std::string& profile, const CommandTable& commands) {
  uint64_t seed = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seed);
  if (error == std::errc() && end == text.data() + text.size()) {
    return SeedTarget(seed, profile, commands);
  }
  std::ifstream file(text, std::ios::binary);
  if (!file.is_open()) {
    return Status(ErrorCode::kNotFound, fmt::format("'{}' is neither a seed nor a file that can be read", text));
  }
  const std::string content{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  Result<Tape> tape = Tape::FromText(content);
  if (!tape.ok()) {
    return Status(ErrorCode::kInvalidArgument, fmt::format("{}: {}", text, tape.status().detail()));
  }
  Result<Plan> plan = PlanOf(tape.value(), commands);
  if (!plan.ok()) {
    return Status(ErrorCode::kInvalidArgument, fmt::format("{}: {}", text, plan.status().detail()));
  }
  return Target{text, std::move(plan).value(), std::move(tape).value()};
}

RunReport PlayTarget(const Target& target, const RunOptions& options, uint32_t* unmatched_per_mille) {
  if (!target.tape) {
    return PlaySeed(target.plan, options);
  }
  TapeSource source(*target.tape);
  RunReport report = PlayPlan(target.plan, source, options);
  if (unmatched_per_mille != nullptr) {
    *unmatched_per_mille = 1000 - source.MatchedPerMille();
  }
  return report;
}

}  // namespace reprise
