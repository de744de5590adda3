#include "loop/event_loop.h"

#include <algorithm>
#include <utility>

namespace reprise {
namespace {

// Tokens of completions are told from those of handles by the highest bit of the slot.
constexpr uint32_t kCompletionBit = 1U << 31;

}  // namespace

EventLoop::EventLoop(Poller& poller, Clock& clock, const Options& options) : poller_(poller), clock_(clock) {
  CHECK(options.max_events_per_turn > 0);
  events_.resize(options.max_events_per_turn);
  ReadClock();
}

EventLoop::~EventLoop() { CHECK(watched_count_ == 0); }

void EventLoop::ReadClock() {
  now_ns_ = clock_.MonotonicNanos();
  wall_us_ = clock_.WallMicros();
}

uint32_t EventLoop::NextGeneration() {
  const uint32_t generation = next_generation_++;
  if (next_generation_ == 0) {
    next_generation_ = 1;  // 0 names nothing
  }
  return generation;
}

Result<Token> EventLoop::Watch(Handle handle, Interest interest, Watcher& watcher, Priority priority) {
  CHECK(handle.valid());
  if (free_slots_.empty()) {
    CHECK(slots_.size() < kCompletionBit);
    free_slots_.push_back(static_cast<uint32_t>(slots_.size()));
    slots_.emplace_back();
  }
  const Token token{free_slots_.back(), NextGeneration()};
  if (Status status = poller_.Register(handle, interest, token); !status.ok()) {
    ++counters_.registers_refused;
    return status;
  }
  free_slots_.pop_back();
  slots_[token.slot] = Slot{&watcher, handle.id, token.generation, interest, priority};
  ++watched_count_;
  high_priority_count_ += priority == Priority::kHigh ? 1 : 0;
  return token;
}

Status EventLoop::SetInterest(Token token, Interest interest) {
  Slot* slot = Find(token);
  CHECK(slot != nullptr);
  if (slot->interest == interest) {
    return Status::Ok();
  }
  if (Status status = poller_.Change(Handle{slot->handle}, interest, token); !status.ok()) {
    ++counters_.changes_refused;
    return status;
  }
  slot->interest = interest;
  return Status::Ok();
}

void EventLoop::Unwatch(Token token) {
  Slot* slot = Find(token);
  CHECK(slot != nullptr);
  poller_.Forget(Handle{slot->handle});
  high_priority_count_ -= slot->priority == Priority::kHigh ? 1 : 0;
  *slot = Slot{};
  free_slots_.push_back(token.slot);
  --watched_count_;
}

Token EventLoop::ExpectCompletion(std::function<void(int64_t)> done) {
  const auto unused = std::find_if(completions_.begin(), completions_.end(),
                                   [](const Completion& completion) { return completion.generation == 0; });
  const size_t slot = static_cast<size_t>(unused - completions_.begin());
  if (unused == completions_.end()) {
    completions_.emplace_back();
  }
  completions_[slot] = Completion{NextGeneration(), std::move(done)};
  return Token{static_cast<uint32_t>(slot) | kCompletionBit, completions_[slot].generation};
}

EventLoop::Slot* EventLoop::Find(Token token) {
  if (token.slot >= slots_.size() || !token.valid() || slots_[token.slot].generation != token.generation) {
    return nullptr;
  }
  return &slots_[token.slot];
}

void EventLoop::Run() {
  stopped_ = false;
  while (!stopped_) {
    RunOnce();
  }
}

void EventLoop::RunOnce(int64_t deadline_ns) {
  ++counters_.turns;
  if (!soon_.empty() || !end_of_turn_.empty()) {
    deadline_ns = 0;
  }
  deadline_ns = std::min(deadline_ns, timers_.NextDeadline());
  // What is pushed from here on belongs to the next turn.
  due_.Take(soon_);
  const size_t count = poller_.Wait(events_, deadline_ns);
  CHECK(count <= events_.size());
  ReadClock();
  if (count == 0 && now_ns_ < deadline_ns) {
    ++counters_.empty_waits;
  }
  counters_.timers_fired += timers_.Fire(now_ns_);
  if (high_priority_count_ > 0) {
    Dispatch(count, Priority::kHigh);
  }
  Dispatch(count, Priority::kNormal);
  due_.RunAll();
  while (end_of_turn_.RunAll() > 0) {
  }
}

void EventLoop::Dispatch(size_t count, Priority priority) {
  dispatching_ = true;
  for (size_t i = 0; i < count; ++i) {
    const Event& event = events_[i];
    if (event.kind != Event::Kind::kReady) {
      if (priority == Priority::kNormal) {
        Deliver(event);
      }
      continue;
    }
    const Slot* slot = Find(event.token);
    if (slot == nullptr) {
      // Ended earlier, in this turn or a former one. Counted once, in the pass that every turn makes.
      counters_.stale_events += priority == Priority::kNormal ? 1 : 0;
      continue;
    }
    // A watcher may have narrowed its interest since the event was collected.
    const bool readable = event.readable && WantsRead(slot->interest);
    const bool writable = event.writable && WantsWrite(slot->interest);
    if (slot->priority == priority && (readable || writable)) {
      ++counters_.ready_events;
      slot->watcher->OnReady(readable, writable);
    }
  }
  dispatching_ = false;
  after_events_.RunAll();
}

void EventLoop::Deliver(const Event& event) {
  switch (event.kind) {
    case Event::Kind::kReady:
      CHECK(false);
    case Event::Kind::kWake:
      ++counters_.wakes;
      return;
    case Event::Kind::kStop:
      if (stop_handler_) {
        stop_handler_();
      } else {
        Stop();
      }
      return;
    case Event::Kind::kCompletion: {
      const uint32_t slot = event.token.slot & ~kCompletionBit;
      if ((event.token.slot & kCompletionBit) == 0 || slot >= completions_.size() ||
          completions_[slot].generation != event.token.generation) {
        ++counters_.stale_events;
        return;
      }
      ++counters_.completions;
      const std::function<void(int64_t)> done = std::move(completions_[slot].done);
      completions_[slot] = Completion{};
      done(event.result);
      return;
    }
  }
}

}  // namespace reprise
