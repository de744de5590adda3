#include "proptests/oracles/unsent.h"

#include <fmt/format.h>

#include <algorithm>

namespace reprise {

bool UnsentWatch::Look(int64_t now_ns) {
  const OutputLimit& limit = server_.values().output_limits[static_cast<size_t>(ClientClass::kNormal)];
  server_.sessions().ForEach([&](const Session& session) {
    if (!session.ending()) {
      LookAt(session, limit, now_ns);
    }
  });
  LookAtEnded(limit);
  return problem_.empty();
}

void UnsentWatch::LookAt(const Session& session, const OutputLimit& limit, int64_t now_ns) {
  const uint64_t unsent = session.connection().unsent_bytes();
  peak_bytes_ = std::max(peak_bytes_, unsent);
  if (limit.hard_bytes > 0 && unsent > limit.hard_bytes && problem_.empty()) {
    problem_ = fmt::format("session {} has {} bytes of unsent output, and client-output-buffer-limit is {}",
                           session.id(), unsent, limit.hard_bytes);
  }
  if (limit.soft_bytes > 0) {
    LookAtSoftLimit(session, limit, now_ns);
  }
}

void UnsentWatch::LookAtSoftLimit(const Session& session, const OutputLimit& limit, int64_t now_ns) {
  const int64_t now_ms = server_.loop().wall_ms();
  const uint64_t unsent = session.connection().unsent_bytes();
  if (unsent <= limit.soft_bytes) {
    if (const auto at = above_.find(session.id()); at != above_.end()) {
      at->second.since_ms = at->second.due_ns = -1;
    }
    return;
  }
  Above& above = above_.try_emplace(session.id(), Above{now_ms}).first->second;
  above.since_ms = above.since_ms < 0 ? now_ms : above.since_ms;
  if (now_ms - above.since_ms <= limit.soft_seconds * 1000) {
    above.due_ns = -1;
    return;
  }
  above.due_ns = above.due_ns < 0 ? now_ns : above.due_ns;
  if (now_ns - above.due_ns > kGraceNs && problem_.empty()) {
    problem_ = fmt::format("session {} has {} bytes of unsent output, more than {} for {} ms, and may for {} s",
                           session.id(), unsent, limit.soft_bytes, now_ms - above.since_ms, limit.soft_seconds);
  }
}

// Sessions that were ended for their output since the last look. Where there is only a soft limit, one of those that
// are gone must have been above it for so long; which one of them it was is not known.
void UnsentWatch::LookAtEnded(const OutputLimit& limit) {
  const uint64_t counted = server_.stats().output_limit_disconnections;
  const bool grown = counted > std::exchange(counted_, counted);
  ended_ += grown ? 1U : 0U;
  bool one_was_due = false;
  std::erase_if(above_, [&](const auto& entry) {
    const Session* const session = server_.sessions().Find(entry.first);
    const bool gone = session == nullptr || session->ending();
    const int64_t above_ms = server_.loop().wall_ms() - entry.second.first_ms;
    one_was_due = one_was_due || (gone && above_ms > limit.soft_seconds * 1000);
    return gone;
  });
  if (grown && limit.hard_bytes == 0 && !one_was_due && problem_.empty()) {
    problem_ = fmt::format("a session was ended for its unsent output, and none had more than {} bytes for {} s",
                           limit.soft_bytes, limit.soft_seconds);
  }
}

}  // namespace reprise
