// What is EpollPoller's own; what all pollers of systems have in common is in native_poller_test.cc.
#include "backends/epoll_poller.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <array>

#include "backends/poller_testing.h"
#include "backends/posix_clock.h"

namespace reprise {
namespace {

class EpollPollerTest : public SystemPollerTest<EpollPoller> {
 protected:
  EpollPollerTest() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe2(ends.data(), O_NONBLOCK | O_CLOEXEC), 0);
    read_end_ = UniqueFd(ends[0]);
    write_end_ = UniqueFd(ends[1]);
  }

  Handle reader() const { return {read_end_.get()}; }
  Handle writer() const { return {write_end_.get()}; }

  UniqueFd read_end_;
  UniqueFd write_end_;
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

TEST_F(EpollPollerTest, ADeadlineIsReachedByOneWait) {
  for (const int64_t wait_ns : {int64_t{1}, int64_t{999'999}, int64_t{1'000'001}}) {
    const int64_t deadline_ns = PosixClock().MonotonicNanos() + wait_ns;
    EXPECT_EQ(poller_->Wait(events_, deadline_ns), 0U);
    EXPECT_GE(PosixClock().MonotonicNanos(), deadline_ns);
  }
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

}  // namespace
}  // namespace reprise
