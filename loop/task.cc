#include "loop/task.h"

#include "loop/check.h"

namespace reprise {

void Task::Unqueue() {
  if (next_ == nullptr) {
    return;
  }
  previous_->next_ = next_;
  next_->previous_ = previous_;
  previous_ = nullptr;
  next_ = nullptr;
}

TaskQueue::TaskQueue() {
  head_.previous_ = &head_;
  head_.next_ = &head_;
}

TaskQueue::~TaskQueue() {
  while (!empty()) {
    head_.next_->Unqueue();
  }
  head_.previous_ = nullptr;
  head_.next_ = nullptr;
}

void TaskQueue::Push(Task& task) {
  if (task.queued()) {
    return;
  }
  task.previous_ = head_.previous_;
  task.next_ = &head_;
  head_.previous_->next_ = &task;
  head_.previous_ = &task;
}

void TaskQueue::Take(TaskQueue& other) {
  CHECK(empty());
  if (other.empty()) {
    return;
  }
  head_.next_ = other.head_.next_;
  head_.previous_ = other.head_.previous_;
  head_.next_->previous_ = &head_;
  head_.previous_->next_ = &head_;
  other.head_.next_ = &other.head_;
  other.head_.previous_ = &other.head_;
}

size_t TaskQueue::RunAll() {
  // The present tasks move to a ring of their own, from which each may still be unqueued or destroyed by another.
  TaskQueue now;
  now.Take(*this);
  size_t count = 0;
  while (!now.empty()) {
    Task& task = *now.head_.next_;
    task.Unqueue();
    task.Run();
    ++count;
  }
  return count;
}

}  // namespace reprise
