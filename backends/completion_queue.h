// CompletionQueue: carries finished work and wake-ups from other threads into a poller's thread.
//
// What every poller of the operating system shares, whatever it is woken by (an eventfd, a user event, a pipe): the
// poller owns the descriptor, this class owns what is to be told. It never wakes anybody itself: the calls that add
// something return whether the poller has to be woken for it, so that a burst costs one system call.
//
// Its length is bounded by the work that was started and not yet reported; it has no limit of its own, because a
// completion must never be lost.
#ifndef REPRISE_BACKENDS_COMPLETION_QUEUE_H_
#define REPRISE_BACKENDS_COMPLETION_QUEUE_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <span>
#include <vector>

#include "loop/handle.h"
#include "loop/poller.h"

namespace reprise {

class CompletionQueue {
 public:
  CompletionQueue() = default;
  CompletionQueue(const CompletionQueue&) = delete;
  CompletionQueue& operator=(const CompletionQueue&) = delete;

  // From any thread: adds a completion. True: wake the poller.
  [[nodiscard]] bool Post(Token token, int64_t result);

  // From any thread or signal handler: asks for a kWake event. True: wake the poller.
  [[nodiscard]] bool RequestWake();

  // The rest is for the poller's thread.

  // To be called once the poller was woken: takes over all that was added until now.
  void Collect();

  // True while something that was collected waits to be delivered: the poller must not block.
  bool HasCollected() const { return wake_collected_ || next_ < collected_.size(); }

  // How much of a span of `room` events may go to what a full span left over, before handles have their turn: half, and
  // of a span of one every second, so that neither is passed over for ever.
  size_t ShareOf(size_t room);

  // Moves what was collected into `events`, completions in the order of their Post. Returns how many.
  size_t Deliver(std::span<Event> events);

 private:
  static_assert(std::atomic<bool>::is_always_lock_free, "RequestWake is called by signal handlers");

  std::atomic<bool> wake_requested_{false};
  std::mutex mutex_;
  std::vector<Event> posted_;  // guarded by mutex_

  bool wake_collected_ = false;
  std::vector<Event> collected_;
  size_t next_ = 0;        // in collected_, the first that was not delivered
  bool had_turn_ = false;  // of spans of one
};

}  // namespace reprise

#endif  // REPRISE_BACKENDS_COMPLETION_QUEUE_H_
