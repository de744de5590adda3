// MemoryFacts: what the server's memory goes into, for INFO and MEMORY.
//
// The bytes are those that were asked for on behalf of keys and clients, not what malloc made of them: the same
// operations show the same numbers on every machine. What the process really occupies is `resident`.
#ifndef REPRISE_SERVER_MEMORY_FACTS_H_
#define REPRISE_SERVER_MEMORY_FACTS_H_

#include <cstdint>

namespace reprise {

class Server;

struct MemoryFacts {
  uint64_t data = 0;     // keys, values and tables, and what waits to be freed
  uint64_t pending = 0;  // of these, what waits to be freed
  uint64_t clients = 0;  // sessions with their buffers
  uint64_t peak = 0;     // the most that `used` was seen to be, once a second and now
  uint64_t keys = 0;
  uint64_t resident = 0;

  uint64_t used() const { return data + clients; }
  // Hundredths of `part` in `whole`, rounded down; 0 in nothing.
  static uint64_t Hundredths(uint64_t part, uint64_t whole);
};

// Takes time in proportion to the number of clients. Notes the peak.
MemoryFacts MeasureMemory(Server& server);

}  // namespace reprise

#endif  // REPRISE_SERVER_MEMORY_FACTS_H_
