// kernel-truth: compares the simulated network with the kernel's over many random histories.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <iostream>

#include "proptests/kernel_truth/compare.h"
#include "proptests/kernel_truth/coverage.h"
#include "proptests/kernel_truth/generator.h"

namespace reprise::kernel_truth {
namespace {

struct Sweep {
  uint64_t sequences = 20'000;
  uint64_t seed = 1;
  bool shrink = true;
};

int Run(const Sweep& sweep) {
  fmt::print("kernel-truth --sequences {} --seed {}\n", sweep.sequences, sweep.seed);
  Coverage coverage;
  uint64_t number = 0;
  uint64_t second_looks = 0;
  const auto property = [&] {
    const auto intents = *AnyIntents();
    const Comparison comparison = CompareWithKernel(intents, ++number);
    if (!comparison.explanation.found) RC_FAIL(comparison.explanation.Describe(comparison.history));
    coverage.Add(comparison.history, comparison.explanation);
    second_looks += comparison.second_look ? 1 : 0;
  };
  rc::detail::TestParams params;
  params.seed = sweep.seed;
  params.disableShrinking = !sweep.shrink;
  params.maxSuccess = static_cast<int>(sweep.sequences);
  const rc::detail::TestResult result =
      rc::detail::checkProperty(rc::detail::toProperty(property), rc::detail::TestMetadata{}, params);
  std::cout << coverage.ToString();
  fmt::print("explained only at a second look, with time to wait: {}\n", second_looks);
  if (result.is<rc::detail::SuccessResult>()) {
    fmt::print("the simulation allows all that the kernel did\n");
    return 0;
  }
  rc::detail::printResultMessage(result, std::cout);
  std::cout << std::endl;
  return 1;
}

}  // namespace
}  // namespace reprise::kernel_truth

int main(int argc, char** argv) {
  CLI::App app("Plays random histories on the kernel's loopback, and looks for each in what the simulation allows.");
  reprise::kernel_truth::Sweep sweep;
  app.add_option("--sequences", sweep.sequences, "how many histories")->capture_default_str();
  app.add_option("--seed", sweep.seed, "which ones")->capture_default_str();
  app.add_flag("!--no-shrink", sweep.shrink, "show a difference as it was found");
  CLI11_PARSE(app, argc, argv);
  return reprise::kernel_truth::Run(sweep);
}
