#include "loop/timer_queue.h"

#include <algorithm>

#include "loop/check.h"
#include "loop/poller.h"

namespace reprise {

void Timer::Cancel() {
  if (queue_ != nullptr) {
    queue_->Remove(*this);
  }
}

TimerQueue::~TimerQueue() {
  while (!heap_.empty()) {
    Remove(*heap_.back());
  }
}

bool TimerQueue::Before(const Timer& a, const Timer& b) {
  return a.deadline_ns_ != b.deadline_ns_ ? a.deadline_ns_ < b.deadline_ns_ : a.sequence_ < b.sequence_;
}

void TimerQueue::Arm(Timer& timer, int64_t deadline_ns) {
  timer.Cancel();
  timer.queue_ = this;
  timer.deadline_ns_ = std::max(deadline_ns, floor_ns_);
  timer.sequence_ = next_sequence_++;
  heap_.push_back(&timer);
  timer.position_ = heap_.size() - 1;
  SiftUp(timer.position_);
}

int64_t TimerQueue::NextDeadline() const { return heap_.empty() ? kNoDeadline : heap_.front()->deadline_ns_; }

size_t TimerQueue::Fire(int64_t now_ns) {
  // What a callback arms for a moment already past is moved up to now, so that it comes after all that was due before
  // it, and a timer that always arms itself in the past can't keep the others from firing.
  floor_ns_ = now_ns;
  const uint64_t armed_before = next_sequence_;
  size_t count = 0;
  while (!heap_.empty() && heap_.front()->deadline_ns_ <= now_ns) {
    Timer& timer = *heap_.front();
    if (timer.sequence_ >= armed_before) {
      break;
    }
    Remove(timer);
    ++count;
    timer.callback_();
  }
  floor_ns_ = kNoFloor;
  return count;
}

void TimerQueue::Remove(Timer& timer) {
  CHECK(timer.queue_ == this && heap_[timer.position_] == &timer);
  const size_t position = timer.position_;
  timer.queue_ = nullptr;
  Timer* last = heap_.back();
  heap_.pop_back();
  if (last != &timer) {
    Place(last, position);
    SiftUp(position);
    SiftDown(last->position_);
  }
}

void TimerQueue::Place(Timer* timer, size_t position) {
  heap_[position] = timer;
  timer->position_ = position;
}

void TimerQueue::SiftUp(size_t position) {
  Timer* timer = heap_[position];
  while (position > 0) {
    const size_t parent = (position - 1) / 2;
    if (!Before(*timer, *heap_[parent])) {
      break;
    }
    Place(heap_[parent], position);
    position = parent;
  }
  Place(timer, position);
}

void TimerQueue::SiftDown(size_t position) {
  Timer* timer = heap_[position];
  while (true) {
    size_t child = 2 * position + 1;
    if (child >= heap_.size()) {
      break;
    }
    if (child + 1 < heap_.size() && Before(*heap_[child + 1], *heap_[child])) {
      ++child;
    }
    if (!Before(*heap_[child], *timer)) {
      break;
    }
    Place(heap_[child], position);
    position = child;
  }
  Place(timer, position);
}

}  // namespace reprise
