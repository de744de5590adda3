#include "server/memory_use.h"

#include <algorithm>

#include "server/server.h"
#include "server/session.h"

namespace reprise {

uint64_t DataBytes(Server& server) {
  uint64_t bytes = server.reclaimer().bytes_pending();
  for (size_t i = 0; i < server.database_count(); ++i) {
    bytes += server.database(i).bytes_used();
  }
  return bytes;
}

uint64_t ClientBytes(Server& server) {
  uint64_t bytes = 0;
  server.sessions().ForEach([&](Session& session) { bytes += session.memory_bytes(); });
  return bytes;
}

bool IdleMemory::IsWorthReturning(uint64_t resident_bytes, uint64_t used_bytes, int64_t now_ns) {
  const bool worth = resident_bytes >= kWorthBytes && resident_bytes / 2 > used_bytes;
  if (!worth) {
    delay_ns_ = kCheckEveryNs;
  }
  next_ns_ = now_ns + delay_ns_;
  if (worth) {
    delay_ns_ = std::min(delay_ns_ * 2, kCheckEveryMaxNs);
  }
  return worth;
}

void ReturnIdleMemory(Server& server, IdleMemory& idle) {
  const int64_t now_ns = server.loop().now_ns();
  if (!idle.IsDue(now_ns)) {
    return;
  }
  Process& process = server.world().process;
  const uint64_t resident = process.ResidentBytes();
  // Clients are counted only if it depends on them: there may be many.
  const uint64_t data = resident < IdleMemory::kWorthBytes ? 0 : DataBytes(server);
  const bool enough = resident < IdleMemory::kWorthBytes || resident / 2 <= data;
  if (idle.IsWorthReturning(resident, enough ? resident : data + ClientBytes(server), now_ns)) {
    process.ReturnFreeMemory();
  }
}

}  // namespace reprise
