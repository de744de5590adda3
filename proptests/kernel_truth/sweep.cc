#include "proptests/kernel_truth/sweep.h"

#include <fmt/format.h>

#include <sstream>

#include "proptests/kernel_truth/compare.h"
#include "proptests/kernel_truth/generator.h"

namespace reprise::kernel_truth {

SweepResult RunSweep(const SweepOptions& options) {
  SweepResult sweep;
  uint64_t number = 0;
  const auto property = [&] {
    const auto intents = *AnyIntents();
    const Comparison comparison = CompareWithKernel(intents, ++number);
    if (!comparison.explanation.found) {
      sweep.difference = comparison.explanation.Describe(comparison.history);
      RC_FAIL(sweep.difference);
    }
    if (!sweep.difference.empty()) return;  // what follows a difference only makes it smaller
    sweep.coverage.Add(comparison.history, comparison.explanation);
    sweep.second_looks += comparison.second_look ? 1 : 0;
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
  return coverage.ToString() + fmt::format("explained only at a second look, with time to wait: {}\n", second_looks);
}

}  // namespace reprise::kernel_truth
