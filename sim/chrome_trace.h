// A recorded run in Chrome's trace-event format, for Perfetto or chrome://tracing: a track for each client, one for the
// server, one for the network and one for the world, on virtual time, with arrows from sends to reads.
#ifndef REPRISE_SIM_CHROME_TRACE_H_
#define REPRISE_SIM_CHROME_TRACE_H_

#include <string>

#include "sim/step_text.h"

namespace reprise {

std::string ChromeTrace(const Recording& run);

}  // namespace reprise

#endif  // REPRISE_SIM_CHROME_TRACE_H_
