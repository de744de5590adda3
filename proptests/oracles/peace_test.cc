#include "proptests/oracles/peace.h"

#include <gtest/gtest.h>

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

TEST_F(PeaceWithServer, AHandleThatNobodyClosesIsSeen) {
  const Result<Handle> forgotten =
      world_.network().Listen(Address{Address::Family::kIpv4, "127.0.0.1", 7000}, ListenOptions());
  ASSERT_TRUE(forgotten.ok());
  server_.reset();
  EXPECT_NE(DescribeLeftOver(world_, loop_).find("1 open handles"), std::string::npos);
}

}  // namespace
}  // namespace reprise
