#include "proptests/oracles/kept_memory.h"

#include <fmt/format.h>

namespace reprise {

SessionMemory MemoryOf(const Session& session) {
  const Connection& connection = session.connection();
  const size_t unfinished = session.query_bytes() - connection.input_bytes();
  return {session.id(), session.query_bytes() + connection.unsent_bytes(),
          connection.input_capacity() + connection.output_capacity() + unfinished,
          session.memory_bytes() - session.name().size()};
}

std::string DescribeKept(const SessionMemory& memory) {
  if (memory.waiting_bytes > 0 || (memory.buffer_bytes == 0 && memory.all_bytes <= kIdleSessionBytesMax)) {
    return {};
  }
  return fmt::format("session {} has nothing unfinished or unsent, and keeps {} bytes, {} of them as buffers",
                     memory.id, memory.all_bytes, memory.buffer_bytes);
}

std::string DescribeKeptMemory(Server& server) {
  std::string problem;
  server.sessions().ForEach([&](const Session& session) {
    if (problem.empty() && !session.ending()) {
      problem = DescribeKept(MemoryOf(session));
    }
  });
  return problem;
}

}  // namespace reprise
