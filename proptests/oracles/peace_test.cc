#include "proptests/oracles/peace.h"

#include <gtest/gtest.h>

#include <memory>

#include "proptests/oracles/unsent.h"
#include "sim/tape_source.h"

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

// A client that connects, sends what it is told, and reads nothing.
class SilentClient final : public SimPeerHandler {
 public:
  explicit SilentClient(SimWorld& world) : peer_(world.NewPeer(0, *this)) {
    peer_.Connect(Address{Address::Family::kIpv4, "127.0.0.1", 6379});
    peer_.StopReading();
  }
  SimPeer& peer() { return peer_; }

 private:
  void OnConnected(SimPeer&) override {}
  void OnBytes(SimPeer&, std::string_view) override {}
  void OnEnd(SimPeer&) override {}
  void OnLost(SimPeer&, ErrorCode) override {}
  void OnHalfClosed(SimPeer&) override {}

  SimPeer& peer_;
};

class PeaceWithServer : public testing::Test {
 protected:
  PeaceWithServer()
      : server_(
            std::make_unique<Server>(World{loop_, world_.network(), world_.entropy(), world_.process()}, Config())) {
    EXPECT_TRUE(server_->Start().ok());
  }

  void RunFor(int64_t duration_ns) {
    const int64_t end_ns = world_.elapsed_ns() + duration_ns;
    while (world_.elapsed_ns() < end_ns) {
      loop_.RunOnce();
    }
  }

  TapeSource nothing_{std::vector<ChoiceMade>()};
  SimWorld world_{nothing_, SwarmProfile::Quiet()};
  EventLoop loop_{world_.poller(), world_.clock()};
  std::unique_ptr<Server> server_;
};

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

TEST_F(PeaceWithServer, UnsentOutputAboveTheLimitIsSeen) {
  SilentClient client(world_);
  std::string requests = "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$20000\r\n" + std::string(20'000, 'x') + "\r\n";
  for (int i = 0; i < 40; ++i) {
    requests += "*2\r\n$3\r\nGET\r\n$1\r\nk\r\n";
  }
  client.peer().Send(requests);
  RunFor(1'000'000'000);
  UnsentWatch watch(*server_);
  EXPECT_TRUE(watch.Look()) << "there is no limit";
  ASSERT_GT(watch.peak_bytes(), 100'000u);
  // A server that has not kept to a limit looks just like one that is given the limit too late.
  const std::pair<std::string_view, std::string_view> limit = {"client-output-buffer-limit", "normal 100000 0 0"};
  ASSERT_TRUE(server_->config().SetAtRunTime({&limit, 1}).ok());
  EXPECT_FALSE(watch.Look());
  EXPECT_NE(watch.problem().find("100000"), std::string::npos) << watch.problem();
}

}  // namespace
}  // namespace reprise
