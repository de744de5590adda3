// What the server uses of memory, and when to give back what it doesn't use any more.
//
// An allocator keeps much of what was freed for the next request, for ever if none comes: after a peak of unsent
// replies that is gigabytes. To give it back takes about a tenth of a millisecond a megabyte, in one go, so it is done
// only where more is lying idle than is in use, and much.
#ifndef REPRISE_SERVER_MEMORY_USE_H_
#define REPRISE_SERVER_MEMORY_USE_H_

#include <cstdint>

#include "loop/event_loop.h"
#include "loop/process.h"

namespace reprise {

class Server;

// Bytes asked for on behalf of keys, with what waits to be freed; and on behalf of clients, who are all looked at.
uint64_t DataBytes(Server& server);
uint64_t ClientBytes(Server& server);

class IdleMemory {
 public:
  // Less than this is kept for the next request.
  static constexpr uint64_t kWorthBytes = uint64_t{256} << 20;
  static constexpr int64_t kCheckEveryNs = kNanosPerSecond;
  static constexpr int64_t kCheckEveryMaxNs = 32 * kNanosPerSecond;

  // Whether it is time for IsWorthReturning again.
  bool IsDue(int64_t now_ns) const { return now_ns >= next_ns_; }
  // Whether to give back what is free, when `resident_bytes` are held and `used_bytes` of them are needed. As long as
  // that is so and doesn't change, the answer comes in twice the time each, up to kCheckEveryMaxNs: what is resident
  // may be out of the allocator's reach.
  bool IsWorthReturning(uint64_t resident_bytes, uint64_t used_bytes, int64_t now_ns);

 private:
  int64_t next_ns_ = 0;
  int64_t delay_ns_ = kCheckEveryNs;
};

// Gives free memory back if that is due and worth it.
void ReturnIdleMemory(Server& server, IdleMemory& idle);

}  // namespace reprise

#endif  // REPRISE_SERVER_MEMORY_USE_H_
