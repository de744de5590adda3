#include "proptests/simulation/failure_tape.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <system_error>

#include "sim/mix.h"

namespace reprise {

std::string KeepTape(const Plan& plan, const std::vector<ChoiceMade>& made) {
  Tape tape = TapeOf(plan, true);
  tape.overrides = Tape::FromChoices(made).overrides;
  const std::string text = tape.ToText();
  std::error_code error;
  const std::filesystem::path path =
      std::filesystem::absolute(fmt::format("failure-{:016x}.tape", HashBytes(text)), error);
  std::ofstream file(path, std::ios::binary);
  file << text;
  return file.flush() ? path.string() : path.string() + " (which could not be written)";
}

std::string PlayAndKeep(const Plan& plan, ChoiceSource& source, RunReport* report, std::vector<ChoiceMade>* choices) {
  std::vector<ChoiceMade> made;
  RunOptions options;
  options.record_choices = true;
  options.inspect = [&](SimWorld& world, const RunReport&) { made = world.choices().made(); };
  RunReport played = PlayPlan(plan, source, options);
  std::string text;
  if (!played.passed()) {
    text = fmt::format("{}\nplay it again: reprise-sim replay {}", DescribeFailure(played), KeepTape(plan, made));
  }
  if (choices != nullptr) {
    *choices = std::move(made);
  }
  if (report != nullptr) {
    *report = std::move(played);
  }
  return text;
}

}  // namespace reprise
