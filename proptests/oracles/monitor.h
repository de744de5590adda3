// The oracle of MONITOR: who monitors is shown every request that is executed, once, in the order of each connection,
// with the moment, the database, where it came from, and its words; and nothing else.
#ifndef REPRISE_PROPTESTS_ORACLES_MONITOR_H_
#define REPRISE_PROPTESTS_ORACLES_MONITOR_H_

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "proptests/oracles/finding.h"
#include "proptests/simulation/moments.h"
#include "proptests/workload/history.h"

namespace reprise {

// What somebody who monitors was told. What was sent from `on_ns` on and answered until `until_ns` has to be shown; all
// of it if the view is whole, else up to where the lines end.
struct MonitorView {
  int64_t on_ns = std::numeric_limits<int64_t>::max();  // it has heard that it monitors
  int64_t until_ns = -1;                                // it has asked for the last line; -1: not yet
  bool whole = false;                                   // and got there
  std::vector<std::string> lines;                       // each without its '+' and its line end
  std::string problem;                                  // what came that is no line
};

// One line, taken apart.
struct MonitorLineParts {
  int64_t wall_ms = 0;
  int64_t db = 0;
  std::string address;
  std::vector<std::string> words;

  // Answers what is wrong with the line's form, which is that of redis-server; empty: nothing.
  std::string Parse(std::string_view line);
};

// REQUIRES: the server did not die before the view was over, and the histories have all that anybody asked for.
Finding CheckMonitor(const MonitorView& view, std::span<const ClientHistory* const> histories, const Moments& moments);

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_ORACLES_MONITOR_H_
