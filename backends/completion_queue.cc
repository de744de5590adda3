#include "backends/completion_queue.h"

#include <algorithm>

namespace reprise {

bool CompletionQueue::Post(Token token, int64_t result) {
  const std::lock_guard<std::mutex> lock(mutex_);
  posted_.push_back({.kind = Event::Kind::kCompletion, .token = token, .result = result});
  // Whoever filled the empty queue wakes the poller, which then takes all of it.
  return posted_.size() == 1;
}

bool CompletionQueue::RequestWake() { return !wake_requested_.exchange(true); }

void CompletionQueue::Collect() {
  if (wake_requested_.exchange(false)) wake_collected_ = true;
  if (next_ == collected_.size()) {
    collected_.clear();
    next_ = 0;
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  if (collected_.empty()) {
    collected_.swap(posted_);
    return;
  }
  collected_.insert(collected_.end(), posted_.begin(), posted_.end());
  posted_.clear();
}

size_t CompletionQueue::ShareOf(size_t room) {
  if (room > 1) return room / 2;
  had_turn_ = !had_turn_;
  return had_turn_ ? 1 : 0;
}

size_t CompletionQueue::Deliver(std::span<Event> events) {
  if (events.empty()) return 0;
  size_t count = 0;
  if (wake_collected_) {
    wake_collected_ = false;
    events[count] = Event();
    events[count++].kind = Event::Kind::kWake;
  }
  const size_t take = std::min(events.size() - count, collected_.size() - next_);
  std::copy_n(collected_.begin() + static_cast<std::ptrdiff_t>(next_), take,
              events.begin() + static_cast<std::ptrdiff_t>(count));
  next_ += take;
  return count + take;
}

}  // namespace reprise
