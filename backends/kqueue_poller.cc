#include "backends/kqueue_poller.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <span>
#include <type_traits>
#include <utility>

#include "backends/errno_mapping.h"
#include "loop/check.h"

namespace reprise {
namespace {

// The structure's fields have other types on each system, and filters are negative numbers on most of them but
// unsigned ones from 0 on NetBSD: there is no number that is no filter, and none to count with.
using NativeEvent = struct kevent;
using Filter = decltype(NativeEvent::filter);
using Flags = decltype(NativeEvent::flags);
constexpr auto kReadFilter = static_cast<Filter>(EVFILT_READ);
constexpr auto kWriteFilter = static_cast<Filter>(EVFILT_WRITE);
constexpr auto kSignalFilter = static_cast<Filter>(EVFILT_SIGNAL);
static_assert(kReadFilter != kWriteFilter && kReadFilter != kSignalFilter && kWriteFilter != kSignalFilter);

// What headers were seen to say, those of macOS, FreeBSD, NetBSD and OpenBSD and the one of the tests. Nothing here
// depends on the numbers, but a header that says otherwise is not one that this was tried with.
static_assert(EV_ADD == 0x0001 && EV_DELETE == 0x0002 && EV_RECEIPT == 0x0040);
static_assert(EV_ERROR == 0x4000 && EV_EOF == 0x8000);
#if defined(__NetBSD__)
static_assert(std::is_unsigned_v<Filter> && EVFILT_READ == 0 && EVFILT_WRITE == 1 && EVFILT_SIGNAL == 5);
#else
static_assert(std::is_signed_v<Filter> && EVFILT_READ == -1 && EVFILT_WRITE == -2 && EVFILT_SIGNAL == -6);
#endif
#if defined(__LP64__)
constexpr size_t kFieldBytes = sizeof(Filter);
#if defined(__NetBSD__)
static_assert(kFieldBytes == 4 && sizeof(NativeEvent) == 40 && offsetof(NativeEvent, data) == 24);
#else
static_assert(kFieldBytes == 2 && offsetof(NativeEvent, data) == 16);
#if defined(__APPLE__) || defined(__OpenBSD__)
static_assert(sizeof(NativeEvent) == 32);
#else
static_assert(sizeof(NativeEvent) == 64);
#endif
#endif
static_assert(offsetof(NativeEvent, ident) == 0 && offsetof(NativeEvent, filter) == 8);
static_assert(offsetof(NativeEvent, flags) == 8 + kFieldBytes && offsetof(NativeEvent, fflags) == 8 + 2 * kFieldBytes);
static_assert(offsetof(NativeEvent, udata) == offsetof(NativeEvent, data) + 8);
#endif

// Some systems refuse waits of several years. A Wait may end for no reason now and then.
constexpr int64_t kWaitMaxNanos = 24 * 3600 * kNanosPerSecond;

constexpr Interest Without(Interest all, Interest some) {
  return static_cast<Interest>(static_cast<unsigned>(all) & ~static_cast<unsigned>(some));
}

// With EV_RECEIPT each change is answered by an event of its own, so that one which fails doesn't hide the others.
NativeEvent MakeChange(unsigned action, int ident, Filter filter) {
  NativeEvent change{};
  change.ident = static_cast<decltype(change.ident)>(ident);
  change.filter = filter;
  change.flags = static_cast<Flags>(action | EV_RECEIPT);
  return change;
}

// The lengths are of type int, but on NetBSD size_t: which, is found from the call itself.
template <typename Length>
int CallWith(int (*call)(int, const NativeEvent*, Length, NativeEvent*, Length, const timespec*), int queue,
             std::span<const NativeEvent> changes, std::span<NativeEvent> events, const timespec* timeout) {
  return call(queue, changes.data(), static_cast<Length>(changes.size()), events.data(),
              static_cast<Length>(events.size()), timeout);
}

int Call(int queue, std::span<const NativeEvent> changes, std::span<NativeEvent> events, const timespec* timeout) {
  return CallWith(&::kevent, queue, changes, events, timeout);
}

bool SetFlags(int fd) { return ::fcntl(fd, F_SETFD, FD_CLOEXEC) == 0 && ::fcntl(fd, F_SETFL, O_NONBLOCK) == 0; }

Status LastError(const char* operation) { return StatusFromErrno(CodeFromErrno(errno), errno, operation); }

// Anything but a lack of resources is a misuse: a descriptor that is closed, or not a socket.
Status LackOf(int error) {
  const bool memory = error == ENOMEM;
  CHECK(memory || error == ENOSPC || error == EMFILE || error == ENFILE);
  return Status(memory ? ErrorCode::kOutOfMemory : ErrorCode::kTooManyHandles, "kevent");
}

}  // namespace

Result<std::unique_ptr<KqueuePoller>> KqueuePoller::Create(Clock& clock, SocketErrors* errors) {
  UniqueFd queue(::kqueue());
  if (!queue.valid() || ::fcntl(queue.get(), F_SETFD, FD_CLOEXEC) != 0) return LastError("kqueue");
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) return LastError("pipe");
  UniqueFd reader(ends[0]);
  UniqueFd writer(ends[1]);
  if (!SetFlags(reader.get()) || !SetFlags(writer.get())) return LastError("fcntl");
  std::unique_ptr<KqueuePoller> poller(
      new KqueuePoller(clock, errors, std::move(queue), std::move(reader), std::move(writer)));
  if (Status added = poller->Add(poller->wake_reader_.get(), Interest::kRead); !added.ok()) return added;
  return poller;
}

