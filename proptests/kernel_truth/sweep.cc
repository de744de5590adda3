#include "proptests/kernel_truth/sweep.h"

#include <fmt/format.h>

#include <sstream>

#include "proptests/kernel_truth/allowed.h"
#include "proptests/kernel_truth/compare.h"
#include "proptests/kernel_truth/generator.h"
#include "proptests/kernel_truth/kernel_stage.h"

namespace reprise::kernel_truth {
namespace {

constexpr uint64_t kIpv6Every = 4;

}  // namespace

SweepResult RunSweep(const SweepOptions& options) {
  SweepResult sweep;
  const bool has_ipv6 = HasIpv6Loopback();
  uint64_t number = 0;
  Address::Family family = Address::Family::kIpv4;
  const auto property = [&] {
    const auto intents = *AnyIntents();
    ++number;
    // What makes a difference smaller stays in the family that showed it.
    if (sweep.difference.empty()) {
      family = has_ipv6 && number % kIpv6Every == 0 ? Address::Family::kIpv6 : Address::Family::kIpv4;
    }
    const Comparison comparison = CompareWithKernel(intents, family, number);
    if (!comparison.explanation.found) {
      sweep.difference = comparison.explanation.Describe(comparison.history);
      RC_FAIL(sweep.difference);
    }
    if (!sweep.difference.empty()) return;  // what follows a difference only makes it smaller
    sweep.coverage.Add(comparison.history, comparison.explanation);
    sweep.simulated.Add(PlayUnderFaults(comparison.history, number));
    sweep.second_looks += comparison.second_look ? 1 : 0;
    sweep.over_ipv6 += family == Address::Family::kIpv6 ? 1 : 0;
  };
  rc::detail::TestParams params;
  params.seed = options.seed;
  params.disableShrinking = !options.shrink;
  params.maxSuccess = static_cast<int>(options.sequences);
  const rc::detail::TestResult result =
      rc::detail::checkProperty(rc::detail::toProperty(property), rc::detail::TestMetadata{}, params);
  sweep.passed = result.is<rc::detail::SuccessResult>();
  if (!sweep.passed) {
    std::ostringstream told;
    rc::detail::printResultMessage(result, told);
    sweep.difference = told.str();
  }
  return sweep;
}

std::string SweepResult::ToString() const {
  return coverage.ToString() + fmt::format("explained only at a second look, with time to wait: {}\n", second_looks) +
         (over_ipv6 > 0 ? fmt::format("over IPv6: {}, the others over IPv4\n", over_ipv6)
                        : std::string("over IPv6: none, for there is no [::1] here\n"));
}

std::string SweepResult::ToldOnlyBySimulation() const {
  std::string text = "allowed by the simulation, not seen of the kernel:\n";
  for (const OnlySimulated& only : OnlyIn(simulated, coverage)) {
    const std::optional<Site> fault = FaultBehind(only.act, only.outcome);
    const std::string why = fault ? fmt::format("{}: {}", SiteName(*fault), SourceOf(*fault)) : "NO SOURCE";
    text += fmt::format("  {:<12} {:<36} {}\n", only.act, only.outcome, why);
  }
  text += "faults that no history of the kernel needed:\n";
  for (size_t i = 0; i < kSiteCount; ++i) {
    const Site site = SiteAt(i);
    if (!IsFault(site) || coverage.Needed(site)) continue;
    text += fmt::format("  {:<22} {}\n", SiteName(site), SourceOf(site));
  }
  return text;
}

uint64_t SweepResult::WithoutSource() const {
  uint64_t without = 0;
  for (const OnlySimulated& only : OnlyIn(simulated, coverage))
    without += FaultBehind(only.act, only.outcome) ? 0U : 1U;
  return without;
}

}  // namespace reprise::kernel_truth
