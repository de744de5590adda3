// What is KqueuePoller's own; what every Poller promises is in proptests/contract.
#include "backends/kqueue_poller.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <memory>

#include "backends/posix_clock.h"

namespace reprise {
namespace {

class CountingClock : public Clock {
 public:
  int64_t MonotonicNanos() override {
    ++reads_;
    return clock_.MonotonicNanos();
  }
  int64_t WallMicros() override { return clock_.WallMicros(); }
  int reads() const { return reads_; }

 private:
  PosixClock clock_;
  int reads_ = 0;
};

class KqueuePollerTest : public ::testing::Test {
 protected:
  KqueuePollerTest() : poller_(KqueuePoller::Create(clock_).value()) {
    std::array<int, 2> ends{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0);
    one_ = UniqueFd(ends[0]);
    other_ = UniqueFd(ends[1]);
  }

  Handle handle() const { return {one_.get()}; }
  static bool IsIgnored(int signal) {
    struct sigaction action {};
    EXPECT_EQ(::sigaction(signal, nullptr, &action), 0);
    return action.sa_handler == SIG_IGN;
  }

  CountingClock clock_;
  std::unique_ptr<KqueuePoller> poller_;
  UniqueFd one_;
  UniqueFd other_;
  std::array<Event, 8> events_;
  static constexpr Token kToken{.slot = 5, .generation = 9};
};

TEST_F(KqueuePollerTest, AnEndIsNotReportedWithoutInterest) {
  ASSERT_TRUE(poller_->Register(handle(), Interest::kNone, kToken).ok());
  other_ = UniqueFd();
  EXPECT_EQ(poller_->Wait(events_, 0), 0U);
  ASSERT_TRUE(poller_->Change(handle(), Interest::kRead, kToken).ok());
  ASSERT_EQ(poller_->Wait(events_, kNoDeadline), 1U);
  EXPECT_TRUE(events_[0].readable);
  EXPECT_FALSE(events_[0].writable);
}

TEST_F(KqueuePollerTest, AnEndIsReportedInEachWatchedDirection) {
  ASSERT_TRUE(poller_->Register(handle(), Interest::kReadWrite, kToken).ok());
  other_ = UniqueFd();
  ASSERT_EQ(poller_->Wait(events_, kNoDeadline), 2U);
  EXPECT_NE(events_[0].readable, events_[1].readable);
  EXPECT_NE(events_[0].writable, events_[1].writable);
}

TEST_F(KqueuePollerTest, ReadsTheClockOnlyToCountDown) {
  for (const int64_t deadline_ns : {int64_t{0}, int64_t{-1}}) EXPECT_EQ(poller_->Wait(events_, deadline_ns), 0U);
  poller_->Wake();
  EXPECT_EQ(poller_->Wait(events_, kNoDeadline), 1U);
  EXPECT_EQ(clock_.reads(), 0);
  EXPECT_EQ(poller_->Wait(events_, PosixClock().MonotonicNanos() + 2 * kNanosPerMilli), 0U);
  EXPECT_EQ(clock_.reads(), 1);
}

TEST_F(KqueuePollerTest, ASignalThatInterruptsEndsTheWaitWithoutEvents) {
  struct sigaction before {};
  struct sigaction action {};
  action.sa_handler = [](int) {};
  ASSERT_EQ(::sigaction(SIGALRM, &action, &before), 0);
  const itimerval soon{.it_interval = {.tv_sec = 0, .tv_usec = 1'000}, .it_value = {.tv_sec = 0, .tv_usec = 1'000}};
  ASSERT_EQ(::setitimer(ITIMER_REAL, &soon, nullptr), 0);
  EXPECT_EQ(poller_->Wait(events_, kNoDeadline), 0U);
  const itimerval never{};
  ASSERT_EQ(::setitimer(ITIMER_REAL, &never, nullptr), 0);
  ASSERT_EQ(::sigaction(SIGALRM, &before, nullptr), 0);
}

TEST_F(KqueuePollerTest, EachOfTheSignalsAsksToStop) {
  const std::array<int, 2> signals = {SIGTERM, SIGINT};
  ASSERT_TRUE(poller_->StopOnSignals(signals).ok());
  for (const int signal : signals) {
    ASSERT_EQ(::raise(signal), 0);
    ASSERT_EQ(poller_->Wait(events_, kNoDeadline), 1U);
    EXPECT_EQ(events_[0].kind, Event::Kind::kStop);
  }
  EXPECT_EQ(poller_->Wait(events_, 0), 0U);
}

TEST_F(KqueuePollerTest, WhatSignalsDidBeforeIsPutBackAtTheEnd) {
  const std::array<int, 2> signals = {SIGTERM, SIGINT};
  ASSERT_FALSE(IsIgnored(SIGTERM));
  ASSERT_TRUE(poller_->StopOnSignals(signals).ok());
  EXPECT_TRUE(IsIgnored(SIGTERM));
  EXPECT_TRUE(IsIgnored(SIGINT));
  poller_.reset();
  EXPECT_FALSE(IsIgnored(SIGTERM));
  EXPECT_FALSE(IsIgnored(SIGINT));
}

TEST_F(KqueuePollerTest, NoDescriptorIsLeftToProgramsThatAreStarted) {
  constexpr int kNumbersMax = 256;
  std::array<bool, kNumbersMax> open_before{};
  for (int fd = 0; fd < kNumbersMax; ++fd) open_before[static_cast<size_t>(fd)] = ::fcntl(fd, F_GETFD) >= 0;
  const auto another = KqueuePoller::Create(clock_).value();
  int found = 0;
  for (int fd = 0; fd < kNumbersMax; ++fd) {
    const int flags = ::fcntl(fd, F_GETFD);
    if (flags < 0 || open_before[static_cast<size_t>(fd)]) continue;
    ++found;
    EXPECT_NE(flags & FD_CLOEXEC, 0) << fd;
  }
  EXPECT_GE(found, 3);  // a queue and both ends of a pipe
}

using KqueuePollerDeathTest = KqueuePollerTest;

TEST_F(KqueuePollerDeathTest, MisuseIsABugAndEndsTheProgram) {
  ::testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_DEATH((void)poller_->Change(handle(), Interest::kRead, kToken), "CHECK|registration");
  EXPECT_DEATH(poller_->Forget(handle()), "CHECK|registration");
  EXPECT_DEATH((void)poller_->Wait({}, 0), "CHECK|events");
  ASSERT_TRUE(poller_->Register(handle(), Interest::kRead, kToken).ok());
  EXPECT_DEATH((void)poller_->Register(handle(), Interest::kRead, kToken), "CHECK|active");
  EXPECT_DEATH((void)poller_->Change(handle(), Interest::kRead, {.slot = 5, .generation = 8}), "CHECK|token");
  EXPECT_DEATH(
      {
        const Handle closed = handle();
        one_ = UniqueFd();
        poller_->Forget(closed);
      },
      "CHECK|Apply");
}

}  // namespace
}  // namespace reprise
