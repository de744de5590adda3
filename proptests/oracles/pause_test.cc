#include "proptests/oracles/pause.h"

#include <gtest/gtest.h>

#include "loop/clock.h"
#include "proptests/oracles/history_testing.h"

namespace reprise {
namespace {

constexpr int64_t kMs = kNanosPerMilli;

class PauseOracleTest : public testing::Test {
 protected:
  std::string Problem() {
    const std::array<const ClientHistory*, 2> histories = {&one.history(), &other.history()};
    return CheckPause(histories).problem;
  }

  HistoryMaker one{0, Keys::kBlind};
  HistoryMaker other{1, Keys::kOwn};
};

TEST_F(PauseOracleTest, WhoIsAnsweredInTheMidstOfAPauseIsToldOf) {
  one.Ask("client pause 50", 0, 1 * kMs, ReplyValue::Ok());
  other.Ask("get k", 2 * kMs, 51 * kMs, ReplyValue::Bulk("v"));
  EXPECT_EQ(Problem(), "");
  other.Ask("get k", 2 * kMs, 49 * kMs, ReplyValue::Bulk("v"));
  EXPECT_NE(Problem(), "");
}

TEST_F(PauseOracleTest, WhatMayHaveBeenExecutedBeforeThePauseIsNot) {
  one.Ask("client pause 50", 1 * kMs, 3 * kMs, ReplyValue::Ok());
  other.Ask("set k v", 2 * kMs, 4 * kMs, ReplyValue::Ok());
  EXPECT_EQ(Problem(), "");
}

TEST_F(PauseOracleTest, APauseOfWritesHoldsOnlyThem) {
  one.Ask("CLIENT pause 50 WRITE", 0, 1 * kMs, ReplyValue::Ok());
  other.Ask("get k", 2 * kMs, 3 * kMs, ReplyValue::Bulk("v"));
  other.Ask("set k", 4 * kMs, 5 * kMs, ReplyValue::Error("ERR wrong number of arguments for 'set' command"));
  other.Ask("nothing", 4 * kMs, 5 * kMs, ReplyValue::Error("ERR unknown command"));
  EXPECT_EQ(Problem(), "");
  other.Ask("set k v", 6 * kMs, 7 * kMs, ReplyValue::Ok());
  EXPECT_NE(Problem(), "");
}

TEST_F(PauseOracleTest, AnUnpauseThatMayHaveComeInBetweenEndsIt) {
  one.Ask("client pause 50", 0, 1 * kMs, ReplyValue::Ok());
  one.Lose("client unpause", 5 * kMs, -1);
  other.Ask("get k", 6 * kMs, 7 * kMs, ReplyValue::Bulk("v"));
  EXPECT_EQ(Problem(), "");
  other.Ask("get k", 2 * kMs, 4 * kMs, ReplyValue::Bulk("v"));
  EXPECT_NE(Problem(), "");
}

TEST_F(PauseOracleTest, AnUnpauseThatCrossedItMayHaveEndedItToo) {
  one.Ask("client pause 50", 1 * kMs, 3 * kMs, ReplyValue::Ok());
  other.Ask("client unpause", 0, 2 * kMs, ReplyValue::Ok());
  other.Ask("get k", 4 * kMs, 5 * kMs, ReplyValue::Bulk("v"));
  EXPECT_EQ(Problem(), "");
}

TEST_F(PauseOracleTest, AnUnpauseFromBeforeDoesNot) {
  one.Ask("client unpause", 0, 1 * kMs, ReplyValue::Ok());
  one.Ask("client pause 50", 2 * kMs, 3 * kMs, ReplyValue::Ok());
  other.Ask("get k", 4 * kMs, 5 * kMs, ReplyValue::Bulk("v"));
  EXPECT_NE(Problem(), "");
}

TEST_F(PauseOracleTest, WhatWasRefusedIsNoPause) {
  one.Ask("client pause 50 some", 0, 1 * kMs, ReplyValue::Error("ERR CLIENT PAUSE mode must be WRITE or ALL"));
  one.Ask("client pause 9223372036854775807", 2 * kMs, 3 * kMs, ReplyValue::Ok());
  other.Ask("get k", 4 * kMs, 5 * kMs, ReplyValue::Bulk("v"));
  EXPECT_EQ(Problem(), "");
}

TEST_F(PauseOracleTest, WhatItsOwnConnectionSentBehindItWaitsToo) {
  one.Ask("get k", 0, 1 * kMs, ReplyValue::Bulk("v"));
  one.Ask("client pause 50", 0, 1 * kMs, ReplyValue::Ok());
  EXPECT_EQ(Problem(), "");
  one.Ask("get k", 0, 1 * kMs, ReplyValue::Bulk("v"));
  EXPECT_NE(Problem(), "");
}

TEST_F(PauseOracleTest, APauseDiesWithItsServer) {
  one.Ask("client pause 50", 0, 1 * kMs, ReplyValue::Ok());
  other.Ask("get k", 20 * kMs, 21 * kMs, ReplyValue::Bulk("v"));
  other.history().lives = {1};
  EXPECT_EQ(Problem(), "");
}

}  // namespace
}  // namespace reprise
