#include "proptests/contract/kqueue_shim/shim_queue.h"

#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <utility>
#include <vector>

#include "loop/clock.h"
#include "loop/poller.h"

namespace reprise {
namespace {

constexpr int64_t kRubbish = std::numeric_limits<int64_t>::min() + 12'345;
int64_t NowNanos() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * kNanosPerSecond + now.tv_nsec;
}

int Control(int epoll, int operation, int fd, uint32_t events) {
  epoll_event event{.events = events, .data = {.fd = fd}};
  return ::epoll_ctl(epoll, operation, fd, &event) == 0 ? 0 : errno;
}

// Asking takes the error away, so that whoever relies on the socket to tell it again is found out. Other systems leave
// it.
unsigned TakeSocketError(int fd) {
  int error = 0;
  socklen_t size = sizeof(error);
  return ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? static_cast<unsigned>(error) : 0;
}

sigset_t SetOf(int signal) {
  sigset_t set;
  ::sigemptyset(&set);
  ::sigaddset(&set, signal);
  return set;
}

}  // namespace

std::unique_ptr<ShimQueue> ShimQueue::Create(int outer) {
  UniqueFd readers(::epoll_create1(EPOLL_CLOEXEC));
  UniqueFd writers(::epoll_create1(EPOLL_CLOEXEC));
  if (!readers.valid() || !writers.valid()) return nullptr;
  for (const int inner : {readers.get(), writers.get()}) {
    if (const int error = Control(outer, EPOLL_CTL_ADD, inner, EPOLLIN); error != 0) {
      errno = error;
      return nullptr;
    }
  }
  return std::unique_ptr<ShimQueue>(new ShimQueue(outer, std::move(readers), std::move(writers)));
}

ShimQueue::ShimQueue(int outer, UniqueFd readers, UniqueFd writers)
    : outer_(outer),
      readers_{.epoll = std::move(readers), .filter = EVFILT_READ},
      writers_{.epoll = std::move(writers), .filter = EVFILT_WRITE} {}

// Another owner of the number doesn't hold our instances.
bool ShimQueue::IsOpen() const { return Control(outer_, EPOLL_CTL_MOD, readers_.epoll.get(), EPOLLIN) == 0; }

int ShimQueue::Apply(const struct kevent& change) {
  const int action = change.flags & ~EV_RECEIPT;
  if (action != EV_ADD && action != EV_DELETE) return EINVAL;
  switch (change.filter) {
    case EVFILT_READ:
      return ApplyToSocket(readers_, change);
    case EVFILT_WRITE:
      return ApplyToSocket(writers_, change);
    case EVFILT_SIGNAL:
      return action == EV_ADD ? AddSignal(change) : DeleteSignal(static_cast<int>(change.ident));
    default:
      return EINVAL;
  }
}

int ShimQueue::ApplyToSocket(Watches& watches, const struct kevent& change) {
  const auto fd = static_cast<int>(change.ident);
  if ((change.flags & EV_DELETE) != 0) {
    watches.udata.erase(fd);
    return Control(watches.epoll.get(), EPOLL_CTL_DEL, fd, 0);
  }
  const uint32_t events = watches.filter == EVFILT_READ ? EPOLLIN | EPOLLRDHUP : EPOLLOUT;
  int error = Control(watches.epoll.get(), EPOLL_CTL_ADD, fd, events);
  if (error == EEXIST) error = 0;  // adding again only changes what goes with the watch
  if (error == 0) watches.udata[fd] = change.udata;
  return error;
}

int ShimQueue::AddSignal(const struct kevent& change) {
  const auto number = static_cast<int>(change.ident);
  const sigset_t set = SetOf(number);
  UniqueFd fd(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!fd.valid()) return errno;
  if (const int error = Control(readers_.epoll.get(), EPOLL_CTL_ADD, fd.get(), EPOLLIN); error != 0) return error;
  sigset_t before;
  ::pthread_sigmask(SIG_BLOCK, &set, &before);
  const int key = fd.get();
  signals_[key] = {
      .number = number, .fd = std::move(fd), .was_blocked = ::sigismember(&before, number) == 1, .udata = change.udata};
  return 0;
}

int ShimQueue::DeleteSignal(int number) {
  const auto found =
      std::find_if(signals_.begin(), signals_.end(), [&](const auto& entry) { return entry.second.number == number; });
  if (found == signals_.end()) return ENOENT;
  const sigset_t set = SetOf(number);
  if (!found->second.was_blocked) ::pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
  signals_.erase(found);
  return 0;
}

int ShimQueue::Collect(std::span<struct kevent> events, const timespec* timeout) {
  const int64_t deadline_ns =
      timeout == nullptr ? kNoDeadline : NowNanos() + timeout->tv_sec * kNanosPerSecond + timeout->tv_nsec;
  for (;;) {
    if (const size_t count = CollectNow(events); count > 0) return static_cast<int>(count);
    int wait_ms = -1;
    if (timeout != nullptr) {
      const int64_t left_ns = deadline_ns - NowNanos();
      if (left_ns <= 0) return 0;
      const int64_t left_ms = (left_ns - 1) / kNanosPerMilli + 1;  // rounded up
      wait_ms = static_cast<int>(std::min<int64_t>(left_ms, std::numeric_limits<int>::max()));
    }
    epoll_event either{};
    if (::epoll_wait(outer_, &either, 1, wait_ms) < 0) return -1;
  }
}

// A kqueue has one list for all; here the two directions take turns in being asked first, so that neither is passed
// over where there's no room for both.
size_t ShimQueue::CollectNow(std::span<struct kevent> events) {
  writers_first_ = !writers_first_;
  Watches& first = writers_first_ ? writers_ : readers_;
  Watches& second = writers_first_ ? readers_ : writers_;
  const size_t count = CollectFrom(first, events);
  return count + CollectFrom(second, events.subspan(count));
}

size_t ShimQueue::CollectFrom(Watches& watches, std::span<struct kevent> events) {
  if (events.empty()) return 0;
  std::vector<epoll_event> ready(events.size());
  const int got = ::epoll_wait(watches.epoll.get(), ready.data(), static_cast<int>(ready.size()), 0);
  size_t count = 0;
  for (int i = 0; i < got; ++i) {
    const epoll_event& from = ready[static_cast<size_t>(i)];
    struct kevent& event = events[count];
    event = {};
    event.data = kRubbish;
    if (signals_.contains(from.data.fd)) {
      if (TakeSignal(from.data.fd, event)) ++count;
      continue;
    }
    event.ident = static_cast<uintptr_t>(from.data.fd);
    event.filter = watches.filter;
    event.udata = watches.udata[from.data.fd];
    if ((from.events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) {
      event.flags = EV_EOF;
      event.fflags = TakeSocketError(from.data.fd);
    }
    ++count;
  }
  return count;
}

// All that came since the last time are one event.
bool ShimQueue::TakeSignal(int fd, struct kevent& event) {
  const SignalWatch& watch = signals_.at(fd);
  signalfd_siginfo signal;
  bool any = false;
  while (::read(fd, &signal, sizeof(signal)) == sizeof(signal)) any = true;
  event.ident = static_cast<uintptr_t>(watch.number);
  event.filter = EVFILT_SIGNAL;
  event.udata = watch.udata;
  return any;
}

}  // namespace reprise
