#include "proptests/oracles/unsent.h"

#include <fmt/format.h>

#include <algorithm>

namespace reprise {

bool UnsentWatch::Look() {
  const OutputLimit& limit = server_.values().output_limits[static_cast<size_t>(ClientClass::kNormal)];
  server_.sessions().ForEach([&](const Session& session) {
    if (session.ending()) {
      return;
    }
    const uint64_t unsent = session.connection().unsent_bytes();
    peak_bytes_ = std::max(peak_bytes_, unsent);
    if (limit.hard_bytes > 0 && unsent > limit.hard_bytes && problem_.empty()) {
      problem_ = fmt::format("session {} has {} bytes of unsent output, and client-output-buffer-limit is {}",
                             session.id(), unsent, limit.hard_bytes);
    }
  });
  return problem_.empty();
}

}  // namespace reprise
