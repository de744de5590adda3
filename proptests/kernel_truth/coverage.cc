#include "proptests/kernel_truth/coverage.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace reprise::kernel_truth {

std::string OutcomeClass(const Step& step) {
  const Outcome& outcome = step.outcome;
  switch (step.operation.act) {
    case Act::kAwaitRead:
    case Act::kAwaitWrite:
      return outcome.ready ? "ready" : "not ready";
    case Act::kWrite:
    case Act::kGather:
      if (outcome.code == ErrorCode::kOk && outcome.bytes < step.operation.amount) return "ok, in part";
      break;
    case Act::kRead:
      if (outcome.code == ErrorCode::kOk && !outcome.whole) return "ok, more is there or under way";
      break;
    case Act::kDrain:
      if (outcome.code != ErrorCode::kOk && !outcome.whole) {
        return std::string(ErrorCodeName(outcome.code)) + ", not all was there";
      }
      break;
    default:
      break;
  }
  return std::string(ErrorCodeName(outcome.code));
}

void Coverage::Add(const History& history) {
  ++histories_;
  steps_ += history.size();
  for (const Step& step : history) {
    const std::string act(ActName(step.operation.act));
    if (step.operation.act != Act::kLook) {
      ++counts_[{act, OutcomeClass(step)}];
      continue;
    }
    for (const Report& report : step.outcome.reports) {
      const std::string who = report.party.kind == Party::Kind::kListener ? "listener" : "end";
      const std::string what =
          report.readable ? (report.writable ? "both" : "readable") : (report.writable ? "writable" : "neither");
      ++counts_[{act, who + " " + what}];
    }
  }
}

void Coverage::Add(const History& history, const Explanation& explanation) {
  Add(history);
  runs_ += explanation.runs;
  runs_most_ = std::max(runs_most_, explanation.runs);
  if (explanation.choices.empty()) ++without_choices_;
  held_back_ += explanation.held_back > 0 ? 1 : 0;
  std::set<std::string> sites;
  for (const ChoiceMade& made : explanation.choices) sites.insert(std::string(SiteName(made.name.site)));
  for (const std::string& site : sites) ++needed_[site];
}

bool Coverage::Needed(Site site) const {
  // The room that the kernel leaves is told by these two (sim_stage.h).
  const bool about_room = site == Site::kWriteWouldBlock || site == Site::kWriteShort;
  return (about_room && held_back_ > 0) || needed_.contains(std::string(SiteName(site)));
}

std::string Coverage::ToString() const {
  std::string text = fmt::format("{} histories, {} steps\n", histories_, steps_);
  for (const auto& [key, count] : counts_) text += fmt::format("  {:<15} {:<40} {:>9}\n", key.first, key.second, count);
  text += fmt::format("played {} times in simulated worlds, at most {} times for one history\n", runs_, runs_most_);
  text += fmt::format("explained with all choices 0: {}\n", without_choices_);
  text += fmt::format("  needed {:<25} {:>9}\n", "write.would_block", held_back_);
  for (const auto& [site, count] : needed_) text += fmt::format("  needed {:<25} {:>9}\n", site, count);
  return text;
}

}  // namespace reprise::kernel_truth
