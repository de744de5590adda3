// KqueuePoller where the kernel has no room for another watch.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/event.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <memory>
#include <span>

#include "backends/kqueue_poller.h"
#include "backends/posix_clock.h"
#include "backends/unique_fd.h"
#include "proptests/contract/kqueue_shim/refusal.h"

namespace reprise {
namespace {

class KqueueRefusal : public ::testing::Test {
 protected:
  KqueueRefusal() : poller_(KqueuePoller::Create(clock_).value()) {
    std::array<int, 2> ends{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0);
    one_ = UniqueFd(ends[0]);
    other_ = UniqueFd(ends[1]);
    EXPECT_EQ(::write(other_.get(), "x", 1), 1);  // so that both directions are ready
  }

  Handle handle() const { return {one_.get()}; }
  Interest Reported() {
    std::array<Event, 8> events;
    unsigned all = 0;
    for (const Event& event : std::span(events).first(poller_->Wait(events, 0))) {
      all |= (event.readable ? 1U : 0U) | (event.writable ? 2U : 0U);
    }
    return static_cast<Interest>(all);
  }

  PosixClock clock_;
  std::unique_ptr<KqueuePoller> poller_;
  UniqueFd one_;
  UniqueFd other_;
  static constexpr Token kToken{.slot = 5, .generation = 9};
};

TEST_F(KqueueRefusal, ARegisterThatFailsForOneDirectionLeavesNeither) {
  for (const int filter : {EVFILT_READ, EVFILT_WRITE}) {
    {
      const Refusal refusal(filter, ENOMEM);
      EXPECT_EQ(poller_->Register(handle(), Interest::kReadWrite, kToken).code(), ErrorCode::kOutOfMemory);
    }
    EXPECT_EQ(Reported(), Interest::kNone);
    ASSERT_TRUE(poller_->Register(handle(), Interest::kReadWrite, kToken).ok());
    EXPECT_EQ(Reported(), Interest::kReadWrite);
    poller_->Forget(handle());
  }
}

TEST_F(KqueueRefusal, AChangeThatFailsLeavesWhatWasWatchedBefore) {
  ASSERT_TRUE(poller_->Register(handle(), Interest::kRead, kToken).ok());
  for (const Interest wanted : {Interest::kWrite, Interest::kReadWrite}) {
    {
      const Refusal refusal(EVFILT_WRITE, ENOMEM);
      EXPECT_EQ(poller_->Change(handle(), wanted, kToken).code(), ErrorCode::kOutOfMemory);
    }
    EXPECT_EQ(Reported(), Interest::kRead);
  }
  ASSERT_TRUE(poller_->Change(handle(), Interest::kWrite, kToken).ok());
  EXPECT_EQ(Reported(), Interest::kWrite);
}

TEST_F(KqueueRefusal, ALimitOfWatchesIsToldFromALackOfMemory) {
  const Refusal refusal(EVFILT_READ, ENOSPC);
  EXPECT_EQ(poller_->Register(handle(), Interest::kRead, kToken).code(), ErrorCode::kTooManyHandles);
  EXPECT_EQ(KqueuePoller::Create(clock_).status().code(), ErrorCode::kTooManyHandles);
}

TEST_F(KqueueRefusal, SignalsThatCannotBeWatchedAreNotIgnored) {
  const std::array<int, 1> signals = {SIGTERM};
  {
    const Refusal refusal(EVFILT_SIGNAL, ENOMEM);
    EXPECT_EQ(poller_->StopOnSignals(signals).code(), ErrorCode::kOutOfMemory);
  }
  struct sigaction now {};
  ASSERT_EQ(::sigaction(SIGTERM, nullptr, &now), 0);
  EXPECT_EQ(now.sa_handler, SIG_DFL);
  EXPECT_TRUE(poller_->StopOnSignals(signals).ok());
}

TEST_F(KqueueRefusal, WhereOneOfTheSignalsCannotBeWatchedNoneIs) {
  const std::array<int, 2> signals = {SIGUSR1, SIGUSR2};
  struct sigaction before {};
  struct sigaction ours {};
  static volatile sig_atomic_t came;
  came = 0;
  ours.sa_handler = [](int) { came = 1; };
  ASSERT_EQ(::sigaction(SIGUSR1, &ours, &before), 0);
  {
    const Refusal refusal(EVFILT_SIGNAL, ENOMEM, 1);
    EXPECT_EQ(poller_->StopOnSignals(signals).code(), ErrorCode::kOutOfMemory);
  }
  ASSERT_EQ(::raise(SIGUSR1), 0);
  std::array<Event, 8> events;
  EXPECT_EQ(poller_->Wait(events, 0), 0U);
  EXPECT_EQ(came, 1);
  ASSERT_EQ(::sigaction(SIGUSR1, &before, nullptr), 0);
}

TEST_F(KqueueRefusal, ADeadlineYearsAwayIsNoLongerWaitThanSystemsTake) {
  poller_->Wake();
  std::array<Event, 8> events;
  EXPECT_EQ(poller_->Wait(events, clock_.MonotonicNanos() + int64_t{10} * 365 * 24 * 3600 * kNanosPerSecond), 1U);
}

}  // namespace
}  // namespace reprise
