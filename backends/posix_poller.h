// PosixPoller: what the operating system's pollers share: how a Wait goes, wake-ups, completions, and the table of
// what is watched.
//
// A Wait is one question to the kernel. Before it, what an earlier Wait found no room for gets its share of the events,
// and the kernel is only looked at; after it, wake-ups and completions that came meanwhile take the room that is left.
// The table turns a descriptor's number into the token of its registration. A poller changes it together with what the
// kernel watches, so that no event of an ended registration gets through. It has an entry for each number up to the
// highest one.
//
// Thread: one. Only Wake and PostCompletion may be called from others, Wake from signal handlers too.
#ifndef REPRISE_BACKENDS_POSIX_POLLER_H_
#define REPRISE_BACKENDS_POSIX_POLLER_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "backends/completion_queue.h"
#include "loop/clock.h"
#include "loop/poller.h"
#include "loop/status.h"

namespace reprise {

class PosixPoller : public Poller {
 public:
  size_t Wait(std::span<Event> events, int64_t deadline_ns) final;
  void Wake() final;

  // From any thread: a Wait under way, or the next ones, report kCompletion with `token` and `result`, each post once
  // and in the order of posting.
  void PostCompletion(Token token, int64_t result);

  // From now on each of `signals` is reported as kStop instead of ending the process (several of the same may merge).
  // The destructor puts back what was before. Errors: kTooManyHandles, kOutOfMemory, and then nothing has changed.
  // REQUIRES: not called before.
  virtual Status StopOnSignals(std::span<const int> signals) = 0;

 protected:
  // What is remembered of a watched descriptor.
  struct Registration {
    Token token;
    Interest interest = Interest::kNone;
    bool active = false;
  };

  // `clock` outlives the poller.
  explicit PosixPoller(Clock& clock) : clock_(clock) {}

  // Asks the kernel, once, which handles are ready, and blocks until `deadline_ns` at most. Fills `events`, which is
  // not empty, from the front, with readiness and kStop, and returns how many. Calls CollectCompletions when the kernel
  // tells of a Ring.
  virtual size_t WaitForKernel(std::span<Event> events, int64_t deadline_ns) = 0;
  // Has the kernel end a WaitForKernel under way, or else the next one. From any thread or signal handler; may change
  // errno. False: it could not, since so many rings wait to be told already that one more makes no difference.
  virtual bool Ring() = 0;

  // kNoDeadline, or how long it is until then; 0 if it is past.
  int64_t NanosUntil(int64_t deadline_ns);
  void CollectCompletions() { completions_.Collect(); }

  // The place of a handle that is about to be watched; not active yet. Valid until the next call. REQUIRES: the handle
  // and the token are valid, and the handle is not watched.
  Registration& PlaceFor(Handle handle, Token token);
  // REQUIRES: the handle is watched.
  Registration& Watched(Handle handle);
  // Of an event. REQUIRES: the descriptor is watched.
  const Registration& WatchedUnder(size_t descriptor) const;

 private:
  Clock& clock_;
  CompletionQueue completions_;
  std::vector<Registration> registrations_;  // index: file descriptor
};

}  // namespace reprise

#endif  // REPRISE_BACKENDS_POSIX_POLLER_H_
