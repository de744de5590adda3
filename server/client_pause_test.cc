#include "server/client_pause.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

#include "loop/scripted_testing.h"
#include "server/commands/command.h"

namespace reprise {
namespace {

class ClientPauseTest : public testing::Test {
 protected:
  // Lets time pass, and the loop take a turn.
  void Pass(int64_t ms) {
    clock_.now_ns += ms * kNanosPerMilli;
    loop_.RunOnce(0);
  }

  ScriptedPoller poller_;
  SetClock clock_;
  EventLoop loop_{poller_, clock_};
  int resumed_ = 0;
  ClientPause pause_{loop_, [this] { ++resumed_; }};
};

TEST_F(ClientPauseTest, AtFirstNobodyWaits) {
  EXPECT_FALSE(pause_.active());
  EXPECT_FALSE(pause_.Holds(kWrite));
  pause_.End();
  EXPECT_EQ(resumed_, 0);
}

TEST_F(ClientPauseTest, ItHoldsWritesOnlyOrAll) {
  pause_.Begin(ClientPause::Mode::kWrites, 10);
  EXPECT_TRUE(pause_.Holds(kWrite | kFast));
  EXPECT_TRUE(pause_.Holds(kMayReplicate));
  EXPECT_FALSE(pause_.Holds(kReadonly));
  pause_.Begin(ClientPause::Mode::kAll, 10);
  EXPECT_TRUE(pause_.Holds(kReadonly));
  EXPECT_TRUE(pause_.Holds(0));
}

TEST_F(ClientPauseTest, ItEndsWhenItsTimeIsOverAndSaysSoOnce) {
  pause_.Begin(ClientPause::Mode::kAll, 10);
  Pass(9);
  EXPECT_TRUE(pause_.active());
  Pass(1);
  EXPECT_FALSE(pause_.active());
  EXPECT_EQ(resumed_, 1);
  Pass(100);
  EXPECT_EQ(resumed_, 1);
}

TEST_F(ClientPauseTest, TheStricterModeAndTheLaterEndHold) {
  pause_.Begin(ClientPause::Mode::kWrites, 100);
  pause_.Begin(ClientPause::Mode::kAll, 10);
  Pass(50);
  EXPECT_TRUE(pause_.Holds(0));
  pause_.Begin(ClientPause::Mode::kWrites, 100);
  Pass(60);
  EXPECT_TRUE(pause_.Holds(0));
  Pass(40);
  EXPECT_FALSE(pause_.active());
  pause_.Begin(ClientPause::Mode::kWrites, 10);  // what was before is forgotten
  EXPECT_FALSE(pause_.Holds(0));
  Pass(10);
  EXPECT_FALSE(pause_.active());
}

TEST_F(ClientPauseTest, EndEndsItAtOnceAndTheTimerStaysSilent) {
  pause_.Begin(ClientPause::Mode::kAll, 10);
  pause_.End();
  EXPECT_FALSE(pause_.active());
  EXPECT_EQ(resumed_, 1);
  Pass(100);
  EXPECT_EQ(resumed_, 1);
}

TEST_F(ClientPauseTest, ADurationBeyondTheEndOfTimeIsNone) {
  pause_.Begin(ClientPause::Mode::kAll, std::numeric_limits<int64_t>::max());
  Pass(1);
  EXPECT_FALSE(pause_.active());
  pause_.Begin(ClientPause::Mode::kAll, std::numeric_limits<int64_t>::max() - loop_.wall_ms());
  Pass(int64_t{1000} * 3600 * 24 * 365);
  EXPECT_TRUE(pause_.active());
}

}  // namespace
}  // namespace reprise
