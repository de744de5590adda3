#include "sim/sim_process.h"

#include <algorithm>

namespace reprise {

SimProcess::SimProcess(SimContext& context, SimNetwork& network) : context_(context), network_(network) {
  facts_.os = "Simulation";
  facts_.compiler = "any";  // an INFO must not differ from one compiler to the next
  facts_.multiplexer = "simulated";
  facts_.allocator = "any";
}

CpuTime SimProcess::CpuUsed() {
  const int64_t elapsed_us = (context_.timeline.now_ns() - context_.options.start_monotonic_ns) / 1000;
  return {elapsed_us / 4, elapsed_us / 8};
}

int64_t SimProcess::RaiseHandleLimit(int64_t wanted) {
  const int64_t most = context_.options.handle_limit * 2;
  const int64_t limit = std::max(network_.handle_limit(), std::min(wanted, most));
  network_.SetHandleLimit(limit);
  return limit;
}

void SimProcess::Log(LogLevel level, std::string_view line) {
  if (log_sink_ && context_.life.alive()) log_sink_(level, line);
}

}  // namespace reprise
