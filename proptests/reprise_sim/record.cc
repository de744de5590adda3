#include "proptests/reprise_sim/record.h"

#include <fmt/format.h>

#include <cstring>
#include <type_traits>
#include <utility>

#include "proptests/simulation/profile.h"

namespace reprise {
namespace {

// All of a report but its text.
struct Numbers {
  uint64_t verdict = 0;
  uint64_t oracle = 0;
  uint64_t hash = 0;
  uint64_t steps = 0;
  int64_t elapsed_ns = 0;
  int64_t healed_ns = 0;
  uint64_t requests = 0;
  uint64_t answered = 0;
  uint64_t socket_operations = 0;
  uint64_t unsent_peak_bytes = 0;
  uint64_t model_checked = 0;
  uint64_t model_definite = 0;
  uint64_t linear_checked = 0;
  uint64_t linear_definite = 0;
  uint64_t cut_checked = 0;
  uint64_t cut_definite = 0;
  std::array<SiteCount, kSiteCount> sites{};
  LoopCounters loop;
};
static_assert(std::is_trivially_copyable_v<Numbers>);

constexpr uint64_t kDefinitePercentMin = 80;

}  // namespace

std::string PackReport(const RunReport& report) {
  Numbers numbers;
  numbers.verdict = static_cast<uint64_t>(report.verdict);
  numbers.oracle = static_cast<uint64_t>(report.oracle);
  numbers.hash = report.hash;
  numbers.steps = report.steps;
  numbers.elapsed_ns = report.elapsed_ns;
  numbers.healed_ns = report.healed_ns;
  numbers.requests = report.requests;
  numbers.answered = report.answered;
  numbers.socket_operations = report.socket_operations;
  numbers.unsent_peak_bytes = report.unsent_peak_bytes;
  numbers.model_checked = report.model.checked;
  numbers.model_definite = report.model.definite;
  numbers.linear_checked = report.linear.checked;
  numbers.linear_definite = report.linear.definite;
  numbers.cut_checked = report.cut.checked;
  numbers.cut_definite = report.cut.definite;
  numbers.sites = report.sites;
  numbers.loop = report.loop;
  std::string bytes(sizeof numbers, '\0');
  std::memcpy(bytes.data(), &numbers, sizeof numbers);
  return bytes + report.problem;
}

Result<RunReport> UnpackReport(std::string_view bytes) {
  Numbers numbers;
  if (bytes.size() < sizeof numbers) {
    return Status(ErrorCode::kInvalidArgument, "not a report");
  }
  std::memcpy(&numbers, bytes.data(), sizeof numbers);
  RunReport report;
  report.verdict = static_cast<Verdict>(numbers.verdict);
  report.oracle = static_cast<Oracle>(numbers.oracle);
  report.problem = bytes.substr(sizeof numbers);
  report.hash = numbers.hash;
  report.steps = numbers.steps;
  report.elapsed_ns = numbers.elapsed_ns;
  report.healed_ns = numbers.healed_ns;
  report.requests = numbers.requests;
  report.answered = numbers.answered;
  report.socket_operations = numbers.socket_operations;
  report.unsent_peak_bytes = numbers.unsent_peak_bytes;
  report.model.checked = numbers.model_checked;
  report.model.definite = numbers.model_definite;
  report.linear.checked = numbers.linear_checked;
  report.linear.definite = numbers.linear_definite;
  report.cut.checked = numbers.cut_checked;
  report.cut.definite = numbers.cut_definite;
  report.sites = numbers.sites;
  report.loop = numbers.loop;
  return report;
}

RunReport BadEnd(bool timed_out, std::string details) {
  RunReport report;
  report.Fail(timed_out ? Verdict::kNoProgress : Verdict::kCrash, timed_out ? Oracle::kTime : Oracle::kCrash,
              std::move(details));
  return report;
}

void Sweep::Add(const RunReport& report) {
  ++runs_;
  elapsed_ns_ += report.elapsed_ns;
  steps_ += report.steps;
  requests_ += report.requests;
  socket_operations_ += report.socket_operations;
  model_.checked += report.model.checked;
  model_.definite += report.model.definite;
  linear_.checked += report.linear.checked;
  linear_.definite += report.linear.definite;
  cut_.checked += report.cut.checked;
  cut_.definite += report.cut.definite;
  ledger_.AddRun(report.sites, report.loop);
}

std::vector<std::string> Sweep::LedgerProblems(std::string_view profile) const {
  std::vector<std::string> problems = ledger_.Problems(FaultsThatNeverStrike(profile));
  for (const auto& [name, finding] : {std::pair("the model", model_), std::pair("linearizability", linear_)}) {
    if (finding.definite * 100 < finding.checked * kDefinitePercentMin) {
      problems.push_back(fmt::format("{}: only {} of {} are definite", name, finding.definite, finding.checked));
    }
  }
  return problems;
}

}  // namespace reprise
