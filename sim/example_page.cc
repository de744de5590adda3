// Writes a recorded run of the echo scenario as a page and as a Chrome trace, for the browser's test and for the docs:
// sim_example_page SEED PAGE.html TRACE.json
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "sim/chrome_trace.h"
#include "sim/echo_scenario.h"
#include "sim/html_trace.h"
#include "sim/seeded_source.h"

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fprintf(stderr, "usage: %s SEED PAGE.html TRACE.json\n", argv[0]);
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
  std::ofstream(argv[2]) << reprise::HtmlTrace(run, {.title = title, .summary = profile.ToString()});
  std::ofstream(argv[3]) << reprise::ChromeTrace(run);
  return 0;
}
