#include "server/memory_facts.h"

#include <algorithm>
#include <cstddef>

#include "server/server.h"

namespace reprise {

uint64_t MemoryFacts::Hundredths(uint64_t part, uint64_t whole) {
  if (whole == 0) {
    return 0;
  }
  constexpr uint64_t kExactMax = UINT64_MAX / 100;
  return part <= kExactMax ? part * 100 / whole : part / std::max<uint64_t>(1, whole / 100);
}

MemoryFacts MeasureMemory(Server& server) {
  MemoryFacts facts;
  facts.pending = server.reclaimer().bytes_pending();
  facts.data = facts.pending;
  for (size_t i = 0; i < server.database_count(); ++i) {
    facts.data += server.database(i).bytes_used();
    facts.keys += server.database(i).size();
  }
  server.sessions().ForEach([&](Session& session) { facts.clients += session.memory_bytes(); });
  uint64_t& peak = server.stats().memory_peak_bytes;
  peak = std::max(peak, facts.used());
  facts.peak = peak;
  facts.resident = server.world().process.ResidentBytes();
  return facts;
}

}  // namespace reprise
