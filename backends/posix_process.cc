#include "backends/posix_process.h"

#include <fcntl.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <limits>
#include <thread>
#include <utility>

#include "backends/errno_mapping.h"
#include "backends/system_facts.h"
#include "backends/unique_fd.h"

namespace reprise {
namespace {

std::string SystemName() {
  utsname name{};
  if (::uname(&name) != 0) return {};
  return std::string(name.sysname) + " " + name.release + " " + name.machine;
}

std::string CompilerName() {
#if defined(__clang__)
  return "clang " + std::to_string(__clang_major__) + "." + std::to_string(__clang_minor__) + "." +
         std::to_string(__clang_patchlevel__);
#else
  return "gcc " + std::to_string(__GNUC__) + "." + std::to_string(__GNUC_MINOR__) + "." +
         std::to_string(__GNUC_PATCHLEVEL__);
#endif
}

int64_t Micros(const timeval& time) { return int64_t{time.tv_sec} * 1'000'000 + time.tv_usec; }

char SignOf(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return '.';
    case LogLevel::kVerbose:
      return '-';
    case LogLevel::kNotice:
      return '*';
    case LogLevel::kWarning:
      return '#';
  }
  return '?';
}

// "No limit" becomes the largest number, and nothing wraps.
int64_t ToCount(rlim_t limit) {
  constexpr auto kMax = static_cast<rlim_t>(std::numeric_limits<int64_t>::max());
  return static_cast<int64_t>(std::min(limit, kMax));
}

}  // namespace

// Keeps the logging library out of the header. The logger is ours alone: it is not in the library's global registry.
class PosixProcess::LogWriter {
 public:
  explicit LogWriter(spdlog::sink_ptr sink) : logger_("reprise", std::move(sink)) {
    logger_.set_level(spdlog::level::trace);
    logger_.flush_on(spdlog::level::trace);
    logger_.set_pattern("%P:M %d %b %Y %H:%M:%S.%e %v");
  }

  void Write(LogLevel level, std::string_view line) { logger_.info("{} {}", SignOf(level), line); }

 private:
  spdlog::logger logger_;
};

Result<std::unique_ptr<PosixProcess>> PosixProcess::Create(const std::string& log_path, std::string multiplexer) {
  spdlog::sink_ptr sink;
  if (log_path.empty()) {
    sink = std::make_shared<spdlog::sinks::stdout_sink_mt>();
  } else {
    // Tried first by hand, because the library creates missing folders and throws a text instead of an error.
    const UniqueFd probe(::open(log_path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
    if (!probe.valid()) return StatusFromErrno(CodeFromErrno(errno), errno, log_path);
    try {
      sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(log_path);
    } catch (const spdlog::spdlog_ex& error) {
      return Status(ErrorCode::kUnknown, error.what());
    }
  }
  BuildFacts facts{.os = SystemName(),
                   .compiler = CompilerName(),
                   .multiplexer = std::move(multiplexer),
                   .executable = CurrentExecutablePath(),
                   .pointer_bits = static_cast<int>(sizeof(void*) * 8),
                   .allocator = CurrentAllocatorName()};
  return std::unique_ptr<PosixProcess>(
      new PosixProcess(std::make_unique<LogWriter>(std::move(sink)), std::move(facts)));
}

PosixProcess::PosixProcess(std::unique_ptr<LogWriter> log, BuildFacts facts)
    : log_(std::move(log)), facts_(std::move(facts)) {}

PosixProcess::~PosixProcess() = default;

uint64_t PosixProcess::ResidentBytes() { return CurrentResidentBytes(); }

void PosixProcess::ReturnFreeMemory() { HaveAllocatorReturnMemory(); }

CpuTime PosixProcess::CpuUsed() {
  rusage usage{};
  CHECK(::getrusage(RUSAGE_SELF, &usage) == 0);
  return {.user_us = Micros(usage.ru_utime), .system_us = Micros(usage.ru_stime)};
}

int64_t PosixProcess::Id() { return ::getpid(); }

const BuildFacts& PosixProcess::Facts() { return facts_; }

int64_t PosixProcess::HandleLimit() {
  rlimit limit{};
  CHECK(::getrlimit(RLIMIT_NOFILE, &limit) == 0);
  return ToCount(limit.rlim_cur);
}

int64_t PosixProcess::RaiseHandleLimit(int64_t wanted) {
  rlimit limit{};
  CHECK(::getrlimit(RLIMIT_NOFILE, &limit) == 0);
  if (ToCount(limit.rlim_cur) >= wanted) return ToCount(limit.rlim_cur);
  const auto asked = static_cast<rlim_t>(wanted);
  // Only a privileged process may raise the upper limit; everybody may go up to it.
  const rlimit above{.rlim_cur = asked, .rlim_max = std::max(asked, limit.rlim_max)};
  if (::setrlimit(RLIMIT_NOFILE, &above) != 0) {
    const rlimit up_to{.rlim_cur = std::min(asked, limit.rlim_max), .rlim_max = limit.rlim_max};
    (void)::setrlimit(RLIMIT_NOFILE, &up_to);  // what it led to is what we return
  }
  return HandleLimit();
}

void PosixProcess::Sleep(int64_t duration_ns) { std::this_thread::sleep_for(std::chrono::nanoseconds(duration_ns)); }

void PosixProcess::Log(LogLevel level, std::string_view line) { log_->Write(level, line); }

}  // namespace reprise
