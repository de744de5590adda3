#include "proptests/oracles/stale_events.h"

#include <fmt/format.h>

namespace reprise {

std::string DescribeBelievedEvents(uint64_t delivered, const LoopCounters& counters) {
  if (counters.stale_events >= delivered) {
    return {};
  }
  return fmt::format("{} stale events were delivered, and {} recognised: the others were handed to a watcher",
                     delivered, counters.stale_events);
}

}  // namespace reprise
