// What the pollers of all systems have in common beyond Poller's contract, which is checked in proptests/contract.
// Built once for each of them.
#include "backends/native_poller.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/time.h>

#include <array>

#include "backends/poller_testing.h"
#include "backends/posix_clock.h"

namespace reprise {
namespace {

using NativePollerTest = SystemPollerTest<NativePoller>;

TEST_F(NativePollerTest, ReadsTheClockOnlyToCountDown) {
  for (const int64_t deadline_ns : {int64_t{0}, int64_t{-1}}) EXPECT_EQ(poller_->Wait(events_, deadline_ns), 0U);
  poller_->Wake();
  EXPECT_EQ(poller_->Wait(events_, kNoDeadline), 1U);
  EXPECT_EQ(clock_.reads(), 0);
  EXPECT_EQ(poller_->Wait(events_, PosixClock().MonotonicNanos() + 2 * kNanosPerMilli), 0U);
  EXPECT_EQ(clock_.reads(), 1);
}

TEST_F(NativePollerTest, ASignalThatInterruptsEndsTheWaitWithoutEvents) {
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

TEST_F(NativePollerTest, EachOfTheSignalsAsksToStop) {
  const std::array<int, 2> signals = {SIGTERM, SIGINT};
  ASSERT_TRUE(poller_->StopOnSignals(signals).ok());
  for (const int signal : signals) {
    ASSERT_EQ(::raise(signal), 0);
    ASSERT_EQ(poller_->Wait(events_, kNoDeadline), 1U);
    EXPECT_EQ(events_[0].kind, Event::Kind::kStop);
  }
  EXPECT_EQ(poller_->Wait(events_, 0), 0U);
}

TEST_F(NativePollerTest, NoDescriptorIsLeftToProgramsThatAreStarted) {
  constexpr int kNumbersMax = 256;
  std::array<bool, kNumbersMax> open_before{};
  for (int fd = 0; fd < kNumbersMax; ++fd) open_before[static_cast<size_t>(fd)] = ::fcntl(fd, F_GETFD) >= 0;
  const auto another = NativePoller::Create(clock_).value();
  int found = 0;
  for (int fd = 0; fd < kNumbersMax; ++fd) {
    const int flags = ::fcntl(fd, F_GETFD);
    if (flags < 0 || open_before[static_cast<size_t>(fd)]) continue;
    ++found;
    EXPECT_NE(flags & FD_CLOEXEC, 0) << fd;
  }
  EXPECT_GE(found, 2);  // a queue, and what wakes it
}

using NativePollerDeathTest = NativePollerTest;

TEST_F(NativePollerDeathTest, MisuseIsABugAndEndsTheProgram) {
  ::testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_DEATH((void)poller_->Change(handle(), Interest::kRead, kToken), "CHECK|registration");
  EXPECT_DEATH(poller_->Forget(handle()), "CHECK|registration");
  EXPECT_DEATH((void)poller_->Wait({}, 0), "CHECK|events");
  ASSERT_TRUE(poller_->Register(handle(), Interest::kRead, kToken).ok());
  EXPECT_DEATH((void)poller_->Register(handle(), Interest::kRead, kToken), "CHECK|active");
  EXPECT_DEATH((void)poller_->Change(handle(), Interest::kRead, {.slot = 5, .generation = 8}), "CHECK|token");
  EXPECT_DEATH(
      {
        one_ = UniqueFd();
        poller_->Forget(handle());
      },
      "CHECK|registration");
  EXPECT_DEATH(
      {
        const Handle closed = handle();
        one_ = UniqueFd();
        poller_->Forget(closed);
      },
      "CHECK|Apply|epoll_ctl");
}

}  // namespace
}  // namespace reprise
