#include "backends/epoll_poller.h"

#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <utility>

#include "backends/errno_mapping.h"
#include "loop/check.h"

namespace reprise {
namespace {

// What the kernel gives back with an event: the descriptor, or one of these for our own two.
constexpr uint64_t kWakeKey = uint64_t{1} << 32;
constexpr uint64_t kSignalKey = uint64_t{2} << 32;

uint32_t EpollEvents(Interest interest) {
  // Errors and hang-ups are reported unasked. With nothing to wait for they would be reported for ever: once will do.
  if (interest == Interest::kNone) return EPOLLET;
  return (WantsRead(interest) ? EPOLLIN : 0U) | (WantsWrite(interest) ? EPOLLOUT : 0U);
}

Status AddInternal(int epoll, int fd, uint32_t events, uint64_t key) {
  epoll_event event{.events = events, .data = {.u64 = key}};
  if (::epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) == 0) return {};
  return StatusFromErrno(CodeFromErrno(errno), errno, "epoll_ctl");
}

}  // namespace

Result<std::unique_ptr<EpollPoller>> EpollPoller::Create(Clock& clock, SocketErrors*) {
  UniqueFd epoll(::epoll_create1(EPOLL_CLOEXEC));
  if (!epoll.valid()) return StatusFromErrno(CodeFromErrno(errno), errno, "epoll_create1");
  UniqueFd wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!wake.valid()) return StatusFromErrno(CodeFromErrno(errno), errno, "eventfd");
  // Edge-triggered: each write to it is reported once, and nobody has to read it empty.
  if (Status added = AddInternal(epoll.get(), wake.get(), EPOLLIN | EPOLLET, kWakeKey); !added.ok()) return added;
  return std::unique_ptr<EpollPoller>(new EpollPoller(clock, std::move(epoll), std::move(wake)));
}

EpollPoller::EpollPoller(Clock& clock, UniqueFd epoll, UniqueFd wake)
    : PosixPoller(clock), epoll_(std::move(epoll)), wake_(std::move(wake)) {}

EpollPoller::~EpollPoller() {
  if (!signals_.valid()) return;
  // A second request that came while the first was served must not end the process now, half-way out.
  signalfd_siginfo signal;
  while (::read(signals_.get(), &signal, sizeof(signal)) == sizeof(signal)) {
  }
  ::pthread_sigmask(SIG_SETMASK, &mask_before_, nullptr);
}

Status EpollPoller::Register(Handle handle, Interest interest, Token token) {
  Registration& registration = PlaceFor(handle, token);
  if (Status added = Control(EPOLL_CTL_ADD, handle.id, interest); !added.ok()) return added;
  registration = {.token = token, .interest = interest, .active = true};
  return {};
}

Status EpollPoller::Change(Handle handle, Interest interest, Token token) {
  Registration& registration = Watched(handle);
  CHECK(registration.token == token);
  Status modified = Control(EPOLL_CTL_MOD, handle.id, interest);
  if (modified.ok()) registration.interest = interest;
  return modified;
}

void EpollPoller::Forget(Handle handle) {
  Watched(handle).active = false;
  CHECK(::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, handle.id, nullptr) == 0);  // fails if closed before: a bug
}

size_t EpollPoller::WaitForKernel(std::span<Event> events, int64_t deadline_ns) {
  const auto most = static_cast<int>(std::min(events.size(), ready_.size()));
  const int got = ::epoll_wait(epoll_.get(), ready_.data(), most, TimeoutMillis(deadline_ns));
  CHECK(got >= 0 || errno == EINTR);  // a signal's handler ran: a Wait may end for no reason
  size_t count = 0;
  for (int i = 0; i < got; ++i) {
    if (Translate(ready_[static_cast<size_t>(i)], events[count])) ++count;
  }
  return count;
}

bool EpollPoller::Ring() {
  const uint64_t one = 1;
  return ::write(wake_.get(), &one, sizeof(one)) == sizeof(one);
}

Status EpollPoller::StopOnSignals(std::span<const int> signals) {
  CHECK(!signals_.valid());
  sigset_t set;
  ::sigemptyset(&set);
  for (const int signal : signals) CHECK(::sigaddset(&set, signal) == 0);
  UniqueFd fd(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!fd.valid()) return StatusFromErrno(CodeFromErrno(errno), errno, "signalfd");
  if (Status added = AddInternal(epoll_.get(), fd.get(), EPOLLIN, kSignalKey); !added.ok()) return added;
  CHECK(::pthread_sigmask(SIG_BLOCK, &set, &mask_before_) == 0);
  signals_ = std::move(fd);
  return {};
}

Status EpollPoller::Control(int operation, int fd, Interest interest) {
  epoll_event event{.events = EpollEvents(interest), .data = {.u64 = static_cast<uint64_t>(fd)}};
  if (::epoll_ctl(epoll_.get(), operation, fd, &event) == 0) return {};
  // ENOSPC: the user's limit of watches. Anything else than these two is a misuse: closed, or watched twice.
  CHECK(errno == ENOMEM || errno == ENOSPC);
  return Status(errno == ENOMEM ? ErrorCode::kOutOfMemory : ErrorCode::kTooManyHandles, "epoll_ctl");
}

int EpollPoller::TimeoutMillis(int64_t deadline_ns) {
  const int64_t left_ns = NanosUntil(deadline_ns);
  if (left_ns == kNoDeadline) return -1;
  const int64_t millis = left_ns / kNanosPerMilli + (left_ns % kNanosPerMilli != 0 ? 1 : 0);  // rounded up
  return static_cast<int>(std::min<int64_t>(millis, std::numeric_limits<int>::max()));
}

bool EpollPoller::Translate(const epoll_event& from, Event& to) {
  const uint64_t key = from.data.u64;
  if (key >= kWakeKey) [[unlikely]] {
    return TranslateInternal(key, to);
  }
  const Registration& registration = WatchedUnder(key);
  const bool ended = (from.events & (EPOLLERR | EPOLLHUP)) != 0;
  to = {.kind = Event::Kind::kReady,
        .readable = (from.events & EPOLLIN) != 0 || (ended && WantsRead(registration.interest)),
        .writable = (from.events & EPOLLOUT) != 0 || (ended && WantsWrite(registration.interest)),
        .token = registration.token,
        .result = 0};
  return true;
}

// Wake-ups and completions are only collected here: they are delivered after the handles, in what room is left.
bool EpollPoller::TranslateInternal(uint64_t which, Event& to) {
  if (which == kWakeKey) {
    CollectCompletions();
    return false;
  }
  CHECK(which == kSignalKey);
  signalfd_siginfo signal;
  if (::read(signals_.get(), &signal, sizeof(signal)) != sizeof(signal)) return false;
  to = Event();
  to.kind = Event::Kind::kStop;
  return true;
}

}  // namespace reprise
