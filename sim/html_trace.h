// A recorded run as one HTML page that needs nothing else, not even a network: lanes on virtual time, faults marked,
// arrows from sends to reads, and the bytes and choices of a step on a click.
#ifndef REPRISE_SIM_HTML_TRACE_H_
#define REPRISE_SIM_HTML_TRACE_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "sim/step_text.h"

namespace reprise {

struct HtmlOptions {
  std::string title = "A simulated run";
  std::string verdict;          // what went wrong, for all to see; empty: nothing did
  std::string summary;          // some lines under the title: the seed, its options, what went wrong
  size_t steps_most = 200'000;  // the last ones are shown, when there are more
};

std::string HtmlTrace(const Recording& run, const HtmlOptions& options);

// The page's frame, with placeholders for what a run fills in (trace_page.html).
std::string_view TracePage();

}  // namespace reprise

#endif  // REPRISE_SIM_HTML_TRACE_H_
