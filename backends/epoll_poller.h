// EpollPoller: Poller on Linux's epoll, level-triggered.
//
// A Wait is one system call, and one reading of the clock when there is a deadline to count down to; Register, Change
// and Forget are one epoll_ctl each. Deadlines are rounded up to whole milliseconds, so that a timer that was waited
// for is due when Wait returns.
//
// A handle watched with kNone tells the end of its connection once, by an event with neither direction, and not again
// and again: nothing that the loop is willing to do would make it go away.
#ifndef REPRISE_BACKENDS_EPOLL_POLLER_H_
#define REPRISE_BACKENDS_EPOLL_POLLER_H_

#include <signal.h>
#include <sys/epoll.h>

#include <array>
#include <cstdint>
#include <memory>
#include <span>

#include "backends/posix_poller.h"
#include "backends/socket_errors.h"
#include "backends/unique_fd.h"
#include "loop/clock.h"
#include "loop/poller.h"
#include "loop/status.h"

namespace reprise {

class EpollPoller final : public PosixPoller {
 public:
  // `clock` outlives the poller. The errors are taken as every poller of a system takes them, but with epoll a socket
  // keeps its own: nothing is put there. Errors: kTooManyHandles, kOutOfMemory.
  static Result<std::unique_ptr<EpollPoller>> Create(Clock& clock, SocketErrors* errors = nullptr);
  ~EpollPoller() override;

  Status Register(Handle handle, Interest interest, Token token) override;
  Status Change(Handle handle, Interest interest, Token token) override;
  void Forget(Handle handle) override;
  // The signals are blocked in the calling thread, and so in every thread and child that it starts afterwards: call
  // this before starting any.
  Status StopOnSignals(std::span<const int> signals) override;

 private:
  // Enough for any sensible span of events; a longer one is filled by several calls of Wait.
  static constexpr size_t kMaxEventsPerWait = 1024;

  EpollPoller(Clock& clock, UniqueFd epoll, UniqueFd wake);

  size_t WaitForKernel(std::span<Event> events, int64_t deadline_ns) override;
  bool Ring() override;
  Status Control(int operation, int fd, Interest interest);
  int TimeoutMillis(int64_t deadline_ns);
  bool Translate(const epoll_event& from, Event& to);
  bool TranslateInternal(uint64_t which, Event& to);

  const UniqueFd epoll_;
  const UniqueFd wake_;
  UniqueFd signals_;
  sigset_t mask_before_{};  // meaningful once signals_ is open

  std::array<epoll_event, kMaxEventsPerWait> ready_;
};

}  // namespace reprise

#endif  // REPRISE_BACKENDS_EPOLL_POLLER_H_
