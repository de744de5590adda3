#include "proptests/oracles/linearizability.h"

#include <gtest/gtest.h>

#include <deque>

#include "proptests/model/model.h"
#include "proptests/oracles/history_testing.h"
#include "sim/mix.h"

namespace reprise {
namespace {

ReplyValue Null() {
  ReplyValue null;
  null.type = '$';
  null.null = true;
  return null;
}

Finding Check(std::initializer_list<HistoryMaker*> makers) {
  std::vector<const ClientHistory*> histories;
  for (HistoryMaker* maker : makers) {
    histories.push_back(&maker->history());
  }
  return CheckLinearizable(histories);
}

class Linearizability : public testing::Test {
 protected:
  HistoryMaker a_{0, Keys::kShared};
  HistoryMaker b_{1, Keys::kShared};
};

TEST_F(Linearizability, AcceptsEitherOrderOfWhatOverlaps) {
  a_.Ask("set k 1", 0, 100, ReplyValue::Ok());
  b_.Ask("get k", 50, 60, Null()).Ask("get k", 70, 80, ReplyValue::Bulk("1"));
  EXPECT_TRUE(Check({&a_, &b_}).ok());
}

TEST_F(Linearizability, FindsAStaleRead) {
  a_.Ask("set k 1", 0, 10, ReplyValue::Ok()).Ask("set k 2", 20, 30, ReplyValue::Ok());
  b_.Ask("get k", 40, 50, ReplyValue::Bulk("1"));
  const Finding finding = Check({&a_, &b_});
  EXPECT_NE(finding.problem.find("key \"k\""), std::string::npos) << finding.problem;
}

TEST_F(Linearizability, FindsAReadThatGoesBack) {
  a_.Ask("set k 1", 0, 100, ReplyValue::Ok());
  b_.Ask("get k", 20, 30, ReplyValue::Bulk("1")).Ask("get k", 40, 50, Null());
  EXPECT_FALSE(Check({&a_, &b_}).ok());
}

TEST_F(Linearizability, FindsALostUpdate) {
  a_.Ask("incr k", 0, 100, ReplyValue::Integer(1));
  b_.Ask("incr k", 0, 100, ReplyValue::Integer(1));
  EXPECT_FALSE(Check({&a_, &b_}).ok());
}

TEST_F(Linearizability, FindsAPipelineThatWasExecutedOutOfOrder) {
  a_.Ask("get k", 0, 100, ReplyValue::Bulk("1")).Ask("set k 1", 0, 100, ReplyValue::Ok());
  EXPECT_FALSE(Check({&a_}).ok());
}

TEST_F(Linearizability, WhatWasLostMayOrMayNotHaveHappened) {
  for (const ReplyValue& reply : {ReplyValue::Bulk("1"), ReplyValue::Bulk("2")}) {
    HistoryMaker a(0, Keys::kShared);
    HistoryMaker b(1, Keys::kShared);
    a.Ask("set k 1", 0, 10, ReplyValue::Ok()).Lose("set k 2", 20, 100);
    b.Ask("get k", 200, 210, reply);
    const Finding finding = Check({&a, &b});
    EXPECT_TRUE(finding.ok()) << finding.problem;
    EXPECT_EQ(finding.checked, 3u);
    EXPECT_EQ(finding.definite, 2u);
  }
}

TEST_F(Linearizability, WhatWasLostDoesNotHappenAfterTheFence) {
  a_.Ask("set k 1", 0, 10, ReplyValue::Ok()).Lose("set k 2", 20, 100);
  b_.Ask("get k", 200, 210, ReplyValue::Bulk("1")).Ask("get k", 220, 230, ReplyValue::Bulk("2"));
  EXPECT_FALSE(Check({&a_, &b_}).ok());
}

TEST_F(Linearizability, WhatWasSentAtTheMomentOfTheFenceMayComeBeforeOrBehind) {
  a_.Lose("set k 1", 0, 100);
  b_.Ask("get k", 100, 110, Null()).Ask("get k", 120, 130, ReplyValue::Bulk("1"));
  EXPECT_TRUE(Check({&a_, &b_}).ok());
}

TEST_F(Linearizability, OfWhatWasLostTheFirstHappensFirst) {
  a_.Lose("set k 1", 0, 100).Lose("append k x", 0, 100);
  b_.Ask("get k", 200, 210, ReplyValue::Bulk("x"));
  EXPECT_FALSE(Check({&a_, &b_}).ok());
}

// A right history of `count` requests by eight clients, in which each request takes long enough to overlap others.
std::deque<HistoryMaker> LongHistory(int64_t count) {
  std::deque<HistoryMaker> clients;
  for (uint32_t id = 0; id < 8; ++id) {
    clients.emplace_back(id, Keys::kShared);
  }
  Model model;
  Random random(5);
  for (int64_t i = 0; i < count; ++i) {
    const uint64_t kind = random.Below(4);
    const std::string request = kind == 0   ? "set k " + std::to_string(i)
                                : kind == 1 ? "append k " + std::to_string(random.Below(10))
                                : kind == 2 ? "incr k"
                                            : "get k";
    const std::vector<std::string> words = SplitWords(request);
    const ReplyValue reply = *model.Apply(words, 0).exact;
    // It takes effect at 100 * i; each client has one request at a time.
    const auto early = static_cast<int64_t>(random.Below(390));
    const auto late = static_cast<int64_t>(random.Below(390));
    clients[static_cast<size_t>(i % 8)].Ask(request, 100 * i - early, 100 * i + late, reply);
  }
  return clients;
}

TEST(LinearizabilitySpeed, ThousandsOfRequestsForOneKeyAreDefinite) {
  std::deque<HistoryMaker> clients = LongHistory(4000);
  std::vector<const ClientHistory*> histories;
  for (HistoryMaker& maker : clients) {
    histories.push_back(&maker.history());
  }
  const Finding finding = CheckLinearizable(histories);
  EXPECT_TRUE(finding.ok()) << finding.problem.substr(0, 500);
  EXPECT_EQ(finding.definite, 4000u);
}

TEST(LinearizabilitySpeed, OneWrongReplyAmongThousandsIsFound) {
  std::deque<HistoryMaker> clients = LongHistory(4000);
  std::vector<const ClientHistory*> histories;
  for (HistoryMaker& maker : clients) {
    histories.push_back(&maker.history());
  }
  for (Exchange& exchange : clients[2].history().exchanges) {
    if (exchange.words[0] == "get" && exchange.sent_ns > 200'000) {
      exchange.reply = ReplyValue::Bulk("what nobody has set");
      break;
    }
  }
  EXPECT_FALSE(CheckLinearizable(histories).ok());
}

TEST_F(Linearizability, EachLifeOfTheServerBeginsWithoutKeys) {
  a_.Ask("set k 1", 0, 10, ReplyValue::Ok());
  b_.Ask("get k", 20, 30, ReplyValue::Bulk("1")).Reconnect().Ask("get k", 40, 50, Null());
  EXPECT_FALSE(Check({&a_, &b_}).ok()) << "nobody has deleted it";
  b_.history().lives = {0, 1};
  EXPECT_TRUE(Check({&a_, &b_}).ok());
  b_.history().lives = {1, 1};
  EXPECT_FALSE(Check({&a_, &b_}).ok()) << "the key has outlived the server";
}

}  // namespace
}  // namespace reprise
