// Acceptor: takes the connections of one listening address, a bounded number a turn.
//
// When the process has no handle left, accepting pauses for a moment instead of spinning: the connections wait in the
// backlog meanwhile.
#ifndef REPRISE_LOOP_ACCEPTOR_H_
#define REPRISE_LOOP_ACCEPTOR_H_

#include <cstddef>
#include <functional>
#include <memory>

#include "loop/event_loop.h"
#include "loop/network.h"

namespace reprise {

class Acceptor final : private Watcher {
 public:
  struct Options {
    ListenOptions listen;
    // The rest waits for the next turn, so that a flood of newcomers doesn't starve those who work.
    size_t accepts_per_turn_max = 64;
    int64_t pause_ns = 100 * kNanosPerMilli;
    Priority priority = Priority::kNormal;
  };
  // Owns the handle it is given, from then on.
  using OnAccepted = std::function<void(Handle)>;

  // Listens on `address`. `loop` and `network` outlive the acceptor. Errors: as Network::Listen, EventLoop::Watch.
  static Result<std::unique_ptr<Acceptor>> Open(EventLoop& loop, Network& network, const Address& address,
                                                const Options& options, OnAccepted on_accepted);
  // Stops listening. What waits in the backlog is refused.
  ~Acceptor();
  Acceptor(const Acceptor&) = delete;
  Acceptor& operator=(const Acceptor&) = delete;

  // Where it listens; the port is the real one where 0 was asked for.
  const Address& address() const { return address_; }

 private:
  Acceptor(EventLoop& loop, Network& network, Handle handle, Options options, OnAccepted on_accepted);

  void OnReady(bool readable, bool writable) override;
  void Pause();
  void Resume();

  EventLoop& loop_;
  Network& network_;
  Handle handle_;
  Options options_;
  OnAccepted on_accepted_;
  Address address_;
  Token token_;
  Timer resume_timer_;
};

}  // namespace reprise

#endif  // REPRISE_LOOP_ACCEPTOR_H_
