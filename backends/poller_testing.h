// What the tests of the operating system's pollers share.
#ifndef REPRISE_BACKENDS_POLLER_TESTING_H_
#define REPRISE_BACKENDS_POLLER_TESTING_H_

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <memory>

#include "backends/posix_clock.h"
#include "backends/unique_fd.h"
#include "loop/clock.h"
#include "loop/poller.h"

namespace reprise {

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

// A poller, and a connected pair of sockets of which it knows nothing.
template <typename SystemPoller>
class SystemPollerTest : public ::testing::Test {
 protected:
  SystemPollerTest() : poller_(SystemPoller::Create(clock_).value()) {
    std::array<int, 2> ends{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0);
    one_ = UniqueFd(ends[0]);
    other_ = UniqueFd(ends[1]);
  }

  Handle handle() const { return {one_.get()}; }

  CountingClock clock_;
  std::unique_ptr<SystemPoller> poller_;
  UniqueFd one_;
  UniqueFd other_;
  std::array<Event, 8> events_;
  static constexpr Token kToken{.slot = 5, .generation = 9};
};

}  // namespace reprise

#endif  // REPRISE_BACKENDS_POLLER_TESTING_H_
