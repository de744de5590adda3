// PosixProcess: the process that we are, and its log.
//
// A line of the log has redis-server's form, so that what reads one reads the other:
//   "1234:M 23 Nov 2026 12:00:00.123 * message", with . for kDebug, - for kVerbose, * for kNotice, # for kWarning.
// Which levels are worth a line is for the caller to decide. Each line is in the file before Log returns.
#ifndef REPRISE_BACKENDS_POSIX_PROCESS_H_
#define REPRISE_BACKENDS_POSIX_PROCESS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "loop/process.h"
#include "loop/status.h"

namespace reprise {

class PosixProcess : public Process {
 public:
  // Logs to the file at `log_path`, which is created or appended to; empty: to stdout. `multiplexer` becomes
  // BuildFacts::multiplexer. Errors: kPermissionDenied, kNotFound and others as the file system gives them.
  static Result<std::unique_ptr<PosixProcess>> Create(const std::string& log_path, std::string multiplexer);
  ~PosixProcess() override;

  uint64_t ResidentBytes() override;
  void ReturnFreeMemory() override;
  CpuTime CpuUsed() override;
  int64_t Id() override;
  const BuildFacts& Facts() override;
  int64_t HandleLimit() override;
  int64_t RaiseHandleLimit(int64_t wanted) override;
  void Sleep(int64_t duration_ns) override;
  void Log(LogLevel level, std::string_view line) override;

 private:
  class LogWriter;

  PosixProcess(std::unique_ptr<LogWriter> log, BuildFacts facts);

  std::unique_ptr<LogWriter> log_;
  BuildFacts facts_;
};

}  // namespace reprise

#endif  // REPRISE_BACKENDS_POSIX_PROCESS_H_
