// KqueuePoller: Poller on the kqueue of FreeBSD, macOS, NetBSD, OpenBSD and DragonFly, level-triggered.
//
// Handles are sockets. A Wait is one system call, and one reading of the clock when there is a deadline to count down
// to; Register is one call, or none with kNone, and Change and Forget one for most changes. The kernel keeps a watch
// for each direction by itself, so readable and writable arrive as two events.
//
// Only what holds on all of these systems is relied on: watches are taken away before their descriptor is closed; how
// much can be read or written is not looked at; the error at an end is kept for the network, as the socket may have
// lost it; and other threads wake the loop through a pipe, because user events are missing here and different there.
//
// A handle watched with kNone is not reported at all.
#ifndef REPRISE_BACKENDS_KQUEUE_POLLER_H_
#define REPRISE_BACKENDS_KQUEUE_POLLER_H_

#include <signal.h>
#include <sys/types.h>
// On some of the systems the next one needs the former.
#include <sys/event.h>

#include <array>
#include <cstdint>
#include <ctime>
#include <memory>
#include <span>
#include <vector>

#include "backends/posix_poller.h"
#include "backends/socket_errors.h"
#include "backends/unique_fd.h"
#include "loop/clock.h"
#include "loop/poller.h"
#include "loop/status.h"

namespace reprise {

class KqueuePoller final : public PosixPoller {
 public:
  // `clock` and `errors` outlive the poller. The latter get what ended a socket, for the PosixNetwork that has it.
  // Errors: kTooManyHandles, kOutOfMemory.
  static Result<std::unique_ptr<KqueuePoller>> Create(Clock& clock, SocketErrors* errors = nullptr);
  ~KqueuePoller() override;

  Status Register(Handle handle, Interest interest, Token token) override;
  Status Change(Handle handle, Interest interest, Token token) override;
  void Forget(Handle handle) override;
  // The process ignores the signals, and so do programs that it starts.
  Status StopOnSignals(std::span<const int> signals) override;

 private:
  struct WatchedSignal {
    int number = 0;
    struct sigaction before {};
  };
  // What came of an attempt to change watches of a descriptor.
  struct Outcome {
    int error = 0;  // an errno, or 0
    Interest done = Interest::kNone;
  };

  // Enough for any sensible span of events; a longer one is filled by several calls of Wait.
  static constexpr size_t kMaxEventsPerWait = 1024;

  KqueuePoller(Clock& clock, SocketErrors* errors, UniqueFd queue, UniqueFd wake_reader, UniqueFd wake_writer);

  size_t WaitForKernel(std::span<Event> events, int64_t deadline_ns) override;
  bool Ring() override;
  Outcome Apply(unsigned action, int fd, Interest directions);
  Status Add(int fd, Interest directions);
  void Remove(int fd, Interest directions);
  int ControlSignal(unsigned action, int signal);
  const timespec* Timeout(int64_t deadline_ns, timespec& storage);
  bool Translate(const struct kevent& from, Event& to);
  void DrainWakePipe();

  SocketErrors* const errors_;  // may be null
  const UniqueFd wake_reader_;
  const UniqueFd wake_writer_;
  const UniqueFd queue_;  // after the pipe, so that it is closed before: no watch outlives its descriptor
  std::vector<WatchedSignal> signals_;

  std::array<struct kevent, kMaxEventsPerWait> ready_;
};

}  // namespace reprise

#endif  // REPRISE_BACKENDS_KQUEUE_POLLER_H_
