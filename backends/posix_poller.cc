#include "backends/posix_poller.h"

#include <algorithm>
#include <cerrno>

#include "loop/check.h"

namespace reprise {

size_t PosixPoller::Wait(std::span<Event> events, int64_t deadline_ns) {
  CHECK(!events.empty());
  size_t count = 0;
  if (completions_.HasCollected()) {
    count = completions_.Deliver(events.first(completions_.ShareOf(events.size())));
    deadline_ns = 0;
  }
  if (count < events.size()) count += WaitForKernel(events.subspan(count), deadline_ns);
  if (completions_.HasCollected()) count += completions_.Deliver(events.subspan(count));
  return count;
}

void PosixPoller::Wake() {
  if (!completions_.RequestWake()) return;
  // A signal handler must leave errno as it found it.
  const int error_before = errno;
  (void)Ring();
  errno = error_before;
}

void PosixPoller::PostCompletion(Token token, int64_t result) {
  if (completions_.Post(token, result)) CHECK(Ring());
}

int64_t PosixPoller::NanosUntil(int64_t deadline_ns) {
  if (deadline_ns == kNoDeadline) return kNoDeadline;
  if (deadline_ns <= 0) return 0;
  return std::max<int64_t>(deadline_ns - clock_.MonotonicNanos(), 0);
}

PosixPoller::Registration& PosixPoller::PlaceFor(Handle handle, Token token) {
  CHECK(handle.valid());
  CHECK(token.valid());
  const auto index = static_cast<size_t>(handle.id);
  if (index >= registrations_.size()) registrations_.resize(std::max(index + 1, registrations_.size() * 2));
  CHECK(!registrations_[index].active);
  return registrations_[index];
}

PosixPoller::Registration& PosixPoller::Watched(Handle handle) {
  const auto index = static_cast<size_t>(handle.id);  // an invalid one becomes a number beyond every table
  CHECK(index < registrations_.size() && registrations_[index].active);
  return registrations_[index];
}

const PosixPoller::Registration& PosixPoller::WatchedUnder(size_t descriptor) const {
  CHECK(descriptor < registrations_.size() && registrations_[descriptor].active);
  return registrations_[descriptor];
}

}  // namespace reprise
