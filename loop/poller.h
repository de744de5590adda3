// Poller: tells which handles are ready, and carries what was finished or asked for elsewhere.
//
// The one place where a program on this loop waits. Readiness is level-triggered: as long as a watched handle can be
// read (or written), each Wait may report it again. A report is a hint, never a promise: the operation that follows may
// still answer would-block, and readable and writable may be reported together or apart, in any order among handles,
// merged or repeated. An event may even be stale, that is, carry the token of a registration that has ended since.
//
// A Poller does not own handles, does not read or write, and does not know who handles an event: it hands tokens back.
#ifndef REPRISE_LOOP_POLLER_H_
#define REPRISE_LOOP_POLLER_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include "loop/handle.h"
#include "loop/status.h"

namespace reprise {

// The directions a handle is watched for. With kNone nothing is reported, or the end of the connection once.
enum class Interest : uint8_t { kNone = 0, kRead = 1, kWrite = 2, kReadWrite = 3 };

inline bool WantsRead(Interest interest) { return (static_cast<uint8_t>(interest) & 1) != 0; }
inline bool WantsWrite(Interest interest) { return (static_cast<uint8_t>(interest) & 2) != 0; }

struct Event {
  enum class Kind : uint8_t {
    kReady,       // `token` is readable and/or writable
    kCompletion,  // what was started under `token` is done, with `result`
    kWake,        // somebody called Wake
    kStop,        // the process was asked to finish (SIGTERM, SIGINT; the end of a simulated run)
  };

  Kind kind = Kind::kReady;
  // An error or hang-up sets each direction the handle is watched for; the next read or write tells which it was.
  bool readable = false;
  bool writable = false;
  Token token;
  int64_t result = 0;  // kCompletion only; its meaning belongs to what was started
};

inline constexpr int64_t kNoDeadline = std::numeric_limits<int64_t>::max();

class Poller {
 public:
  virtual ~Poller() = default;

  // Starts watching `handle`. Its events carry `token`. Errors: kTooManyHandles, kOutOfMemory.
  // REQUIRES: `handle` is open and not watched.
  virtual Status Register(Handle handle, Interest interest, Token token) = 0;

  // Changes what `handle` is watched for. Errors: kOutOfMemory. REQUIRES: `handle` is watched under `token`.
  virtual Status Change(Handle handle, Interest interest, Token token) = 0;

  // Stops watching `handle`. No Wait that begins later reports readiness that arises later, but events that an earlier
  // one collected are still with the caller. REQUIRES: `handle` is watched and still open (call this before Close).
  virtual void Forget(Handle handle) = 0;

  // Waits until there is at least one event, or the monotonic clock has reached `deadline_ns` (as Clock::MonotonicNanos
  // counts; a moment in the past means: only look), or, now and then, for no reason at all. Fills `events` from the
  // front and returns how many, at most events.size(). When more is ready than fits, later calls report the rest, and
  // no handle is passed over for ever. REQUIRES: events is not empty.
  virtual size_t Wait(std::span<Event> events, int64_t deadline_ns) = 0;

  // Makes a Wait that is under way, or else the next one, report kWake soon. Several calls may merge into one event.
  // The only operation that other threads and signal handlers may call.
  virtual void Wake() = 0;
};

}  // namespace reprise

#endif  // REPRISE_LOOP_POLLER_H_
