// Process: what a program knows of itself, and where its log goes.
#ifndef REPRISE_LOOP_PROCESS_H_
#define REPRISE_LOOP_PROCESS_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace reprise {

struct CpuTime {
  int64_t user_us = 0;
  int64_t system_us = 0;
};

// Facts about the machine and the build, for people and for INFO.
struct BuildFacts {
  std::string os;           // "Linux 6.1.0 x86_64"
  std::string compiler;     // "gcc 12.2.0"
  std::string multiplexer;  // "epoll"
  std::string executable;   // the program's path, empty when there is none
  int pointer_bits = 64;
  std::string allocator = "libc";  // "mimalloc-2.0.9"
};

enum class LogLevel : uint8_t { kDebug, kVerbose, kNotice, kWarning };

class Process {
 public:
  virtual ~Process() = default;

  // Bytes of memory that the process really occupies (its resident set).
  virtual uint64_t ResidentBytes() = 0;
  // Has the allocator give back to the operating system what it keeps for later, as far as it can. Takes about a tenth
  // of a millisecond for each megabyte that is given back.
  virtual void ReturnFreeMemory() = 0;
  virtual CpuTime CpuUsed() = 0;
  virtual int64_t Id() = 0;
  virtual const BuildFacts& Facts() = 0;

  // Open handles that the process may have at once. RaiseHandleLimit asks for `wanted` and returns what it got,
  // which is never less than before.
  virtual int64_t HandleLimit() = 0;
  virtual int64_t RaiseHandleLimit(int64_t wanted) = 0;

  // Keeps the process from doing anything at all for so long, which nobody should want but a test of what happens then.
  // In a simulated world it takes no time.
  virtual void Sleep(int64_t duration_ns) = 0;

  // Writes one line to the log; the implementation adds time and process id. `line` has no line break.
  virtual void Log(LogLevel level, std::string_view line) = 0;
};

}  // namespace reprise

#endif  // REPRISE_LOOP_PROCESS_H_
