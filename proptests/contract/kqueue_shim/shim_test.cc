// The shim itself, where FreeBSD's kqueue has a way of its own that a backend could stumble over.
#include <gtest/gtest.h>
#include <sys/event.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

#include "backends/unique_fd.h"

namespace reprise {
namespace {

class KqueueShim : public ::testing::Test {
 protected:
  KqueueShim() : queue_(::kqueue()) {
    std::array<int, 2> ends{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0);
    one_ = UniqueFd(ends[0]);
    other_ = UniqueFd(ends[1]);
  }

  struct kevent Change(int filter, int flags) const {
    struct kevent change {};
    change.ident = static_cast<uintptr_t>(one_.get());
    change.filter = static_cast<short>(filter);
    change.flags = static_cast<unsigned short>(flags);
    return change;
  }
  // Makes `changes` with room for `room` events, which it leaves in events_.
  template <size_t n>
  int Call(const std::array<struct kevent, n>& changes, int room) {
    return ::kevent(queue_.get(), changes.data(), n, events_.data(), room, &at_once_);
  }

  UniqueFd queue_;
  UniqueFd one_;
  UniqueFd other_;
  std::array<struct kevent, 4> events_{};
  const timespec at_once_{};
};

TEST_F(KqueueShim, WithoutRoomForItsAnswerAChangeIsTheLastOneMade) {
  const std::array changes = {Change(EVFILT_READ, EV_ADD | EV_RECEIPT), Change(EVFILT_WRITE, EV_ADD | EV_RECEIPT)};
  EXPECT_EQ(Call(changes, 0), 0);
  EXPECT_EQ(Call(std::array{Change(EVFILT_READ, EV_DELETE)}, 0), 0);
  EXPECT_EQ(Call(std::array{Change(EVFILT_WRITE, EV_DELETE)}, 0), -1);
  EXPECT_EQ(errno, ENOENT);
}

TEST_F(KqueueShim, AnAnswerTellsTheErrorAndComesInsteadOfEvents) {
  const std::array changes = {Change(EVFILT_WRITE, EV_ADD | EV_RECEIPT), Change(EVFILT_READ, EV_DELETE | EV_RECEIPT)};
  ASSERT_EQ(Call(changes, 4), 2);
  EXPECT_EQ(events_[0].flags, EV_ERROR);
  EXPECT_EQ(events_[0].data, 0);
  EXPECT_EQ(events_[1].flags, EV_ERROR);
  EXPECT_EQ(events_[1].data, ENOENT);
  ASSERT_EQ(Call(std::array<struct kevent, 0>{}, 4), 1);
  EXPECT_EQ(events_[0].filter, EVFILT_WRITE);
}

TEST_F(KqueueShim, EachDirectionHasAnEventOfItsOwnAndAnEndIsMarked) {
  const std::array changes = {Change(EVFILT_READ, EV_ADD), Change(EVFILT_WRITE, EV_ADD)};
  ASSERT_EQ(Call(changes, 0), 0);
  other_ = UniqueFd();
  ASSERT_EQ(Call(std::array<struct kevent, 0>{}, 4), 2);
  EXPECT_NE(events_[0].filter, events_[1].filter);
  for (const struct kevent& event : {events_[0], events_[1]}) EXPECT_NE(event.flags & EV_EOF, 0);
}

TEST_F(KqueueShim, AnErrorIsGivenOnceWithTheEndAndTheSocketHasItNoMore) {
  ASSERT_EQ(Call(std::array{Change(EVFILT_READ, EV_ADD)}, 0), 0);
  ASSERT_EQ(::write(one_.get(), "x", 1), 1);
  other_ = UniqueFd();  // with a byte unread, which is a reset
  ASSERT_EQ(Call(std::array<struct kevent, 0>{}, 4), 1);
  EXPECT_EQ(events_[0].flags, EV_EOF);
  EXPECT_EQ(events_[0].fflags, static_cast<unsigned>(ECONNRESET));
  int error = -1;
  socklen_t size = sizeof(error);
  ASSERT_EQ(::getsockopt(one_.get(), SOL_SOCKET, SO_ERROR, &error, &size), 0);
  EXPECT_EQ(error, 0);
  ASSERT_EQ(Call(std::array<struct kevent, 0>{}, 4), 1);
  EXPECT_EQ(events_[0].flags, EV_EOF);
  EXPECT_EQ(events_[0].fflags, 0U);
}

TEST_F(KqueueShim, WhatIsNotImitatedIsRefused) {
  constexpr int kClear = 0x20;
  constexpr int kTimerFilter = -7;
  EXPECT_EQ(Call(std::array{Change(EVFILT_READ, EV_ADD | kClear)}, 0), -1);
  EXPECT_EQ(errno, EINVAL);
  EXPECT_EQ(Call(std::array{Change(kTimerFilter, EV_ADD)}, 0), -1);
  EXPECT_EQ(errno, EINVAL);
}

TEST_F(KqueueShim, AQueueThatWasClosedIsNoQueue) {
  const int number = queue_.get();
  queue_ = UniqueFd();
  EXPECT_EQ(::kevent(number, nullptr, 0, events_.data(), 1, &at_once_), -1);
  EXPECT_EQ(errno, EBADF);
}

}  // namespace
}  // namespace reprise
