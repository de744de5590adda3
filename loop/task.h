// Task and TaskQueue: work that a loop does later in a turn, or in the next one.
//
// A Task is a link of a queue by itself, so queueing one allocates nothing, and destroying one takes it off its queue.
// A task is on at most one queue at a time; queueing it again changes nothing.
#ifndef REPRISE_LOOP_TASK_H_
#define REPRISE_LOOP_TASK_H_

#include <cstddef>

namespace reprise {

class Task {
 public:
  Task() = default;
  virtual ~Task() { Unqueue(); }
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;

  bool queued() const { return next_ != nullptr; }
  // Takes it off the queue it is on, if any.
  void Unqueue();

 protected:
  // Called by TaskQueue::RunAll, after the task was taken off its queue; may queue it again, or destroy it.
  virtual void Run() = 0;

 private:
  friend class TaskQueue;

  Task* previous_ = nullptr;
  Task* next_ = nullptr;
};

class TaskQueue {
 public:
  TaskQueue();
  ~TaskQueue();
  TaskQueue(const TaskQueue&) = delete;
  TaskQueue& operator=(const TaskQueue&) = delete;

  bool empty() const { return head_.next_ == &head_; }
  // Puts `task` at the end, unless it is on a queue already. It must be off the queue when it is destroyed, which its
  // destructor sees to.
  void Push(Task& task);
  // Moves all tasks of `other` here, in their order. REQUIRES: empty().
  void Take(TaskQueue& other);
  // Runs the tasks that are on the queue now, first in, first out. What is pushed meanwhile waits for the next call.
  // Returns how many ran.
  size_t RunAll();

 private:
  class Head final : public Task {
    void Run() override {}
  };
  // A ring: the head's next is the first task, its previous the last one.
  Head head_storage_;
  Task& head_ = head_storage_;
};

}  // namespace reprise

#endif  // REPRISE_LOOP_TASK_H_
