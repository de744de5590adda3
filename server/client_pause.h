// ClientPause: a time in which clients' requests wait, all of them or those that may change something (CLIENT PAUSE).
//
// Borrows the loop. Whoever holds requests back asks Holds() before each, and is told by `resume` when they may go on.
#ifndef REPRISE_SERVER_CLIENT_PAUSE_H_
#define REPRISE_SERVER_CLIENT_PAUSE_H_

#include <cstdint>
#include <functional>
#include <utility>

#include "loop/event_loop.h"

namespace reprise {

class ClientPause {
 public:
  enum class Mode : uint8_t { kNone, kWrites, kAll };

  // `resume` is called at the end of each pause, from the loop or from within End.
  ClientPause(EventLoop& loop, std::function<void()> resume)
      : loop_(loop), resume_(std::move(resume)), timer_([this] { End(); }) {}

  // From now on, for `duration_ms`, which is not negative. While a pause lasts, the stricter mode and the later end of
  // the two hold, as in Redis.
  void Begin(Mode mode, int64_t duration_ms);
  // Ends it, if there is one.
  void End();

  bool active() const { return mode_ != Mode::kNone; }
  // Whether a command with these flags is to wait.
  bool Holds(uint32_t command_flags) const;

 private:
  EventLoop& loop_;
  std::function<void()> resume_;
  Timer timer_;
  Mode mode_ = Mode::kNone;
  int64_t end_ns_ = 0;
};

}  // namespace reprise

#endif  // REPRISE_SERVER_CLIENT_PAUSE_H_
