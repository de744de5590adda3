#include "sim/sim_poller.h"

#include <algorithm>
#include <utility>

namespace reprise {
namespace {

constexpr uint64_t kLateStepsMax = 2'000;
constexpr int64_t kLateStepNs = 1'000;
constexpr uint64_t kTimerLateStepsMax = 100;
constexpr int64_t kTimerLateStepNs = 100'000;
constexpr uint64_t kJumpStepsMax = 64;
constexpr uint64_t kDeathPlaces = 16;  // operations of a turn before which a program may die

Event ReadyEvent(Token token, bool readable, bool writable) {
  return {Event::Kind::kReady, readable, writable, token, 0};
}

Event PlainEvent(Event::Kind kind) {
  Event event;
  event.kind = kind;
  return event;
}

// Odd steps go forwards, even ones back, from a millisecond to 24 days.
int64_t JumpOfStep(uint64_t step) {
  const int64_t by_us = int64_t{1'000} << ((step - 1) / 2);
  return step % 2 == 1 ? by_us : -by_us;
}

}  // namespace

SimPoller::SimPoller(SimContext& context, const SimNetwork& network, SimClock& clock, WorldRunner& runner)
    : context_(context), network_(network), clock_(clock), runner_(runner) {}

// --- registrations ---

SimPoller::Registration& SimPoller::Get(Handle handle) {
  CHECK(IsWatched(handle));
  return registrations_[static_cast<size_t>(handle.id)];
}

bool SimPoller::IsWatched(Handle handle) const {
  return handle.valid() && static_cast<size_t>(handle.id) < registrations_.size() &&
         registrations_[static_cast<size_t>(handle.id)].watched;
}

Status SimPoller::Register(Handle handle, Interest interest, Token token) {
  CHECK(network_.IsOpen(handle) && !IsWatched(handle) && token.valid());
  if (!context_.life.Act()) return Status(ErrorCode::kOutOfMemory);
  const uint64_t failure = context_.choices.FaultAmount(ActorTable::kServer, Site::kRegisterFail, 2);
  if (failure != 0) {
    const ErrorCode code = failure == 1 ? ErrorCode::kTooManyHandles : ErrorCode::kOutOfMemory;
    context_.trace.Add(StepKind::kRegister, network_.ActorOf(handle), handle.id, -static_cast<int64_t>(code));
    return Status(code);
  }
  if (static_cast<size_t>(handle.id) >= registrations_.size())
    registrations_.resize(static_cast<size_t>(handle.id) + 1);
  Registration& registration = registrations_[static_cast<size_t>(handle.id)];
  registration.token = token;
  registration.interest = interest;
  registration.watched = true;
  registration.watched_at = static_cast<uint32_t>(watched_.size());
  registration.not_before_ns = 0;
  watched_.push_back(handle.id);
  context_.trace.Add(StepKind::kRegister, network_.ActorOf(handle), handle.id, static_cast<int64_t>(interest));
  MarkReady(handle);
  return Status::Ok();
}

Status SimPoller::Change(Handle handle, Interest interest, Token token) {
  Registration& registration = Get(handle);
  CHECK(registration.token == token);
  if (!context_.life.Act()) return Status::Ok();
  const Actor actor = network_.ActorOf(handle);
  if (context_.choices.Fault(ActorTable::kServer, Site::kChangeFail)) {
    context_.trace.Add(StepKind::kChange, actor, handle.id, -static_cast<int64_t>(ErrorCode::kOutOfMemory));
    return Status(ErrorCode::kOutOfMemory);
  }
  registration.interest = interest;
  context_.trace.Add(StepKind::kChange, actor, handle.id, static_cast<int64_t>(interest));
  MarkReady(handle);
  return Status::Ok();
}

void SimPoller::Forget(Handle handle) {
  CHECK(network_.IsOpen(handle));
  Registration& registration = Get(handle);
  if (context_.life.Act()) context_.trace.Add(StepKind::kForget, network_.ActorOf(handle), handle.id);
  ended_[ended_count_++ % ended_.size()] = registration;
  registration.watched = false;
  const int32_t last = watched_.back();
  watched_[registration.watched_at] = last;
  registrations_[static_cast<size_t>(last)].watched_at = registration.watched_at;
  watched_.pop_back();
}

void SimPoller::MarkReady(Handle handle) {
  if (!IsWatched(handle)) return;
  Registration& registration = registrations_[static_cast<size_t>(handle.id)];
  if (registration.queued) return;
  registration.queued = true;
  ready_.Push(handle.id);
}

void SimPoller::PostCompletion(Token token, int64_t result) {
  Event event = PlainEvent(Event::Kind::kCompletion);
  event.token = token;
  event.result = result;
  completions_.Push(event);
}

// --- waiting ---

size_t SimPoller::Wait(std::span<Event> events, int64_t deadline_ns) {
  CHECK(!events.empty());
  if (!context_.life.EndTurn()) {
    events[0] = PlainEvent(Event::Kind::kStop);
    return 1;
  }
  ++waits_;
  runner_.CheckSteps();
  context_.trace.Add(StepKind::kWait, ActorTable::kServer, deadline_ns);
  batch_.clear();
  BeginTurn();
  if (!context_.choices.Fault(ActorTable::kServer, Site::kWaitInterrupted)) {
    AddUnreal();
    AddHangups();
    if (batch_.size() > events.size()) batch_.resize(events.size());
    bool waits = batch_.empty();
    do {
      waits = waits && WaitForSomething(deadline_ns);
      Collect(events.size());
    } while (waits && batch_.empty());
    Reorder();
  }
  const size_t count = std::min(batch_.size(), events.size());
  context_.trace.Add(StepKind::kWaitDone, ActorTable::kServer, static_cast<int64_t>(count));
  for (size_t i = 0; i < count; ++i) {
    const Event& event = events[i] = batch_[i].event;
    if (batch_[i].origin == Origin::kStale) ++stale_reported_;
    const int64_t facts = static_cast<int64_t>(event.kind) | int64_t{event.readable} << 8 |
                          int64_t{event.writable} << 9 | static_cast<int64_t>(batch_[i].origin) << 10;
    context_.trace.Add(StepKind::kEvent, ActorTable::kServer, static_cast<int64_t>(event.token.Pack()), facts);
  }
  if (context_.options.may_die) ChooseDeath();
  return count;
}

// Whether the turn that begins now is the program's last one, and how far it gets.
void SimPoller::ChooseDeath() {
  Choices& choices = context_.choices;
  const uint64_t killed = choices.FaultAmount(ActorTable::kServer, Site::kProcessKill, kDeathPlaces);
  const uint64_t dark = choices.FaultAmount(ActorTable::kServer, Site::kProcessPowerLoss, kDeathPlaces);
  if (dark != 0) context_.life.DieAt(dark, Death::kPowerLoss);
  if (killed != 0 && (dark == 0 || killed < dark)) context_.life.DieAt(killed, Death::kKilled);
}

void SimPoller::ForgetAll() {
  registrations_.clear();
  watched_.clear();
  ready_.Clear();
  ended_unseen_.clear();
  completions_.Clear();
  ended_count_ = 0;
  wake_pending_ = false;
}

// The program's turn took its time, and the world went on meanwhile.
void SimPoller::BeginTurn() {
  Choices& choices = context_.choices;
  const uint64_t slow = choices.FaultAmount(ActorTable::kServer, Site::kClockSlowTurn, kDelaySteps);
  RunUntil(context_.timeline.now_ns() + context_.options.turn_ns + DelayOfStep(slow));
  const uint64_t jump = choices.FaultAmount(ActorTable::kWorld, Site::kClockWallJump, kJumpStepsMax);
  if (jump != 0) clock_.Jump(JumpOfStep(jump));
}

void SimPoller::RunUntil(int64_t time_ns) {
  while (runner_.NextEventTime() <= time_ns && !runner_.StopWanted()) runner_.RunOneEvent();
  context_.AdvanceTo(time_ns);
}

// Ready in all directions that it is (or was) watched for.
Event SimPoller::InterestingEvent(const Registration& registration) {
  return ReadyEvent(registration.token, WantsRead(registration.interest), WantsWrite(registration.interest));
}

// Events that mean nothing: for a handle that is not ready, and for a registration that has ended.
void SimPoller::AddUnreal() {
  Choices& choices = context_.choices;
  const uint64_t stale =
      choices.FaultAmount(ActorTable::kServer, Site::kReadyStale, std::min<uint64_t>(ended_count_, ended_.size()));
  if (stale != 0) Add(InterestingEvent(ended_[(ended_count_ - stale) % ended_.size()]), Origin::kStale);
  const uint64_t spurious = choices.FaultAmount(ActorTable::kServer, Site::kReadySpurious, watched_.size());
  if (spurious == 0) return;
  // The next one that is watched for something at all.
  for (size_t i = 0; i < watched_.size(); ++i) {
    const int32_t id = watched_[(spurious - 1 + i) % watched_.size()];
    const Registration& registration = registrations_[static_cast<size_t>(id)];
    if (registration.interest == Interest::kNone) continue;
    Add(InterestingEvent(registration), Origin::kSpurious);
    return;
  }
}

// A peer's end may be reported to a handle that is not watched for reading, too, and then in all directions it is
// watched for.
void SimPoller::AddHangups() {
  for (const int32_t id : ended_unseen_) {
    if (!IsWatched({id})) continue;
    const Registration& registration = registrations_[static_cast<size_t>(id)];
    if (WantsRead(registration.interest)) continue;
    if (!context_.choices.Fault(network_.ActorOf({id}), Site::kReadyHangup)) continue;
    Add(InterestingEvent(registration), Origin::kReal);
  }
  ended_unseen_.clear();
}

// Lets the world run. False: the deadline has come first.
bool SimPoller::WaitForSomething(int64_t deadline_ns) {
  Choices& choices = context_.choices;
  while (!HasSomething()) {
    if (context_.timeline.now_ns() >= deadline_ns) return false;
    const int64_t next_ns = runner_.NextEventTime();
    if (next_ns == kNoDeadline && deadline_ns == kNoDeadline) {
      runner_.ReportStuck();
    } else if (next_ns > deadline_ns) {
      const uint64_t late = choices.FaultAmount(ActorTable::kServer, Site::kClockTimerLate, kTimerLateStepsMax);
      RunUntil(deadline_ns + static_cast<int64_t>(late) * kTimerLateStepNs);
      return false;
    } else {
      runner_.RunOneEvent();
    }
  }
  const uint64_t late = choices.FaultAmount(ActorTable::kServer, Site::kWaitLate, kLateStepsMax);
  if (late != 0) RunUntil(context_.timeline.now_ns() + static_cast<int64_t>(late) * kLateStepNs);
  return true;
}

bool SimPoller::HasSomething() { return HasReady() || wake_pending_ || !completions_.empty() || runner_.StopWanted(); }

// Whether a watched handle is ready now. Those that are not leave the queue.
bool SimPoller::HasReady() {
  const int64_t now_ns = context_.timeline.now_ns();
  for (size_t left = ready_.size(); left > 0; --left) {
    const int32_t id = ready_.front();
    Registration& registration = registrations_[static_cast<size_t>(id)];
    bool ready = false;
    if (registration.watched) {
      const Wire::Readiness readiness = network_.ReadinessOf({id});
      ready = IsReady(registration, readiness);
      if (!ready) NoteNotReady(id, readiness);
    }
    if (ready && registration.not_before_ns <= now_ns) return true;
    ready_.Pop();
    registration.queued = ready;
    if (ready) ready_.Push(id);
  }
  return false;
}

bool SimPoller::IsReady(const Registration& registration, const Wire::Readiness& readiness) const {
  return (readiness.readable && WantsRead(registration.interest)) ||
         (readiness.writable && WantsWrite(registration.interest));
}

void SimPoller::NoteNotReady(int32_t id, const Wire::Readiness& readiness) {
  if (readiness.peer_ended || readiness.hangup) ended_unseen_.push_back(id);
}

// --- collecting ---

void SimPoller::Collect(size_t most) {
  if (batch_.size() < most && runner_.StopWanted()) {
    Add(PlainEvent(Event::Kind::kStop), Origin::kReal);
    runner_.StopDelivered();
  }
  if (batch_.size() < most && std::exchange(wake_pending_, false)) Add(PlainEvent(Event::Kind::kWake), Origin::kReal);
  // They take turns in being first, so that neither keeps the other out.
  if (waits_ % 2 == 0) CollectReady(most);
  while (!completions_.empty() && batch_.size() < most) Add(completions_.Pop(), Origin::kReal);
  if (waits_ % 2 == 1) CollectReady(most);
}

void SimPoller::CollectReady(size_t most) {
  if (ready_.empty() || batch_.size() >= most) return;
  const uint64_t few = context_.choices.FaultAmount(ActorTable::kServer, Site::kWaitFew, ready_.size() - 1);
  size_t handles_left = few != 0 ? static_cast<size_t>(few) : ready_.size();
  for (size_t left = ready_.size(); left > 0 && handles_left > 0 && batch_.size() < most; --left) {
    const int32_t id = ready_.Pop();
    Registration& registration = registrations_[static_cast<size_t>(id)];
    registration.queued = false;
    if (!registration.watched) continue;
    const Wire::Readiness readiness = network_.ReadinessOf({id});
    if (!IsReady(registration, readiness)) {
      NoteNotReady(id, readiness);
      continue;
    }
    registration.queued = true;
    ready_.Push(id);
    const Actor actor = network_.ActorOf({id});
    if (IsLate(registration, actor)) continue;
    --handles_left;
    AddReady(registration, actor, readiness, most - batch_.size() == 1);
  }
}

bool SimPoller::IsLate(Registration& registration, Actor actor) {
  if (context_.choices.healed()) return false;
  const int64_t now_ns = context_.timeline.now_ns();
  if (registration.not_before_ns != 0) {
    if (registration.not_before_ns > now_ns) return true;
    registration.not_before_ns = 0;
    return false;
  }
  const uint64_t late = context_.choices.FaultAmount(actor, Site::kReadyLate, kLateStepsMax);
  if (late == 0) return false;
  registration.not_before_ns = now_ns + static_cast<int64_t>(late) * kLateStepNs;
  context_.timeline.Add({.kind = WorldEvent::Kind::kNothing}, registration.not_before_ns);
  return true;
}

// Adds the event of one ready handle, or the two that a fault makes of it; `alone` when there is room for one only.
void SimPoller::AddReady(const Registration& registration, Actor actor, const Wire::Readiness& readiness, bool alone) {
  Choices& choices = context_.choices;
  const Interest interest = registration.interest;
  bool readable = readiness.readable && WantsRead(interest);
  bool writable = readiness.writable && WantsWrite(interest);
  if (interest == Interest::kReadWrite && readable != writable) {
    const bool hangup = readiness.peer_ended && readiness.unread_bytes > 0 && choices.Fault(actor, Site::kReadyHangup);
    const bool merged = !hangup && choices.Fault(actor, Site::kReadyMerge);
    readable = readable || hangup || merged;
    writable = writable || hangup || merged;
  }
  const uint64_t split = readable && writable && !alone ? choices.FaultAmount(actor, Site::kReadySplit, 2) : 0;
  if (split != 0) {
    Add(ReadyEvent(registration.token, split == 1, split == 2), Origin::kReal);
    Add(ReadyEvent(registration.token, split == 2, split == 1), Origin::kReal);
    return;
  }
  Add(ReadyEvent(registration.token, readable, writable), Origin::kReal);
  if (!alone && choices.Fault(actor, Site::kReadyRepeat)) {
    Add(ReadyEvent(registration.token, readable, writable), Origin::kRepeated);
  }
}

void SimPoller::Reorder() {
  for (size_t i = 0; i + 1 < batch_.size(); ++i) {
    const uint64_t by = context_.choices.FaultAmount(ActorTable::kServer, Site::kReadyReorder, batch_.size() - 1 - i);
    if (by != 0) std::swap(batch_[i], batch_[i + by]);
  }
}

}  // namespace reprise