KqueuePoller::KqueuePoller(Clock& clock, SocketErrors* errors, UniqueFd queue, UniqueFd wake_reader,
                           UniqueFd wake_writer)
    : PosixPoller(clock),
      errors_(errors),
      wake_reader_(std::move(wake_reader)),
      wake_writer_(std::move(wake_writer)),
      queue_(std::move(queue)) {}

KqueuePoller::~KqueuePoller() {
  // While the signals are still ignored: a second request that came while the first was served must not end the process
  // now, half-way out.
  for (const WatchedSignal& signal : signals_) {
    CHECK(ControlSignal(EV_DELETE, signal.number) == 0);
    CHECK(::sigaction(signal.number, &signal.before, nullptr) == 0);
  }
}

Status KqueuePoller::Register(Handle handle, Interest interest, Token token) {
  Registration& registration = PlaceFor(handle, token);
  if (Status added = Add(handle.id, interest); !added.ok()) return added;
  registration = {.token = token, .interest = interest, .active = true};
  return {};
}

// First what is new, then what goes: if the former fails, all is as before, and the latter doesn't fail.
Status KqueuePoller::Change(Handle handle, Interest interest, Token token) {
  Registration& registration = Watched(handle);
  CHECK(registration.token == token);
  const Interest before = registration.interest;
  if (Status added = Add(handle.id, Without(interest, before)); !added.ok()) return added;
  Remove(handle.id, Without(before, interest));
  registration.interest = interest;
  return {};
}

void KqueuePoller::Forget(Handle handle) {
  Registration& registration = Watched(handle);
  registration.active = false;
  Remove(handle.id, registration.interest);
}

size_t KqueuePoller::WaitForKernel(std::span<Event> events, int64_t deadline_ns) {
  timespec storage{};
  const timespec* timeout = Timeout(deadline_ns, storage);
  const size_t most = std::min(events.size(), ready_.size());
  const int got = Call(queue_.get(), {}, std::span(ready_).first(most), timeout);
  CHECK(got >= 0 || errno == EINTR);  // a signal's handler ran: a Wait may end for no reason
  size_t count = 0;
  for (int i = 0; i < got; ++i) {
    if (Translate(ready_[static_cast<size_t>(i)], events[count])) ++count;
  }
  return count;
}

// The pipe is never full of what Post asks for: see DrainWakePipe.
bool KqueuePoller::Ring() {
  const char byte = 0;
  return ::write(wake_writer_.get(), &byte, 1) == 1;
}

Status KqueuePoller::StopOnSignals(std::span<const int> signals) {
  CHECK(signals_.empty());
  for (size_t i = 0; i < signals.size(); ++i) {
    const int error = ControlSignal(EV_ADD, signals[i]);
    if (error == 0) continue;
    for (const int added : signals.first(i)) CHECK(ControlSignal(EV_DELETE, added) == 0);
    return LackOf(error);
  }
  // Only now, so that there's no moment in which a signal is lost. The kernel counts those too that are ignored.
  for (const int signal : signals) {
    WatchedSignal watched{.number = signal};
    struct sigaction ignore {};
    ignore.sa_handler = SIG_IGN;
    CHECK(::sigaction(signal, &ignore, &watched.before) == 0);
    signals_.push_back(watched);
  }
  return {};
}

