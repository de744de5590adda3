// What befalls whole connections in the simulated world: torn by a fault, and silence.
#include <gtest/gtest.h>

#include "sim/sim_testing.h"
#include "sim/wire.h"

namespace reprise {
namespace {

class WireFaultsTest : public SimTest {};

// --- torn

TEST_F(WireFaultsTest, AFaultTearsTheConnectionForBothSides) {
  const Connection connection = Connect();
  Next(Site::kConnReset, {1});
  connection.peer->Send("lost");
  Settle();
  EXPECT_EQ(ReadCode(connection.handle), ErrorCode::kConnectionReset);
  EXPECT_EQ(connection.notes->losses, std::vector<ErrorCode>{ErrorCode::kConnectionReset});
}

TEST_F(WireFaultsTest, ATornConnectionIsReportedToWhoWatchesIt) {
  const Connection connection = Connect();
  const Token token = Watch(connection.handle, Interest::kRead);
  Next(Site::kConnReset, {1});
  connection.peer->Send("lost");
  const std::vector<Event> events = Wait();
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].token, token);
}

// --- silence

TEST_F(WireFaultsTest, APeerThatVanishedIsNeverHeardOf) {
  const Connection connection = Connect();
  connection.peer->Send("abc");
  Settle();
  connection.peer->Vanish();
  EXPECT_EQ(ReadAll(connection.handle), "abc");
  Settle(3600 * kNanosPerSecond);
  EXPECT_EQ(ReadCode(connection.handle), ErrorCode::kWouldBlock);
  EXPECT_EQ(connection.peer->state(), SimPeer::State::kIdle);
  EXPECT_TRUE(connection.notes->losses.empty());
}

TEST_F(WireFaultsTest, WhoWritesToAVanishedPeerGivesUpAfterAQuarterOfAnHour) {
  const Connection connection = Connect();
  connection.peer->Vanish();
  EXPECT_TRUE(Write(connection.handle, "hello?").ok());
  Settle(900 * kNanosPerSecond);
  EXPECT_EQ(ReadCode(connection.handle), ErrorCode::kWouldBlock);
  Settle(60 * kNanosPerSecond);
  EXPECT_EQ(ReadCode(connection.handle), ErrorCode::kTimedOut);
  EXPECT_EQ(WriteCode(connection.handle), ErrorCode::kBrokenPipe);
}

TEST_F(WireFaultsTest, KeepAliveGivesUpOnAVanishedPeerAfterTwiceItsTime) {
  const Connection connection = Connect();
  EXPECT_TRUE(network().SetKeepAlive(connection.handle, 30).ok());
  connection.peer->Vanish();
  Settle(50 * kNanosPerSecond);
  EXPECT_EQ(ReadCode(connection.handle), ErrorCode::kWouldBlock);
  Settle(20 * kNanosPerSecond);
  EXPECT_EQ(ReadCode(connection.handle), ErrorCode::kTimedOut);
}

TEST_F(WireFaultsTest, AKeepAliveMayBeAskedForWhenThePeerHasVanishedAlready) {
  const Connection connection = Connect();
  connection.peer->Vanish();
  EXPECT_TRUE(network().SetKeepAlive(connection.handle, 30).ok());
  Settle(70 * kNanosPerSecond);
  EXPECT_EQ(ReadCode(connection.handle), ErrorCode::kTimedOut);
}

TEST_F(WireFaultsTest, AnEndThatIsNeverAcknowledgedIsGivenUpToo) {
  const Connection connection = Connect();
  connection.peer->Vanish();
  EXPECT_TRUE(network().ShutdownWrite(connection.handle).ok());
  Settle(920 * kNanosPerSecond);
  EXPECT_EQ(ReadCode(connection.handle), ErrorCode::kWouldBlock);
  Settle(10 * kNanosPerSecond);
  EXPECT_EQ(ReadCode(connection.handle), ErrorCode::kTimedOut);
}

TEST_F(WireFaultsTest, WhatWasGivenUpIsNotToldOfAgainByHealing) {
  const Connection connection = Connect();
  connection.peer->Vanish();
  EXPECT_TRUE(Write(connection.handle, "hello?").ok());
  Settle(960 * kNanosPerSecond);
  EXPECT_EQ(ReadCode(connection.handle), ErrorCode::kTimedOut);
  world().Heal();
  EXPECT_EQ(ReadCode(connection.handle), ErrorCode::kEndOfStream);
}

TEST_F(WireFaultsTest, WhoHasEndedItsDirectionIsNotMadeTo) {
  Always(Site::kConnHalfClose, 1);
  const Connection connection = Connect();
  connection.peer->ShutdownWrite();
  Settle();
  EXPECT_TRUE(Write(connection.handle, "answer").ok());
  Settle();
  EXPECT_EQ(connection.notes->received, "answer");
  EXPECT_EQ(connection.notes->half_closes, 0);
  EXPECT_EQ(world().choices().count(Site::kConnHalfClose).offered, 0u);
}

TEST_F(WireFaultsTest, AVanishingConnectionIsKnownToThePeerAloneAndIsResetByHealing) {
  const Connection connection = Connect();
  Next(Site::kConnVanish, {1});
  connection.peer->Send("gone");
  Settle();
  EXPECT_TRUE(connection.peer->vanished());
  EXPECT_EQ(ReadCode(connection.handle), ErrorCode::kWouldBlock);
  world().Heal();
  EXPECT_EQ(connection.notes->losses, std::vector<ErrorCode>{ErrorCode::kTimedOut});
  EXPECT_EQ(ReadCode(connection.handle), ErrorCode::kTimedOut);
}

}  // namespace
}  // namespace reprise
