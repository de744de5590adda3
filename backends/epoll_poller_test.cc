// What is EpollPoller's own; what every Poller promises is in proptests/contract.
#include "backends/epoll_poller.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>

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

class EpollPollerTest : public ::testing::Test {
 protected:
  EpollPollerTest() : poller_(EpollPoller::Create(clock_).value()) {
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe2(ends.data(), O_NONBLOCK | O_CLOEXEC), 0);
    read_end_ = UniqueFd(ends[0]);
    write_end_ = UniqueFd(ends[1]);
  }

  Handle reader() const { return {read_end_.get()}; }
  Handle writer() const { return {write_end_.get()}; }

  CountingClock clock_;
  std::unique_ptr<EpollPoller> poller_;
  UniqueFd read_end_;
  UniqueFd write_end_;
  std::array<Event, 8> events_;
  static constexpr Token kToken{.slot = 5, .generation = 9};
};

// On a socket the kernel adds the direction to a hang-up; on a pipe it doesn't.
TEST_F(EpollPollerTest, AHangUpAloneCountsAsReadable) {
  ASSERT_TRUE(poller_->Register(reader(), Interest::kRead, kToken).ok());
  write_end_ = UniqueFd();
  ASSERT_EQ(poller_->Wait(events_, kNoDeadline), 1U);
  EXPECT_EQ(events_[0].token, kToken);
  EXPECT_TRUE(events_[0].readable);
  EXPECT_FALSE(events_[0].writable);
}

TEST_F(EpollPollerTest, AnErrorAloneCountsAsWritable) {
  std::array<char, 4096> bytes{};
  while (::write(write_end_.get(), bytes.data(), bytes.size()) > 0) {
  }
  ASSERT_TRUE(poller_->Register(writer(), Interest::kWrite, kToken).ok());
  EXPECT_EQ(poller_->Wait(events_, 0), 0U);
  read_end_ = UniqueFd();
  ASSERT_EQ(poller_->Wait(events_, kNoDeadline), 1U);
  EXPECT_TRUE(events_[0].writable);
  EXPECT_FALSE(events_[0].readable);
}

TEST_F(EpollPollerTest, AHangUpAloneCountsInTheDirectionThatWasAskedForLast) {
  ASSERT_TRUE(poller_->Register(reader(), Interest::kNone, kToken).ok());
  ASSERT_TRUE(poller_->Change(reader(), Interest::kRead, kToken).ok());
  write_end_ = UniqueFd();
  ASSERT_EQ(poller_->Wait(events_, kNoDeadline), 1U);
  EXPECT_TRUE(events_[0].readable);
}

TEST_F(EpollPollerTest, ReadsTheClockOnlyToCountDown) {
  for (const int64_t deadline_ns : {int64_t{0}, int64_t{-1}}) EXPECT_EQ(poller_->Wait(events_, deadline_ns), 0U);
  poller_->Wake();
  EXPECT_EQ(poller_->Wait(events_, kNoDeadline), 1U);
  EXPECT_EQ(clock_.reads(), 0);
  EXPECT_EQ(poller_->Wait(events_, PosixClock().MonotonicNanos() + 2 * kNanosPerMilli), 0U);
  EXPECT_EQ(clock_.reads(), 1);
}

TEST_F(EpollPollerTest, ADeadlineIsReachedByOneWait) {
  for (const int64_t wait_ns : {int64_t{1}, int64_t{999'999}, int64_t{1'000'001}}) {
    const int64_t deadline_ns = PosixClock().MonotonicNanos() + wait_ns;
    EXPECT_EQ(poller_->Wait(events_, deadline_ns), 0U);
    EXPECT_GE(PosixClock().MonotonicNanos(), deadline_ns);
  }
}

TEST_F(EpollPollerTest, ASignalThatInterruptsEndsTheWaitWithoutEvents) {
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

TEST_F(EpollPollerTest, TheSignalMaskIsPutBackAtTheEnd) {
  const auto is_blocked = [](int signal) {
    sigset_t mask;
    ::pthread_sigmask(SIG_SETMASK, nullptr, &mask);
    return ::sigismember(&mask, signal) == 1;
  };
  const std::array<int, 2> signals = {SIGTERM, SIGINT};
  ASSERT_FALSE(is_blocked(SIGTERM));
  ASSERT_TRUE(poller_->StopOnSignals(signals).ok());
  EXPECT_TRUE(is_blocked(SIGTERM));
  EXPECT_TRUE(is_blocked(SIGINT));
  poller_.reset();
  EXPECT_FALSE(is_blocked(SIGTERM));
  EXPECT_FALSE(is_blocked(SIGINT));
}

TEST_F(EpollPollerTest, EachOfTheSignalsAsksToStop) {
  const std::array<int, 2> signals = {SIGTERM, SIGINT};
  ASSERT_TRUE(poller_->StopOnSignals(signals).ok());
  for (const int signal : signals) {
    ASSERT_EQ(::raise(signal), 0);
    ASSERT_EQ(poller_->Wait(events_, kNoDeadline), 1U);
    EXPECT_EQ(events_[0].kind, Event::Kind::kStop);
  }
  EXPECT_EQ(poller_->Wait(events_, 0), 0U);
}

using EpollPollerDeathTest = EpollPollerTest;

TEST_F(EpollPollerDeathTest, MisuseIsABugAndEndsTheProgram) {
  ::testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_DEATH((void)poller_->Change(reader(), Interest::kRead, kToken), "CHECK|registration");
  EXPECT_DEATH(poller_->Forget(reader()), "CHECK|registration");
  EXPECT_DEATH((void)poller_->Wait({}, 0), "CHECK|events");
  ASSERT_TRUE(poller_->Register(reader(), Interest::kRead, kToken).ok());
  EXPECT_DEATH((void)poller_->Register(reader(), Interest::kRead, kToken), "CHECK|active");
  EXPECT_DEATH((void)poller_->Change(reader(), Interest::kRead, {.slot = 5, .generation = 8}), "CHECK|token");
  EXPECT_DEATH(
      {
        read_end_ = UniqueFd();
        poller_->Forget(reader());
      },
      "CHECK|registration");
  EXPECT_DEATH(
      {
        const Handle closed = reader();
        read_end_ = UniqueFd();
        poller_->Forget(closed);
      },
      "CHECK|epoll_ctl");
}

}  // namespace
}  // namespace reprise
