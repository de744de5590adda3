// Timer and TimerQueue: callbacks at a moment of the monotonic clock.
//
// A Timer belongs to its owner, who keeps it where it likes and destroys it when it likes: a destroyed timer does not
// fire. The queue only orders them. Timers of one moment fire in the order in which they were armed.
#ifndef REPRISE_LOOP_TIMER_QUEUE_H_
#define REPRISE_LOOP_TIMER_QUEUE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <utility>
#include <vector>

namespace reprise {

class TimerQueue;

class Timer {
 public:
  explicit Timer(std::function<void()> callback) : callback_(std::move(callback)) {}
  ~Timer() { Cancel(); }
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  bool armed() const { return queue_ != nullptr; }
  int64_t deadline_ns() const { return deadline_ns_; }
  // Takes it off its queue, if it is on one.
  void Cancel();

 private:
  friend class TimerQueue;

  std::function<void()> callback_;
  TimerQueue* queue_ = nullptr;
  size_t position_ = 0;  // in the queue's heap
  int64_t deadline_ns_ = 0;
  uint64_t sequence_ = 0;
};

class TimerQueue {
 public:
  TimerQueue() = default;
  ~TimerQueue();
  TimerQueue(const TimerQueue&) = delete;
  TimerQueue& operator=(const TimerQueue&) = delete;

  // Lets `timer` fire once `deadline_ns` has come; an armed one is moved. O(log n).
  void Arm(Timer& timer, int64_t deadline_ns);

  size_t size() const { return heap_.size(); }
  // The earliest deadline, or kNoDeadline.
  int64_t NextDeadline() const;
  // Fires every timer whose deadline is at or before `now_ns`, each after it was disarmed, so a callback may arm it
  // again, or destroy it. What is armed by a callback waits for the next call, even when it is due. Returns how many
  // fired.
  size_t Fire(int64_t now_ns);

 private:
  friend class Timer;

  static bool Before(const Timer& a, const Timer& b);
  void Remove(Timer& timer);
  void Place(Timer* timer, size_t position);
  void SiftUp(size_t position);
  void SiftDown(size_t position);

  std::vector<Timer*> heap_;  // a binary heap, the earliest first
  uint64_t next_sequence_ = 1;
  static constexpr int64_t kNoFloor = std::numeric_limits<int64_t>::min();
  int64_t floor_ns_ = kNoFloor;  // while Fire runs: no timer is armed for an earlier moment
};

}  // namespace reprise

#endif  // REPRISE_LOOP_TIMER_QUEUE_H_
