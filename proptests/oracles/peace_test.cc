#include "proptests/oracles/peace.h"

#include <gtest/gtest.h>

#include <deque>

#include "proptests/oracles/server_testing.h"

namespace reprise {
namespace {

ClientHistory EndsWith(Ending ending) {
  ClientHistory history;
  history.endings.push_back(ending);
  return history;
}

TEST(Peace, AConnectionThatBeganInPeaceMayNotBreak) {
  PeaceTerms terms;
  terms.peace_ns = 1000;
  const Ending broken{0, 3000, 2000, Ending::How::kUnexpected, ErrorCode::kConnectionReset};
  EXPECT_FALSE(CheckPeace(EndsWith(broken), terms).ok());
  terms.may_be_cut_off = true;
  EXPECT_TRUE(CheckPeace(EndsWith(broken), terms).ok());
}

TEST(Peace, AConnectionMayBeEndedForItsSilence) {
  PeaceTerms terms;
  terms.peace_ns = 1000;
  const Ending ended{0, 3000, 2000, Ending::How::kUnexpected, ErrorCode::kEndOfStream};
  terms.may_be_idle = [](const Ending& ending) { return ending.time_ns > 4000; };
  EXPECT_FALSE(CheckPeace(EndsWith(ended), terms).ok());
  terms.may_be_idle = [](const Ending& ending) { return ending.time_ns > 2000; };
  EXPECT_TRUE(CheckPeace(EndsWith(ended), terms).ok());
}

TEST(Peace, NobodyMayWaitInVain) {
  PeaceTerms terms;
  terms.peace_ns = 1000;
  terms.may_be_cut_off = true;
  EXPECT_FALSE(CheckPeace(EndsWith({0, 3000, 2000, Ending::How::kTimeout, ErrorCode::kTimedOut}), terms).ok());
}

TEST(Peace, NobodyMayWaitInVainWhileWhatIsSentArrives) {
  PeaceTerms terms;
  terms.peace_ns = 1000;
  terms.speech_ns = 0;
  EXPECT_FALSE(CheckPeace(EndsWith({0, 900, 0, Ending::How::kTimeout, ErrorCode::kTimedOut}), terms).ok());
  EXPECT_TRUE(CheckPeace(EndsWith({0, 900, 0, Ending::How::kUnexpected, ErrorCode::kConnectionReset}), terms).ok());
}

TEST(Peace, NothingThatWasOutToBreakAConnectionExcusesItInPeace) {
  PeaceTerms terms;
  terms.peace_ns = 1000;
  terms.any_may_break = false;
  terms.may_break = {0};
  const auto ends = [](int64_t began_ns) {
    return EndsWith({0, 3000, began_ns, Ending::How::kUnexpected, ErrorCode::kConnectionReset});
  };
  EXPECT_TRUE(CheckPeace(ends(999), terms).ok());
  EXPECT_FALSE(CheckPeace(ends(1000), terms).ok());
}

TEST(Peace, TheFirstProblemIsToldOf) {
  ClientHistory history = EndsWith({4, 900, 0, Ending::How::kTimeout, ErrorCode::kTimedOut});
  history.endings.push_back({5, 900, 0, Ending::How::kUnexpected, ErrorCode::kConnectionReset});
  history.endings.push_back({6, 900, 0, Ending::How::kByClient, ErrorCode::kOk});
  const Finding finding = CheckPeace(history, {.peace_ns = 0});
  EXPECT_NE(finding.problem.find("connection 4"), std::string::npos) << finding.problem;
}

TEST(Peace, BeforeThatAnythingGoes) {
  PeaceTerms terms;
  terms.peace_ns = 1000;
  EXPECT_TRUE(CheckPeace(EndsWith({0, 900, 0, Ending::How::kUnexpected, ErrorCode::kConnectionReset}), terms).ok());
}

TEST(Peace, AConnectionThatNothingWasOutToBreakHasToHoldInAllWeather) {
  PeaceTerms terms;
  terms.peace_ns = 1000;
  terms.any_may_break = false;
  terms.may_break = {0};
  EXPECT_TRUE(CheckPeace(EndsWith({0, 900, 0, Ending::How::kUnexpected, ErrorCode::kEndOfStream}), terms).ok());
  EXPECT_FALSE(CheckPeace(EndsWith({1, 900, 0, Ending::How::kUnexpected, ErrorCode::kEndOfStream}), terms).ok());
}

using PeaceWithServer = ServerInWorld;

TEST_F(PeaceWithServer, AServerWithoutClientsIsNotBusy) {
  RunFor(1'000'000'000);
  EXPECT_EQ(DescribeBusy(*server_, loop_), "");
  server_.reset();
  EXPECT_EQ(DescribeLeftOver(world_, loop_), "");
}

TEST_F(PeaceWithServer, ASessionThatIsStillThereIsSeen) {
  SilentClient client(world_);
  RunFor(1'000'000'000);
  EXPECT_NE(DescribeBusy(*server_, loop_).find("1 sessions"), std::string::npos);
}

TEST_F(PeaceWithServer, AnExpiredKeyThatNobodyAsksForIsSeenUntilItIsRemoved) {
  Database& database = server_->database(3);
  (void)database.Insert("key", database.Hash("key"), "value", loop_.wall_ms() - 1);
  EXPECT_NE(DescribeBusy(*server_, loop_).find("1 expired keys"), std::string::npos);
  RunFor(1'000'000'000);
  EXPECT_EQ(DescribeBusy(*server_, loop_), "");
}

// One timer is the server's tick, and each listener may have one.
TEST_F(PeaceWithServer, ATimerThatNobodyStopsIsSeen) {
  RunFor(1'000'000'000);
  std::deque<Timer> timers;
  for (size_t i = 0; i <= server_->acceptors().size(); ++i) {
    EXPECT_EQ(DescribeBusy(*server_, loop_), "") << i;
    timers.emplace_back([] {});
    loop_.RunAfter(1'000'000'000'000, timers.back());
  }
  EXPECT_NE(DescribeBusy(*server_, loop_).find("timers"), std::string::npos);
  server_.reset();
  EXPECT_NE(DescribeLeftOver(world_, loop_).find(std::to_string(timers.size()) + " timers"), std::string::npos);
  timers.clear();
  EXPECT_EQ(DescribeLeftOver(world_, loop_), "");
}

TEST_F(PeaceWithServer, AHandleThatNobodyClosesIsSeen) {
  const Result<Handle> forgotten =
      world_.network().Listen(Address{Address::Family::kIpv4, "127.0.0.1", 7000}, ListenOptions());
  ASSERT_TRUE(forgotten.ok());
  server_.reset();
  EXPECT_NE(DescribeLeftOver(world_, loop_).find("1 open handles"), std::string::npos);
}

}  // namespace
}  // namespace reprise
