// An auditor speaks when a server tells it something wrong, and not of what somebody else may have changed meanwhile.
#include "proptests/simulation/auditor.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "proptests/oracles/history_testing.h"
#include "proptests/oracles/server_testing.h"
#include "proptests/session_testing.h"

namespace reprise {
namespace {

class AuditorTest : public ServerInWorld {
 protected:
  static constexpr uint32_t kAuditor = 50;

  void Start(const std::vector<Auditor::Other>& others = {}, std::string password = {}) {
    auditor_ = std::make_unique<Auditor>(
        world_, *server_, Auditor::Settings{kAuditor, std::move(password), world_.options().latency_ns},
        [this](size_t other) { killed_.push_back(other); }, [this] { done_ = true; });
    auditor_->Start(others);
  }
  // Until it is about to be answered what begins with these words, for the `nth` time.
  void RunUntilAsked(const std::string& words, int nth = 1) {
    const auto asks = [&](const Exchange& exchange) {
      std::string text;
      for (const std::string& word : exchange.words) {
        text += word + " ";
      }
      return text.starts_with(words);
    };
    const std::vector<Exchange>& exchanges = auditor_->history().exchanges;
    while (std::count_if(exchanges.begin(), exchanges.end(), asks) < nth) {
      ASSERT_FALSE(done_) << words;
      loop_.RunOnce();
    }
  }
  void RunToItsEnd() {
    while (!done_) {
      loop_.RunOnce();
    }
  }
  std::string Problem(std::vector<const ClientHistory*> others = {}) { return auditor_->Check(others).problem; }
  bool Complete(std::vector<const ClientHistory*> others = {}) { return auditor_->complete(others); }

