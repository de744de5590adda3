// EventLoop: one thread that waits, and calls who is concerned.
//
// A turn of the loop: wait (Poller) · read the clock once · fire the timers that are due · hand the events to their
// watchers, those of high priority first, and run what these put off until all were (RunAfterEvents) · run what an
// earlier turn left for this one (RunSoon) · run what waits for the end of the turn (RunAtEndOfTurn). Everything that
// happens in a turn happens at one moment, the turn's.
//
// The loop owns none of its watchers, tasks and timers; each ends its registration before it is destroyed. All of it
// belongs to one thread. Callbacks may register, change and end any registration, their own and others'.
#ifndef REPRISE_LOOP_EVENT_LOOP_H_
#define REPRISE_LOOP_EVENT_LOOP_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "loop/clock.h"
#include "loop/counters.h"
#include "loop/poller.h"
#include "loop/status.h"
#include "loop/task.h"
#include "loop/timer_queue.h"

namespace reprise {

// Who is told that a handle is ready.
class Watcher {
 public:
  // At least one of the two is true. A hint: the read or write may still answer would-block.
  virtual void OnReady(bool readable, bool writable) = 0;

 protected:
  ~Watcher() = default;
};

// Events of a class are handed out before those of the next one, within each turn.
enum class Priority : uint8_t { kHigh, kNormal };

class EventLoop {
 public:
  struct Options {
    size_t max_events_per_turn = 1024;
  };

  // Both must outlive the loop.
  EventLoop(Poller& poller, Clock& clock) : EventLoop(poller, clock, Options{}) {}
  EventLoop(Poller& poller, Clock& clock, const Options& options);
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  // Calls `watcher` whenever `handle` is ready, until Unwatch. Errors: as Poller::Register.
  // REQUIRES: `handle` is open and not watched; `watcher` lives until Unwatch.
  Result<Token> Watch(Handle handle, Interest interest, Watcher& watcher, Priority priority = Priority::kNormal);
  // Costs nothing when the interest is already so. REQUIRES: `token` is watched.
  Status SetInterest(Token token, Interest interest);
  // Ends it; events already collected for it are dropped. REQUIRES: `token` is watched, its handle still open.
  void Unwatch(Token token);

  // A token to start something elsewhere with (a disk, another thread): when the Poller delivers the completion,
  // `done(result)` is called, once. It can't be taken back.
  Token ExpectCompletion(std::function<void(int64_t result)> done);

  void RunAt(int64_t deadline_ns, Timer& timer) { timers_.Arm(timer, deadline_ns); }
  void RunAfter(int64_t delay_ns, Timer& timer) { timers_.Arm(timer, now_ns_ + delay_ns); }

  // Runs `task` in the next turn, for which the loop then does not wait. For work cut into pieces.
  void RunSoon(Task& task) { soon_.Push(task); }
  // Runs `task` once the events of this turn are handled (of the next one, when called between turns). A task that is
  // pushed by one of these runs in this turn too.
  void RunAtEndOfTurn(Task& task) { end_of_turn_.Push(task); }
  // Runs `task` in this turn, once all events of the watcher's priority were handed out. REQUIRES: called from a
  // Watcher's OnReady.
  void RunAfterEvents(Task& task) {
    CHECK(dispatching_);
    after_events_.Push(task);
  }

  // Called when the process is asked to finish; without a handler the loop stops.
  void OnStopRequested(std::function<void()> handler) { stop_handler_ = std::move(handler); }

  // Takes turns until Stop.
  void Run();
  // One turn. `deadline_ns` bounds its wait further.
  void RunOnce(int64_t deadline_ns = kNoDeadline);
  // Lets Run return after this turn.
  void Stop() { stopped_ = true; }
  bool stopped() const { return stopped_; }

  // The moment of this turn.
  int64_t now_ns() const { return now_ns_; }
  int64_t wall_us() const { return wall_us_; }
  int64_t wall_ms() const { return wall_us_ / 1000; }

  // What the clock says now, in the middle of the turn: to measure how long something takes, never to decide by. Costs
  // a call of the clock.
  int64_t MeasuredNanos() { return clock_.MonotonicNanos(); }

  LoopCounters& counters() { return counters_; }
  const LoopCounters& counters() const { return counters_; }
  // Registrations that have not ended. 0 once everything was given back.
  size_t watched_count() const { return watched_count_; }
  size_t timer_count() const { return timers_.size(); }

 private:
  struct Slot {
    Watcher* watcher = nullptr;
    int32_t handle = -1;
    uint32_t generation = 0;
    Interest interest = Interest::kNone;
    Priority priority = Priority::kNormal;
  };
  struct Completion {
    uint32_t generation = 0;
    std::function<void(int64_t)> done;
  };

  void ReadClock();
  void Dispatch(size_t count, Priority priority);
  void Deliver(const Event& event);
  Slot* Find(Token token);
  uint32_t NextGeneration();

  Poller& poller_;
  Clock& clock_;
  std::vector<Event> events_;
  std::vector<Slot> slots_;
  std::vector<uint32_t> free_slots_;
  std::vector<Completion> completions_;
  uint32_t next_generation_ = 1;
  size_t watched_count_ = 0;
  size_t high_priority_count_ = 0;
  TimerQueue timers_;
  TaskQueue after_events_;
  TaskQueue soon_;  // for the next turn
  TaskQueue due_;   // of this turn
  TaskQueue end_of_turn_;
  std::function<void()> stop_handler_;
  bool stopped_ = false;
  bool dispatching_ = false;  // events are being handed out
  int64_t now_ns_ = 0;
  int64_t wall_us_ = 0;
  LoopCounters counters_;
};

}  // namespace reprise

#endif  // REPRISE_LOOP_EVENT_LOOP_H_
