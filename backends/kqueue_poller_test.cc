// What is KqueuePoller's own; what all pollers of systems have in common is in native_poller_test.cc.
#include "backends/kqueue_poller.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <array>

#include "backends/poller_testing.h"

namespace reprise {
namespace {

class KqueuePollerTest : public SystemPollerTest<KqueuePoller> {
 protected:
  static bool IsIgnored(int signal) {
    struct sigaction action {};
    EXPECT_EQ(::sigaction(signal, nullptr, &action), 0);
    return action.sa_handler == SIG_IGN;
  }
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

}  // namespace
}  // namespace reprise
