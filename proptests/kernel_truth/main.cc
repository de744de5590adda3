// kernel-truth: compares the simulated network with the kernel's over many random histories.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <exception>

#include "proptests/kernel_truth/sweep.h"

namespace {

int Main(int argc, char** argv) {
  CLI::App app("Plays random histories on the kernel's loopback, and looks for each in what the simulation allows.");
  reprise::kernel_truth::SweepOptions options;
  app.add_option("--sequences", options.sequences, "how many histories")->capture_default_str();
  app.add_option("--seed", options.seed, "which ones")->capture_default_str();
  app.add_flag("!--no-shrink", options.shrink, "show a difference as it was found");
  CLI11_PARSE(app, argc, argv);
  // RapidCheck says with which configuration it runs, and would make up a seed that nothing uses.
  ::setenv("RC_PARAMS", fmt::format("seed={}", options.seed).c_str(), 1);

  fmt::print("kernel-truth --sequences {} --seed {}\n", options.sequences, options.seed);
  const reprise::kernel_truth::SweepResult result = reprise::kernel_truth::RunSweep(options);
  fmt::print("{}", result.ToString());
  fmt::print("{}", result.ToldOnlyBySimulation());
  if (result.passed && result.WithoutSource() > 0) {
    fmt::print("the simulation allows what no source says can happen\n");
    return 1;
  }
  if (result.passed) {
    fmt::print("the simulation allows all that the kernel did\n");
    return 0;
  }
  fmt::print("{}\n", result.difference);
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return Main(argc, argv);
  } catch (const std::exception& error) {
    fmt::print(stderr, "kernel-truth: {}\n", error.what());
    return 2;
  }
}
