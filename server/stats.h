// Stats: what a server counts for INFO. They only grow, until CONFIG RESETSTAT.
#ifndef REPRISE_SERVER_STATS_H_
#define REPRISE_SERVER_STATS_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "loop/counters.h"
#include "server/latency_histogram.h"
#include "server/rate_meter.h"

namespace reprise {

// How long a command's calls take: a sample, since to ask the clock twice costs as much as a short command does.
//
// The first calls are all timed, then every 32nd, as long as they are short; a long one makes the next be timed too.
// Which ones are timed follows from the calls alone, so a replayed run times the same ones.
class CallTimes {
 public:
  // Whether the call that begins need not be timed. One that is all the same, since it may well be long, is not asked
  // for here; then it stands for itself alone.
  bool Skip() {
    if (to_skip_ == 0) [[unlikely]] {
      return false;
    }
    --to_skip_;
    return true;
  }
  // A call that was timed has taken so long.
  void Add(int64_t duration_ns);

  // What all calls are estimated to have taken together: a timed one stands for those before it that were not.
  uint64_t total_ns() const { return total_ns_; }
  // The same by how long they took.
  const LatencyHistogram& histogram() const { return histogram_; }

 private:
  LatencyHistogram histogram_;
  uint64_t total_ns_ = 0;
  uint32_t to_skip_ = 0;     // calls that will not be timed
  uint32_t stands_for_ = 1;  // calls that the next one that is timed in its turn stands for
  uint32_t begun_ = 0;       // the first calls, up to the number that are all timed
};

struct CommandStats {
  uint64_t calls = 0;
  uint64_t rejected_calls = 0;  // refused before execution: arity, authentication
  uint64_t failed_calls = 0;    // answered with an error
  CallTimes times = {};
};

struct Stats {
  uint64_t total_connections_received = 0;
  uint64_t rejected_connections = 0;
  uint64_t total_commands_processed = 0;
  uint64_t keyspace_hits = 0;
  uint64_t keyspace_misses = 0;
  uint64_t expired_keys = 0;
  uint64_t error_replies = 0;
  uint64_t protocol_errors = 0;
  uint64_t output_limit_disconnections = 0;
  uint64_t query_limit_disconnections = 0;
  uint64_t changes = 0;                // keys changed since the start: rdb_changes_since_last_save
  std::vector<CommandStats> commands;  // by CommandEntry::index
  std::map<std::string, uint64_t, std::less<>> error_codes;  // by the first word of the error

  uint64_t memory_peak_bytes = 0;  // see MeasureMemory

  // Requests, bytes read and bytes written.
  RateMeter command_rate;
  RateMeter input_rate;
  RateMeter output_rate;

  // The loop's counts of bytes when these counts began, at the start or at the latest reset.
  uint64_t bytes_read_before = 0;
  uint64_t bytes_written_before = 0;

  // CONFIG RESETSTAT: all counts begin at 0 again, but for `changes`, which counts what is not saved.
  void Reset(const LoopCounters& counters);
  // Takes a sample of the rates. `now_ns`: the loop's moment.
  void SampleRates(int64_t now_ns, const LoopCounters& counters);
  // Counts an error reply, whose `text` begins with its code.
  void CountError(std::string_view text);
};

}  // namespace reprise

#endif  // REPRISE_SERVER_STATS_H_
