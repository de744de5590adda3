// SimProcess: what the program is told of itself in a simulated world.
//
// Everything is the same on every machine: memory is what the runner says, CPU time follows virtual time, and log lines
// go to the runner. They don't enter the trace, so that an improved message does not change a seed's hash.
#ifndef REPRISE_SIM_SIM_PROCESS_H_
#define REPRISE_SIM_SIM_PROCESS_H_

#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "loop/process.h"
#include "sim/sim_context.h"
#include "sim/sim_network.h"

namespace reprise {

class SimProcess : public Process {
 public:
  using LogSink = std::function<void(LogLevel, std::string_view)>;

  SimProcess(SimContext& context, SimNetwork& network);

  uint64_t ResidentBytes() override { return resident_bytes_; }
  void ReturnFreeMemory() override {}
  CpuTime CpuUsed() override;
  int64_t Id() override { return 4242 + context_.life.number(); }
  const BuildFacts& Facts() override { return facts_; }
  int64_t HandleLimit() override { return network_.handle_limit(); }
  // The limit can be raised to twice what it was in the options, no further.
  int64_t RaiseHandleLimit(int64_t wanted) override;
  void Sleep(int64_t) override {}
  void Log(LogLevel level, std::string_view line) override;

  void SetResidentBytes(uint64_t bytes) { resident_bytes_ = bytes; }
  // Where log lines go from now on; empty: nowhere.
  void SetLogSink(LogSink sink) { log_sink_ = std::move(sink); }

 private:
  SimContext& context_;
  SimNetwork& network_;
  BuildFacts facts_;
  uint64_t resident_bytes_ = 8 * 1024 * 1024;
  LogSink log_sink_;
};

}  // namespace reprise

#endif  // REPRISE_SIM_SIM_PROCESS_H_
