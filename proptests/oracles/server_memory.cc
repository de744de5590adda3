#include "proptests/oracles/server_memory.h"

#include <fmt/format.h>

#include <algorithm>

#include "proptests/oracles/kept_memory.h"

namespace reprise {
namespace {

// Of the arguments of the latest requests: views of words of a byte each with a blank between, and copies.
constexpr uint64_t kArgumentBytesPerReadByte = 10;

}  // namespace

ServerMemory MemoryOf(Server& server) {
  ServerMemory memory;
  for (size_t i = 0; i < server.database_count(); ++i) {
    Database& database = server.database(i);
    memory.keys += database.size();
    memory.database_bytes += database.bytes_used();
    memory.databases += database.bytes_used() > 0 ? 1U : 0U;
    database.ForEach([&memory](const Ref& ref) { memory.entry_bytes += ref.bytes_used(); });
  }
  memory.pending_bytes = server.reclaimer().bytes_pending();
  memory.pending = !server.reclaimer().empty();
  server.sessions().ForEach([&memory](const Session& session) {
    ++memory.clients;
    memory.client_bytes += session.memory_bytes();
    const uint64_t waiting = session.query_bytes() + session.connection().unsent_bytes();
    memory.waiting_bytes += 2 * waiting + session.name().size() + (waiting > 0 ? kBusyClientBytesMax : 0);
  });
  memory.shared_bytes = server.batch().arguments().memory_bytes();
  memory.read_bytes = server.connections().limits().read_bytes;
  return memory;
}

std::string DescribeUnexplained(const ServerMemory& memory) {
  const uint64_t tables = memory.database_bytes - std::min(memory.database_bytes, memory.entry_bytes);
  const uint64_t tables_max = memory.keys * kTableBytesPerKeyMax + memory.databases * kEmptyTableBytesMax;
  const uint64_t clients_max = memory.clients * kIdleSessionBytesMax + memory.waiting_bytes;
  const uint64_t shared_max = kSharedOutputBytesMax + memory.read_bytes * (1 + kArgumentBytesPerReadByte);
  if (memory.database_bytes < memory.entry_bytes || tables > tables_max) {
    return fmt::format("{} keys take {} bytes, and the databases count {}", memory.keys, memory.entry_bytes,
                       memory.database_bytes);
  }
  if (memory.client_bytes > clients_max) {
    return fmt::format("{} clients hold {} bytes, and {} is explained", memory.clients, memory.client_bytes,
                       clients_max);
  }
  if (memory.shared_bytes > shared_max) {
    return fmt::format("{} bytes are held for all clients together, and {} may be", memory.shared_bytes, shared_max);
  }
  return memory.pending || memory.pending_bytes == 0
             ? std::string()
             : fmt::format("{} bytes are counted as waiting to be freed, and nothing waits", memory.pending_bytes);
}

std::string DescribeHeldForNothing(const ServerMemory& memory) {
  if (memory.database_bytes + memory.client_bytes + memory.pending_bytes > 0) {
    return fmt::format("nobody and nothing is left, and {} bytes are held for keys, {} for clients, {} to be freed",
                       memory.database_bytes, memory.client_bytes, memory.pending_bytes);
  }
  return DescribeUnexplained(memory);
}

}  // namespace reprise
