// IdleMemory: when to give back to the operating system what the server doesn't use any more.
//
// An allocator keeps much of what was freed for the next request, for ever if none comes: after a peak of unsent
// replies that is gigabytes. To give it back takes about a tenth of a millisecond a megabyte, in one piece, so it is
// done only where much is lying idle, and more than is in use, and only while next to nobody would have to wait for it.
#ifndef REPRISE_SERVER_IDLE_MEMORY_H_
#define REPRISE_SERVER_IDLE_MEMORY_H_

#include <cstdint>

#include "loop/clock.h"

namespace reprise {

class IdleMemory {
 public:
  // Less than this is kept for the next request.
  static constexpr uint64_t kWorthBytes = uint64_t{256} << 20;
  // With more requests between two looks, the server is at work.
  static constexpr uint64_t kQuietRequestsMax = 16;
  static constexpr int64_t kDelayNs = kNanosPerSecond;
  static constexpr int64_t kDelayMaxNs = 32 * kNanosPerSecond;

  // Looks once more: whether to give back what is free now, when `resident_bytes` are held, `used_bytes` of them are
  // needed, and there were `requests` so far (a count that may start again at 0). As long as that brings nothing, the
  // answer comes in twice the time each, up to kDelayMaxNs: what is resident may be out of the allocator's reach.
  [[nodiscard]] bool IsWorthReturning(uint64_t resident_bytes, uint64_t used_bytes, uint64_t requests, int64_t now_ns);

 private:
  uint64_t requests_before_ = 0;
  int64_t next_ns_ = 0;
  int64_t delay_ns_ = kDelayNs;
};

}  // namespace reprise

#endif  // REPRISE_SERVER_IDLE_MEMORY_H_
