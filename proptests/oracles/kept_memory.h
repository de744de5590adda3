// The oracle of memory kept: a connection owns buffers while it has something unfinished or unsent, and no longer.
#ifndef REPRISE_PROPTESTS_ORACLES_KEPT_MEMORY_H_
#define REPRISE_PROPTESTS_ORACLES_KEPT_MEMORY_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "server/server.h"

namespace reprise {

// What a session holds, and what for.
struct SessionMemory {
  uint64_t id = 0;
  size_t waiting_bytes = 0;  // of a request that is not whole, and of output that is not sent
  size_t buffer_bytes = 0;   // held for those
  size_t all_bytes = 0;      // but for its name
};
SessionMemory MemoryOf(const Session& session);

// The most that a session without anything to wait for may take, in all.
inline constexpr size_t kIdleSessionBytesMax = 512;

// What is wrong with one session; empty: nothing.
std::string DescribeKept(const SessionMemory& memory);
// Of all sessions, between two turns.
std::string DescribeKeptMemory(Server& server);

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_ORACLES_KEPT_MEMORY_H_
