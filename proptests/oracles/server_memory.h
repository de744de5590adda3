// The oracle of the server's memory: what it holds as a whole is explained by keys, by what is unfinished or unsent and
// by the number of its clients; and once these are gone, it is gone as well.
//
// All numbers are bytes that were asked for, as the server counts them for itself, so they are the same on every
// machine. The keys are counted anew by walking through them.
#ifndef REPRISE_PROPTESTS_ORACLES_SERVER_MEMORY_H_
#define REPRISE_PROPTESTS_ORACLES_SERVER_MEMORY_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "server/server.h"

namespace reprise {

struct ServerMemory {
  uint64_t keys = 0;
  uint64_t entry_bytes = 0;     // of the keys with their values, counted one by one
  uint64_t database_bytes = 0;  // of the databases in all, as they count
  uint64_t databases = 0;
  uint64_t pending_bytes = 0;  // waits to be freed
  bool pending = false;        // something waits to be freed
  uint64_t clients = 0;
  uint64_t client_bytes = 0;
  uint64_t waiting_bytes = 0;  // of clients: unfinished, unsent, and names
  uint64_t shared_bytes = 0;   // held for all clients together
  uint64_t read_bytes = 0;     // the most that is read at once
};
ServerMemory MemoryOf(Server& server);

// What may be held beside what it is held for.
inline constexpr uint64_t kTableBytesPerKeyMax = 70;  // of a table that shrinks: 4 buckets for each 5 keys, and nodes
inline constexpr uint64_t kEmptyTableBytesMax = 400;  // of a table with few keys, or none any more
inline constexpr uint64_t kSharedOutputBytesMax = 1 << 20;
inline constexpr uint64_t kBusyClientBytesMax = 4 << 20;  // of a client with something unfinished or unsent

// What is wrong between two turns; empty: nothing.
std::string DescribeUnexplained(const ServerMemory& memory);
// What is wrong when no client and no key is left, by FLUSHALL, and nothing waits to be freed.
std::string DescribeHeldForNothing(const ServerMemory& memory);

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_ORACLES_SERVER_MEMORY_H_
