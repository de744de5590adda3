// Each oracle's finding gets into the report, under its name; and none is asked where it can't know.
#include "proptests/simulation/judge.h"

#include <gtest/gtest.h>

#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "proptests/oracles/history_testing.h"
#include "sim/tape_source.h"

namespace reprise {
namespace {

constexpr int64_t kMs = kNanosPerMilli;
constexpr int64_t kS = kNanosPerSecond;

class JudgeTest : public testing::Test {
 protected:
  JudgeTest() {
    for (int64_t i = 0; i < 200; ++i) {
      moments_.Note(i * 100 * kMs, 1'000'000 + i * 100);
    }
  }

  // Clients are numbered from 0, and have one connection to begin with.
  HistoryMaker& Client(Keys keys) {
    const auto number = static_cast<uint32_t>(makers_.size());
    makers_.emplace_back(number, keys);
    makers_.back().history().links.push_back({0, static_cast<uint16_t>(50'000 + number)});
    return makers_.back();
  }
  void Ends(HistoryMaker& client, Ending::How how, int64_t began_ns = 0) {
    client.history().endings.push_back({0, 19 * kS, began_ns, how, ErrorCode::kTimedOut});
  }

  const RunReport& Judge() {
    report_ = RunReport();
    report_.healed_ns = healed_ns_;
    report_.deaths = deaths_;
    std::vector<const ClientHistory*> histories;
    for (HistoryMaker& maker : makers_) {
      histories.push_back(&maker.history());
    }
    JudgeHistories({plan_, breaks_, moments_, any_vanished_}, histories, report_);
    return report_;
  }
  void ExpectFailure(Verdict verdict, Oracle oracle) {
    Judge();
    EXPECT_EQ(report_.verdict, verdict) << report_.problem;
    EXPECT_EQ(OracleName(report_.oracle), OracleName(oracle)) << report_.problem;
    EXPECT_NE(report_.problem, "");
  }
  void ExpectWrongAnswer(Oracle oracle) { ExpectFailure(Verdict::kWrongAnswer, oracle); }
  void ExpectPassed() { EXPECT_TRUE(Judge().passed()) << DescribeFailure(report_); }

  Plan plan_;
  TapeSource nothing_{std::vector<ChoiceMade>()};
  BreakWatch breaks_{nothing_};
  Moments moments_;
  int64_t healed_ns_ = 0;
  uint32_t deaths_ = 0;
  bool any_vanished_ = false;

 private:
  std::deque<HistoryMaker> makers_;
  RunReport report_;
};

TEST_F(JudgeTest, WhatIsRightPassesAndIsCounted) {
  Client(Keys::kOwn)
      .Ask("set k v", kMs, 2 * kMs, ReplyValue::Ok())
      .Ask("get k", 3 * kMs, 4 * kMs, ReplyValue::Bulk("v"));
  Client(Keys::kShared).Ask("set s v", kMs, 2 * kMs, ReplyValue::Ok());
  Client(Keys::kShared)
      .Ask("get s", 3 * kMs, 4 * kMs, ReplyValue::Bulk("v"))
      .Ask("get s", 5 * kMs, 6 * kMs, ReplyValue::Bulk("v"));
  const RunReport& report = Judge();
  EXPECT_TRUE(report.passed()) << DescribeFailure(report);
  EXPECT_EQ(report.model.definite, 2U);
  EXPECT_EQ(report.linear.definite, 3U);
}

TEST_F(JudgeTest, ReplyForm) {
  Client(Keys::kBlind).history().protocol_error = "not a reply";
  ExpectWrongAnswer(Oracle::kReplyForm);
}

TEST_F(JudgeTest, Model) {
  Client(Keys::kOwn).Ask("get k", kMs, 2 * kMs, ReplyValue::Bulk("never written"));
  ExpectWrongAnswer(Oracle::kModel);
}

TEST_F(JudgeTest, OnlyWhoOwnsItsKeysIsHeldToTheModel) {
  Client(Keys::kBlind).Ask("get k", kMs, 2 * kMs, ReplyValue::Bulk("somebody else's"));
  ExpectPassed();
}

TEST_F(JudgeTest, Linearizability) {
  Client(Keys::kShared).Ask("set s new", kMs, 2 * kMs, ReplyValue::Ok());
  Client(Keys::kShared).Ask("get s", 3 * kMs, 4 * kMs, ReplyValue::Bulk("old"));
  ExpectWrongAnswer(Oracle::kLinearizability);
}

TEST_F(JudgeTest, Identity) {
  Client(Keys::kBlind)
      .Ask("client id", kMs, 2 * kMs, ReplyValue::Integer(3))
      .Ask("client id", 3 * kMs, 4 * kMs, ReplyValue::Integer(4));
  ExpectWrongAnswer(Oracle::kIdentity);
}

TEST_F(JudgeTest, Idle) {
  Client(Keys::kBlind)
      .Ask("ping", kS, kS + kMs, ReplyValue::Simple("PONG"))
      .Ask("ping", 15 * kS, 15 * kS + kMs, ReplyValue::Simple("PONG"));
  ExpectPassed();
  plan_.SetConfig("timeout", "2");
  ExpectWrongAnswer(Oracle::kIdle);
  breaks_.NoteBroken(0, 0);
  ExpectPassed();
}

TEST_F(JudgeTest, ClientsMayBeEndedForTheirSilence) {
  HistoryMaker& client = Client(Keys::kBlind).Ask("ping", kS, kS + kMs, ReplyValue::Simple("PONG"));
  Ends(client, Ending::How::kUnexpected);
  ExpectWrongAnswer(Oracle::kPeace);
  plan_.SetConfig("timeout", "2");
  ExpectPassed();
}

TEST_F(JudgeTest, AnEndThatNobodyHasAskedForIsAWrongAnswerAndWaitingInVainIsNoProgress) {
  HistoryMaker& client = Client(Keys::kBlind);
  Ends(client, Ending::How::kUnexpected);
  ExpectWrongAnswer(Oracle::kPeace);
  client.history().endings.clear();
  Ends(client, Ending::How::kTimeout);
  ExpectFailure(Verdict::kNoProgress, Oracle::kPeace);
}

TEST_F(JudgeTest, ALimitOfUnsentOutputExcusesEndsAndNoWaiting) {
  plan_.SetConfig("client-output-buffer-limit", "normal 100000 0 0");
  HistoryMaker& client = Client(Keys::kBlind);
  Ends(client, Ending::How::kUnexpected);
  ExpectPassed();
  Ends(client, Ending::How::kTimeout);
  ExpectFailure(Verdict::kNoProgress, Oracle::kPeace);
}

TEST_F(JudgeTest, WhatAFaultWasOutToBreakMayEndUnlessItBeganBehindTheHealing) {
  healed_ns_ = 10 * kS;
  breaks_.NoteBroken(0, 0);
  HistoryMaker& client = Client(Keys::kBlind);
  for (const auto& [began_ns, passes] : {std::pair(9 * kS, true), {10 * kS, true}, {10 * kS + 1, false}}) {
    client.history().endings.clear();
    Ends(client, Ending::How::kUnexpected, began_ns);
    EXPECT_EQ(Judge().passed(), passes) << began_ns;
  }
}

// A connection that a fault was out to break is told so, or speaks to its end, unless somebody has vanished.
TEST_F(JudgeTest, WhoWaitsInVainIsExcusedWhereSomebodyVanished) {
  healed_ns_ = 10 * kS;
  breaks_.NoteBroken(0, 0);
  HistoryMaker& client = Client(Keys::kBlind);
  Ends(client, Ending::How::kTimeout, kS);
  ExpectFailure(Verdict::kNoProgress, Oracle::kPeace);
  any_vanished_ = true;
  ExpectPassed();
}

TEST_F(JudgeTest, Pause) {
  Client(Keys::kBlind).Ask("client pause 1000", kMs, 2 * kMs, ReplyValue::Ok());
  Client(Keys::kBlind).Ask("get k", 3 * kMs, 4 * kMs, ReplyValue::Bulk("v"));
  ExpectWrongAnswer(Oracle::kPause);
}

TEST_F(JudgeTest, ClientListWhereNobodyDiedOrPaused) {
  Client(Keys::kBlind)
      .Ask("client setname me", kMs, 2 * kMs, ReplyValue::Ok())
      .Ask("client getname", 3 * kMs, 4 * kMs, ReplyValue::Bulk("you"));
  ExpectWrongAnswer(Oracle::kClientList);
  deaths_ = 1;
  ExpectPassed();
  deaths_ = 0;
  plan_.script.clients.emplace_back().operations.push_back({.words = {"CLIENT", "PAUSE", "10"}, .raw = {}});
  ExpectPassed();
}

TEST_F(JudgeTest, WhoWasKilledInPeaceHearsOfIt) {
  HistoryMaker& victim = Client(Keys::kBlind);
  victim.history().endings.push_back({0, 9 * kS, 0, Ending::How::kByClient, ErrorCode::kOk});
  Client(Keys::kBlind).Ask("client kill 127.0.0.1:50000", 3 * kS, 3 * kS + kMs, ReplyValue::Ok());
  ExpectWrongAnswer(Oracle::kClientList);
  plan_.world.latency_ns = 3 * kS;
  ExpectPassed();
  plan_.world.latency_ns = kMs;
  healed_ns_ = -1;
  ExpectPassed();
}

TEST_F(JudgeTest, TheFirstProblemIsTheOneThatStays) {
  RunReport report;
  report.Fail(Verdict::kLeak, Oracle::kLeak, "first");
  report.Fail(Verdict::kNoProgress, Oracle::kPeace, "second");
  EXPECT_EQ(DescribeFailure(report), "leak (leak): first");
}

}  // namespace
}  // namespace reprise
