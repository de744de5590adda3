// The oracle of the log: a warning has a cause in what happened, and what is to be warned of has its line.
//
// It knows each line that a server in a run may write. One that it does not know is wrong, so a new line has to be
// entered here, with what it comes from.
#ifndef REPRISE_PROPTESTS_ORACLES_LOG_LINES_H_
#define REPRISE_PROPTESTS_ORACLES_LOG_LINES_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "loop/counters.h"
#include "loop/process.h"
#include "server/config_values.h"

namespace reprise {

class LogWatch {
 public:
  // A line was written.
  void Note(LogLevel level, std::string_view line);

  // What was there for a server to write of.
  struct Causes {
    LoopCounters loop = {};
    uint64_t output_limit_disconnections = 0;
    OutputLimit limit = {};
    int64_t timeout_s = 0;
    uint64_t watches_refused = 0;        // of connections: those of listeners are told to who starts the server
    bool stopped = false;                // it was asked to stop
    LogLevel level = LogLevel::kNotice;  // lines below it are not written
  };
  // What is wrong with all that was written; empty: nothing.
  std::string Problem(const Causes& causes) const;

 private:
  uint64_t Count(size_t kind) const { return counts_[kind]; }

  std::vector<uint64_t> counts_ = std::vector<uint64_t>(kKinds);
  static constexpr size_t kKinds = 6;
  std::string unknown_;                 // the first line that it does not know, or that came at another level
  uint64_t least_unsent_ = UINT64_MAX;  // of those that were ended for it
};

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_ORACLES_LOG_LINES_H_