  std::unique_ptr<Auditor> auditor_;
  std::vector<size_t> killed_;
  bool done_ = false;
};

TEST_F(AuditorTest, OfARightServerNothingIsWrong) {
  Start();
  RunToItsEnd();
  const Finding finding = auditor_->Check({});
  EXPECT_EQ(finding.problem, "");
  EXPECT_EQ(finding.checked, 3U) << "INFO is looked at three times";
  EXPECT_TRUE(Complete());
  EXPECT_EQ(auditor_->history().answered, auditor_->history().exchanges.size());
  EXPECT_TRUE(auditor_->history().endings.empty());
  auditor_->Finish();
  RunFor(kNanosPerSecond);
  EXPECT_EQ(server_->sessions().size(), 0U);
  ASSERT_EQ(auditor_->history().endings.size(), 1U);
  EXPECT_EQ(auditor_->history().endings[0].how, Ending::How::kByClient);
}

TEST_F(AuditorTest, ItSaysThePasswordWhereOneIsNeeded) {
  SetConfig("requirepass", "sesame");
  Start({}, "sesame");
  RunToItsEnd();
  EXPECT_EQ(Problem(), "");
  EXPECT_TRUE(Complete());
}

TEST_F(AuditorTest, WhatNobodyHasAskedForIsNotToBeCounted) {
  ++server_->stats().total_commands_processed;
  Start();
  RunToItsEnd();
  EXPECT_NE(Problem().find("total_commands_processed"), std::string::npos) << Problem();
}

TEST_F(AuditorTest, WhatTheOthersHaveAskedForIsCounted) {
  HistoryMaker other(0, Keys::kBlind);
  other.history().links.push_back({0, 50'000});
  other.Ask("ping", 1, 2, ReplyValue::Simple("PONG"));
  Start();
  RunToItsEnd();
  EXPECT_NE(Problem({&other.history()}).find("total_commands_processed"), std::string::npos) << "nobody has done it";
}

class AuditorBehindItsNthInfo : public AuditorTest, public testing::WithParamInterface<int> {};

TEST_P(AuditorBehindItsNthInfo, ConnectionsAreThoseOfTheWorld) {
  Start();
  RunUntilAsked("INFO", GetParam());
  ++server_->stats().total_connections_received;
  RunToItsEnd();
  EXPECT_NE(Problem().find("total_connections_received"), std::string::npos) << Problem();
}

INSTANTIATE_TEST_SUITE_P(Infos, AuditorBehindItsNthInfo, testing::Values(1, 2));

// Behind its first look the auditor itself knows what each count has to grow by.
TEST_F(AuditorTest, WhatItsProbesAddIsKnownToTheLast) {
  Start();
  RunUntilAsked("SET probe");
  ++server_->stats().keyspace_hits;
  RunToItsEnd();
  EXPECT_NE(Problem().find("keyspace_hits has grown by 3 where it should by 2"), std::string::npos) << Problem();
}

TEST_F(AuditorTest, AnAnswerThatIsNotTheOneItExpectsIsWrong) {
  Start();
  RunUntilAsked("SET probe");
  Database& database = server_->database(0);
  (void)database.Insert("stray", database.Hash("stray"), "value", -1);
  RunToItsEnd();
  EXPECT_NE(Problem().find("DBSIZE was answered"), std::string::npos) << Problem();
}

TEST_F(AuditorTest, WhatSomebodyElseMayHaveDoneMeanwhileIsNoFault) {
  HistoryMaker other(0, Keys::kBlind);
  other.history().links.push_back({0, 50'000});
  Start();
  RunUntilAsked("SET probe");
  Database& database = server_->database(0);
  (void)database.Insert("stray", database.Hash("stray"), "value", -1);
  RunToItsEnd();
  EXPECT_NE(Problem({&other.history()}), "");
  EXPECT_TRUE(Complete({&other.history()}));

  HistoryMaker lost = other;
  lost.Lose("set stray value", 0, -1);
  EXPECT_EQ(Problem({&lost.history()}), "") << "it may have been executed at any time";
  EXPECT_FALSE(Complete({&lost.history()}));
  HistoryMaker sure = other;
  sure.Lose("set stray value", 0, 0);
  EXPECT_NE(Problem({&sure.history()}), "") << "it was not: its client had made sure before";

  HistoryMaker back = other;
  back.history().links.push_back({world_.elapsed_ns(), 50'001});
  EXPECT_EQ(Problem({&back.history()}), "") << "whoever connects may ask";
}

TEST_F(AuditorTest, ItEndsTwoOfTheOthersAndSaysWhom) {
  std::deque<KeepingClient> clients;
  std::vector<Auditor::Other> others;
  for (uint32_t i = 0; i < 4; ++i) {
    clients.emplace_back(world_, i, kSessionAddress);
    RunFor(kNanosPerMilli);
    others.push_back({10 + i, static_cast<int64_t>(i) + 1, clients.back().peer().port()});
  }
  Start(others);
  RunToItsEnd();
  EXPECT_EQ(Problem(), "");
  EXPECT_EQ(killed_, (std::vector<size_t>{10, 13}));
  RunFor(kNanosPerMilli);
  EXPECT_TRUE(clients[0].ended && clients[3].ended);
  EXPECT_FALSE(clients[1].ended || clients[2].ended);
}

TEST_F(AuditorTest, AnAuditThatIsCutShortIsOverAndNotComplete) {
  Start();
  RunUntilAsked("FLUSHALL");
  server_->sessions().ForEach([](Session& session) { session.Kill(); });
  RunToItsEnd();
  EXPECT_FALSE(Complete());
  ASSERT_EQ(auditor_->history().endings.size(), 1U);
  EXPECT_EQ(auditor_->history().endings[0].how, Ending::How::kUnexpected);
}

// --- who the others are

TEST(AuditorsOthers, AreThoseWhoseLatestConnectionStandsAndWasToldItsId) {
  const auto with_id = [](uint32_t client, int64_t id) {
    HistoryMaker maker(client, Keys::kBlind);
    maker.history().links.push_back({0, static_cast<uint16_t>(50'000 + client)});
    maker.Ask("CLIENT ID", 0, 1, ReplyValue::Integer(id));
    maker.history().exchanges.back().operation = Exchange::kSetup;
    return maker;
  };
  HistoryMaker never(0, Keys::kBlind);
  HistoryMaker stands = with_id(1, 7);
  HistoryMaker ended = with_id(2, 8);
  ended.history().endings.push_back({0, 5, 0, Ending::How::kByClient, ErrorCode::kOk});
  HistoryMaker back = with_id(3, 9);
  back.history().endings.push_back({0, 5, 0, Ending::How::kByClient, ErrorCode::kOk});
  back.history().links.push_back({6, 51'000});
  HistoryMaker back_and_told = back;
  back_and_told.Reconnect().Ask("CLIENT ID", 7, 8, ReplyValue::Integer(11));
  back_and_told.history().exchanges.back().operation = Exchange::kSetup;
  const ClientHistory* const histories[] = {&never.history(), &stands.history(), &ended.history(), &back.history(),
                                            &back_and_told.history()};
  const std::vector<Auditor::Other> others = Auditor::OthersOf(histories);
  ASSERT_EQ(others.size(), 2U);
  EXPECT_EQ(others[0].client, 1U);
  EXPECT_EQ(others[0].id, 7);
  EXPECT_EQ(others[0].port, 50'001);
  EXPECT_EQ(others[1].client, 4U);
  EXPECT_EQ(others[1].id, 11);
  EXPECT_EQ(others[1].port, 51'000);
}

}  // namespace
}  // namespace reprise