KqueuePoller::Outcome KqueuePoller::Apply(unsigned action, int fd, Interest directions) {
  std::array<NativeEvent, 2> changes;
  size_t count = 0;
  if (WantsRead(directions)) changes[count++] = MakeChange(action, fd, kReadFilter);
  if (WantsWrite(directions)) changes[count++] = MakeChange(action, fd, kWriteFilter);
  if (count == 0) return {};
  // As long as the list of changes: where there's no room for an answer, the changes after it are not made.
  std::array<NativeEvent, 2> answers;
  const timespec at_once{};
  const int got = Call(queue_.get(), std::span(changes).first(count), std::span(answers).first(count), &at_once);
  if (got < 0) return {.error = errno};
  CHECK(static_cast<size_t>(got) == count);
  Outcome outcome{.done = directions};
  for (const NativeEvent& answer : std::span(answers).first(count)) {
    CHECK((answer.flags & EV_ERROR) != 0);
    if (answer.data == 0) continue;
    outcome.error = static_cast<int>(answer.data);
    outcome.done = Without(outcome.done, answer.filter == kReadFilter ? Interest::kRead : Interest::kWrite);
  }
  return outcome;
}

Status KqueuePoller::Add(int fd, Interest directions) {
  const Outcome outcome = Apply(EV_ADD, fd, directions);
  if (outcome.error == 0) return {};
  Remove(fd, outcome.done);
  return LackOf(outcome.error);
}

void KqueuePoller::Remove(int fd, Interest directions) {
  CHECK(Apply(EV_DELETE, fd, directions).error == 0);  // fails if closed before: a bug
}

// Returns an errno, or 0.
int KqueuePoller::ControlSignal(unsigned action, int signal) {
  const NativeEvent change = MakeChange(action, signal, kSignalFilter);
  NativeEvent answer{};
  const timespec at_once{};
  const int got = Call(queue_.get(), {&change, 1}, {&answer, 1}, &at_once);
  if (got < 0) return errno;
  CHECK(got == 1 && (answer.flags & EV_ERROR) != 0);
  return static_cast<int>(answer.data);
}

const timespec* KqueuePoller::Timeout(int64_t deadline_ns, timespec& storage) {
  const int64_t left_ns = NanosUntil(deadline_ns);
  if (left_ns == kNoDeadline) return nullptr;
  const int64_t wait_ns = std::min(left_ns, kWaitMaxNanos);
  storage.tv_sec = static_cast<decltype(storage.tv_sec)>(wait_ns / kNanosPerSecond);
  storage.tv_nsec = static_cast<decltype(storage.tv_nsec)>(wait_ns % kNanosPerSecond);
  return &storage;
}

// Wake-ups and completions are only collected here: they are delivered after the handles, in what room is left.
bool KqueuePoller::Translate(const NativeEvent& from, Event& to) {
  if (from.filter == kSignalFilter) [[unlikely]] {
    to = Event();
    to.kind = Event::Kind::kStop;
    return true;
  }
  const auto fd = static_cast<size_t>(from.ident);
  if (fd == static_cast<size_t>(wake_reader_.get())) [[unlikely]] {
    DrainWakePipe();
    CollectCompletions();
    return false;
  }
  const Registration& registration = WatchedUnder(fd);
  if ((from.flags & EV_EOF) != 0 && from.fflags != 0 && errors_ != nullptr) [[unlikely]] {
    errors_->Remember(static_cast<int>(from.ident), static_cast<int>(from.fflags));
  }
  to = {.kind = Event::Kind::kReady,
        .readable = from.filter == kReadFilter,
        .writable = from.filter == kWriteFilter,
        .token = registration.token,
        .result = 0};
  return true;
}

// There is a byte for a wake-up and one for the first completion since the last Collect, and what was written between
// that and the draining before it: a handful. What one read leaves is reported again.
void KqueuePoller::DrainWakePipe() {
  std::array<char, 64> bytes;
  [[maybe_unused]] const ssize_t got = ::read(wake_reader_.get(), bytes.data(), bytes.size());
}

}  // namespace reprise
