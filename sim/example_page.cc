// Prints a recorded run of the echo scenario, for the browser's test and for the docs: sim_example_page SEED page|trace
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "sim/chrome_trace.h"
#include "sim/echo_scenario.h"
#include "sim/html_trace.h"
#include "sim/seeded_source.h"

int main(int argc, char** argv) {
  const std::string_view what = argc == 3 ? argv[2] : "";
  if (what != "page" && what != "trace") {
    std::fprintf(stderr, "usage: %s SEED page|trace\n", argv[0]);
    return 2;
  }
  const uint64_t seed = std::strtoull(argv[1], nullptr, 10);
  reprise::SeededSource source(seed);
  reprise::SimOptions options;
  options.keep = reprise::Trace::Keep::kSteps;
  const reprise::SwarmProfile profile = reprise::SwarmProfile::FromSeed(seed);
  reprise::SimWorld world(source, profile, options);
  (void)reprise::RunEcho(world, seed);
  const reprise::Recording run{world.trace(), world.actors()};
  const std::string title = "Echo scenario, seed " + std::to_string(seed);
  const std::string text = what == "page"
                               ? reprise::HtmlTrace(run, {.title = title, .verdict = "", .summary = profile.ToString()})
                               : reprise::ChromeTrace(run);
  return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() ? 0 : 1;
}
