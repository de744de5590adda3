#include "server/client_pause.h"

#include <algorithm>
#include <limits>

#include "server/commands/command.h"

namespace reprise {
namespace {

// Longer than any server runs, and far from where nanoseconds end.
constexpr int64_t kDurationMaxMs = int64_t{100} * 365 * 24 * 3600 * 1000;

}  // namespace

void ClientPause::Begin(Mode mode, int64_t duration_ms) {
  // In Redis the end wraps around then, and is over.
  if (duration_ms > std::numeric_limits<int64_t>::max() - loop_.wall_ms()) {
    duration_ms = 0;
  }
  const int64_t end_ns = loop_.now_ns() + std::min(duration_ms, kDurationMaxMs) * kNanosPerMilli;
  end_ns_ = active() ? std::max(end_ns_, end_ns) : end_ns;
  mode_ = std::max(mode_, mode);
  loop_.RunAt(end_ns_, timer_);
}

void ClientPause::End() {
  if (!active()) {
    return;
  }
  timer_.Cancel();
  mode_ = Mode::kNone;
  resume_();
}

bool ClientPause::Holds(uint32_t command_flags) const {
  switch (mode_) {
    case Mode::kNone:
      return false;
    case Mode::kWrites:
      return (command_flags & (kWrite | kMayReplicate)) != 0;
    case Mode::kAll:
      return true;
  }
  return false;
}

}  // namespace reprise
