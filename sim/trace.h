// Trace: everything that happens in a simulated run, as a running hash, and on request as a list of steps.
//
// Each call of Add is a step, numbered from 1. The hash covers every step's time, kind, actor, numbers and bytes, and
// is the same under every compiler, optimisation level and sanitizer, or else the run itself was not. Two runs with
// equal hashes did the same; when they differ, record both and compare step by step (trace_diff.h).
#ifndef REPRISE_SIM_TRACE_H_
#define REPRISE_SIM_TRACE_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/actor.h"
#include "sim/fault_sites.h"
#include "sim/mix.h"

namespace reprise {

enum class StepKind : uint8_t {
  // The world. a and b are explained here; bytes only where it says so.
  kChoice,        // actor was answered `b` at site a & 0xff, occurrence or key a >> 9, keyed when a & 0x100
  kSegment,       // on connection `actor` b bytes arrived, a: from side 0 (who opened it) or 1
  kEndArrives,    // end of stream arrived, a: the side it came from
  kResetArrives,  // a reset arrived, a: the side it came from
  kTimeout,       // the side `a` has given up on the connection
  kConnTorn,      // a fault tore the connection down
  kConnVanished,  // nothing passes between the sides any more
  kConnRefused,   // a: ErrorCode
  kConnWaits,     // the connection waits to be accepted by listener a
  kClockJump,     // wall time jumps by a microseconds
  kHeal,          // no fault strikes any more
  kStuck,         // nothing will ever happen again
  kStepLimit,     // the run has too many steps
  // The program under test.
  kListen,         // a: handle, b: port
  kAccept,         // a: handle or -1, b: ErrorCode; actor: the listener, or the connection
  kConnect,        // a: handle or -1, b: ErrorCode
  kConnectResult,  // a: handle, b: ErrorCode
  kRead,           // a: handle, b: bytes, or -ErrorCode; the bytes
  kWrite,          // a: handle, b: bytes taken, or -ErrorCode; the bytes taken
  kShutdown,       // a: handle, b: ErrorCode
  kClose,          // a: handle
  kAbort,          // a: handle
  kRegister,       // a: handle, b: Interest, or -ErrorCode
  kChange,         // a: handle, b: Interest, or -ErrorCode
  kForget,         // a: handle
  kWait,           // a: deadline
  kWaitDone,       // a: events reported
  kEvent,          // a: token, packed; b: Event::Kind | readable << 8 | writable << 9 | stale or spurious << 10
  kDied,           // a: Death
  kStarts,         // its next life begins; a: how many were before
  // The clients.
  kPeerConnect,  // actor: the client; a: port
  kPeerConnected,
  kPeerSend,   // b: bytes; the bytes
  kPeerBytes,  // b: bytes received; the bytes
  kPeerShutdown,
  kPeerClose,  // a: 1 when a fault closed it
  kPeerAbort,
  kPeerEnd,      // the program's end of stream has reached the client
  kPeerLost,     // a: ErrorCode; the client's connection is gone, or was not made
  kPeerReading,  // a: 1 it reads, 0 it has stopped
  kTimer,        // an actor's own timer; a: what
  // Whoever runs the world.
  kNote,    // a, b and text as the caller likes
  kDigest,  // a: a hash of the program's state
};

std::string_view StepName(StepKind kind);

struct Step {
  uint64_t number = 0;
  int64_t time_ns = 0;  // since the beginning of the run
  StepKind kind = StepKind::kNote;
  Actor actor;
  int64_t a = 0;
  int64_t b = 0;
  uint64_t bytes_at = 0;  // where its bytes are in the trace's memory (Trace::BytesOf)
  uint32_t bytes = 0;
  uint64_t hash = 0;  // of everything up to and with this step
};

class Trace {
 public:
  enum class Keep : uint8_t {
    kNothing,  // the hash and the number of steps
    kSteps,    // and every step but choices answered 0
    kAll,
  };

  explicit Trace(Keep keep = Keep::kNothing) : keep_(keep) {}

  // The virtual time of the steps that follow.
  void SetTime(int64_t time_ns) { time_ns_ = time_ns; }
  void Add(StepKind kind, Actor actor, int64_t a = 0, int64_t b = 0) {
    Mix(kind, actor, a, b, 0);
    if (keep_ != Keep::kNothing) Record(kind, actor, a, b, {});
  }
  void AddBytes(StepKind kind, Actor actor, int64_t a, int64_t b, std::string_view bytes) {
    Mix(kind, actor, a, b, HashBytes(bytes));
    if (keep_ != Keep::kNothing) Record(kind, actor, a, b, bytes);
  }
  void AddChoice(Actor actor, Site site, bool keyed, uint64_t key, uint64_t value) {
    const auto a = static_cast<int64_t>(key << 9 | uint64_t{keyed} << 8 | static_cast<uint8_t>(site));
    Mix(StepKind::kChoice, actor, a, static_cast<int64_t>(value), 0);
    if (keep_ == Keep::kAll || (keep_ == Keep::kSteps && value != 0)) {
      Record(StepKind::kChoice, actor, a, static_cast<int64_t>(value), {});
    }
  }

  // Adds a step as it was recorded elsewhere: its hash is taken as it is, and the trace goes on from there.
  void Restore(const Step& step, std::string_view bytes);

  // Calls `sink` with each step that is kept, as it is added.
  void SetSink(std::function<void(const Step&)> sink) { sink_ = std::move(sink); }

  uint64_t hash() const { return hash_; }
  uint64_t step_count() const { return step_count_; }
  bool keeps_steps() const { return keep_ != Keep::kNothing; }
  const std::vector<Step>& steps() const { return steps_; }
  // Valid until the next step is added.
  std::string_view BytesOf(const Step& step) const { return {bytes_.data() + step.bytes_at, step.bytes}; }

 private:
  void Mix(StepKind kind, Actor actor, int64_t a, int64_t b, uint64_t bytes_hash) {
    ++step_count_;
    const uint64_t head = uint64_t{actor.id} << 8 | static_cast<uint8_t>(kind);
    uint64_t h = (std::rotl(hash_, 29) ^ head) * 0x9fb21c651e98df25u;
    h = (std::rotl(h, 31) ^ static_cast<uint64_t>(time_ns_)) * 0xd6e8feb86659fd93u;
    h = (std::rotl(h, 27) ^ static_cast<uint64_t>(a)) * 0x9fb21c651e98df25u;
    h = (std::rotl(h, 33) ^ static_cast<uint64_t>(b)) * 0xd6e8feb86659fd93u;
    hash_ = h ^ (h >> 32) ^ bytes_hash;
  }
  void Record(StepKind kind, Actor actor, int64_t a, int64_t b, std::string_view bytes);

  uint64_t hash_ = 0x5265'7072'6973'6531u;
  uint64_t step_count_ = 0;
  int64_t time_ns_ = 0;
  Keep keep_;
  std::vector<Step> steps_;
  std::string bytes_;
  std::function<void(const Step&)> sink_;
};

}  // namespace reprise

#endif  // REPRISE_SIM_TRACE_H_
