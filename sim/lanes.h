// Lanes: a recorded run sorted for timelines: one lane for each client, one for the server, one for the network, one
// for the world's clocks; and arrows from what was sent to where it was read. Both timelines (chrome_trace.h,
// html_trace.h) are drawn from this.
#ifndef REPRISE_SIM_LANES_H_
#define REPRISE_SIM_LANES_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/step_text.h"

namespace reprise {

struct Lanes {
  // What an item looks like. The order is that of the pages' legends.
  enum class Look : uint8_t { kSend, kReceive, kFault, kEnd, kBegin, kOther };

  struct Item {
    size_t step = 0;  // index into the trace's steps
    size_t lane = 0;
    Look look = Look::kOther;
  };
  // From an item that sent bytes to the first that received some of them.
  struct Arrow {
    size_t from = 0;  // indices into items
    size_t to = 0;
  };

  std::vector<std::string> names;  // by lane: "client 0", ..., "server", "network", "world"
  std::vector<Item> items;         // in the order of the steps
  std::vector<Arrow> arrows;
};

std::string_view LookName(Lanes::Look look);

// Waits, wakes without an event and choices answered 0 are left out.
Lanes MakeLanes(const Recording& run);

// Appends `text` to `json` as a string in quotes. Bytes beyond ASCII are written as the code points of the same number.
void AppendJsonString(std::string& json, std::string_view text);

}  // namespace reprise

#endif  // REPRISE_SIM_LANES_H_
