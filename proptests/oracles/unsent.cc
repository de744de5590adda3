#include "proptests/oracles/unsent.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace reprise {

bool UnsentWatch::Look(int64_t now_ns) {
  const OutputLimit& limit = server_.values().output_limits[static_cast<size_t>(ClientClass::kNormal)];
  NoteTime(now_ns);
  server_.sessions().ForEach([&](const Session& session) {
    if (!session.ending()) {
      LookAt(session, limit, now_ns);
    }
  });
  LookAtEnded(limit);
  return problem_.empty();
}

void UnsentWatch::NoteTime(int64_t now_ns) {
  const int64_t wall_ms = server_.loop().wall_ms();
  const int64_t turn_ns = now_ns - std::exchange(looked_ns_, now_ns);
  const int64_t wall_turn_ms = wall_ms - std::exchange(looked_wall_ms_, wall_ms);
  longest_turn_ns_ = std::max(longest_turn_ns_, turn_ns);
  if (wall_turn_ms < 0) {
    const bool recent = now_ns - set_back_ns_ <= TickNs();
    before_ms_ = std::max(recent ? before_ms_ : INT64_MIN, wall_ms - wall_turn_ms);
    set_back_ns_ = now_ns;
  }
  jumped_ms_ += std::max<int64_t>(0, wall_turn_ms - turn_ns / kNanosPerMilli);
}

int64_t UnsentWatch::TickNs() const { return kNanosPerSecond / server_.values().hz + longest_turn_ns_; }

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
  const auto at = above_.find(session.id());
  if (unsent <= limit.soft_bytes) {
    if (at != above_.end()) {
      Above& above = at->second;
      above.below_ns = above.below_ns < 0 ? now_ns : above.below_ns;
      above.due_ns = -1;
    }
    return;
  }
  Above& above = at != above_.end() ? at->second : above_[session.id()];
  const bool was_above = at != above_.end() && above.below_ns < 0;
  const bool seen_below = at == above_.end() || (above.below_ns >= 0 && now_ns - above.below_ns > TickNs());
  // A server that saw it above the limit in the midst of a turn, and no tick since, counts from then: from the future,
  // if the clock was set back meanwhile.
  const bool set_back = set_back_ns_ >= 0 && now_ns - set_back_ns_ <= TickNs();
  above.unbroken_ms = was_above ? above.unbroken_ms : set_back ? std::max(now_ms, before_ms_) : now_ms;
  // A tick may have seen it below, or not: the clock may have been set back since it was above before.
  above.earliest_ms = seen_below ? now_ms : was_above ? above.earliest_ms : std::min(above.earliest_ms, now_ms);
  above.below_ns = -1;
  if (now_ms - above.unbroken_ms <= limit.soft_seconds * 1000) {
    above.due_ns = -1;
    return;
  }
  above.due_ns = above.due_ns < 0 ? now_ns : above.due_ns;
  if (now_ns - above.due_ns > kGraceNs && problem_.empty()) {
    problem_ = fmt::format("session {} has {} bytes of unsent output, more than {} for {} ms, and may for {} s",
                           session.id(), unsent, limit.soft_bytes, now_ms - above.unbroken_ms, limit.soft_seconds);
  }
}

// Sessions that were ended for their output since the last look. Where there is only a soft limit, one of those that
// are gone must have been above it for so long; which one of them it was is not known.
void UnsentWatch::LookAtEnded(const OutputLimit& limit) {
  const uint64_t counted = server_.stats().output_limit_disconnections;
  // What was above the limit in the midst of a turn, before any of it was sent, is so to the server until its next
  // tick: for so long it may have been above unseen.
  const int64_t sooner_ms = TickNs() / kNanosPerMilli + jumped_ms_;
  const bool grown = counted > std::exchange(counted_, counted);
  ended_ += grown ? 1U : 0U;
  bool one_was_due = sooner_ms > limit.soft_seconds * 1000;
  std::erase_if(above_, [&](const auto& entry) {
    const Session* const session = server_.sessions().Find(entry.first);
    const bool gone = session == nullptr || session->ending();
    const int64_t above_ms = server_.loop().wall_ms() - entry.second.earliest_ms;
    one_was_due = one_was_due || (gone && above_ms + sooner_ms > limit.soft_seconds * 1000);
    return gone;
  });
  if (grown && limit.hard_bytes == 0 && !one_was_due && problem_.empty()) {
    problem_ = fmt::format("a session was ended for its unsent output, and none had more than {} bytes for {} s",
                           limit.soft_bytes, limit.soft_seconds);
  }
}

}  // namespace reprise
