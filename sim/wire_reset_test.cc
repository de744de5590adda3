// What a program sees of resets in the simulated world: who is told, of what, and how often. Each claim was tried on
// Linux.
#include <gtest/gtest.h>

#include "sim/sim_testing.h"
#include "sim/wire.h"

namespace reprise {
namespace {

class WireResetTest : public SimTest {};

TEST_F(WireResetTest, AReadAfterAResetTellsItOnceAndThenTheEnd) {
  const Connection connection = Connect();
  connection.peer->Abort();
  Settle();
  EXPECT_EQ(Ready(connection.handle), std::make_pair(true, true));
  EXPECT_EQ(ReadCode(connection.handle), ErrorCode::kConnectionReset);
  EXPECT_EQ(ReadCode(connection.handle), ErrorCode::kEndOfStream);
  EXPECT_EQ(WriteCode(connection.handle), ErrorCode::kBrokenPipe);
}

TEST_F(WireResetTest, AWriteAfterAResetTellsItOnceAndThenABrokenPipe) {
  const Connection connection = Connect();
  connection.peer->Abort();
  Settle();
  EXPECT_EQ(WriteCode(connection.handle), ErrorCode::kConnectionReset);
  EXPECT_EQ(WriteCode(connection.handle), ErrorCode::kBrokenPipe);
  EXPECT_EQ(ReadCode(connection.handle), ErrorCode::kEndOfStream);
}

TEST_F(WireResetTest, BytesThatCameBeforeTheResetCanBeRead) {
  const Connection connection = Connect();
  connection.peer->Send("abc");
  connection.peer->Abort();
  Settle();
  EXPECT_EQ(Read(connection.handle), "abc");
  EXPECT_EQ(ReadCode(connection.handle), ErrorCode::kConnectionReset);
}

TEST_F(WireResetTest, AFaultTakesUnreadBytesWithTheReset) {
  Always(Site::kResetDiscards, 1);
  const Connection connection = Connect();
  connection.peer->Send("abc");
  connection.peer->Abort();
  Settle();
  EXPECT_EQ(ReadCode(connection.handle), ErrorCode::kConnectionReset);
}

TEST_F(WireResetTest, AResetAfterTheEndIsABrokenPipeForWritersAndNothingForReaders) {
  const Connection connection = Connect();
  connection.peer->ShutdownWrite();
  Settle();
  connection.peer->Abort();
  Settle();
  EXPECT_EQ(ReadCode(connection.handle), ErrorCode::kEndOfStream);
  EXPECT_EQ(WriteCode(connection.handle), ErrorCode::kBrokenPipe);
  EXPECT_EQ(WriteCode(connection.handle), ErrorCode::kBrokenPipe);
}

TEST_F(WireResetTest, AResetIsTheirsToFindAfterOurHalfClose) {
  const Connection connection = Connect();
  EXPECT_TRUE(network().ShutdownWrite(connection.handle).ok());
  Settle();
  connection.peer->Abort();
  Settle();
  EXPECT_EQ(ReadCode(connection.handle), ErrorCode::kConnectionReset);
  EXPECT_EQ(ReadCode(connection.handle), ErrorCode::kEndOfStream);
  EXPECT_EQ(network().ShutdownWrite(connection.handle).code(), ErrorCode::kNotConnected);
}

TEST_F(WireResetTest, AskingForTheConnectsResultTakesThePendingError) {
  const Connection connection = Connect();
  connection.peer->Abort();
  Settle();
  EXPECT_EQ(network().ConnectResult(connection.handle).code(), ErrorCode::kConnectionReset);
  EXPECT_EQ(ReadCode(connection.handle), ErrorCode::kEndOfStream);
  EXPECT_EQ(WriteCode(connection.handle), ErrorCode::kBrokenPipe);
}

TEST_F(WireResetTest, AResetWhileBothSidesWereEndingIsTold) {
  options.receive_buffer_bytes = 100;
  const Connection connection = Connect();
  connection.peer->ShutdownWrite();
  connection.peer->StopReading();
  Settle();
  EXPECT_TRUE(Write(connection.handle, std::string(5'000, 'x')).ok());  // so that our end can't get through
  EXPECT_TRUE(network().ShutdownWrite(connection.handle).ok());
  Settle();
  connection.peer->Abort();
  Settle();
  EXPECT_EQ(WriteCode(connection.handle), ErrorCode::kConnectionReset);
  EXPECT_EQ(WriteCode(connection.handle), ErrorCode::kBrokenPipe);
}

TEST_F(WireResetTest, AConnectionThatEndedBothWaysHasNoPeerAndCanNotBeReset) {
  const Connection connection = Connect();
  connection.peer->ShutdownWrite();
  Settle();
  EXPECT_TRUE(network().PeerAddress(connection.handle).ok());
  EXPECT_TRUE(network().ShutdownWrite(connection.handle).ok());
  Settle();
  EXPECT_EQ(network().PeerAddress(connection.handle).status().code(), ErrorCode::kNotConnected);
  EXPECT_EQ(network().ShutdownWrite(connection.handle).code(), ErrorCode::kNotConnected);
  connection.peer->Abort();
  Settle();
  EXPECT_EQ(WriteCode(connection.handle), ErrorCode::kBrokenPipe);
  EXPECT_EQ(ReadCode(connection.handle), ErrorCode::kEndOfStream);
}

TEST_F(WireResetTest, OurCloseWithUnreadBytesIsAResetForThePeer) {
  const Connection connection = Connect();
  connection.peer->Send("never read");
  Settle();
  EXPECT_TRUE(Write(connection.handle, "on its way").ok());
  network().Close(connection.handle);
  Settle();
  EXPECT_EQ(connection.notes->received, "on its way");
  EXPECT_EQ(connection.notes->ends, 0);
  EXPECT_EQ(connection.notes->losses, std::vector<ErrorCode>{ErrorCode::kConnectionReset});
}

TEST_F(WireResetTest, OurAbortDropsWhatHasNotLeft) {
  options.receive_buffer_bytes = 100;
  const Connection connection = Connect();
  EXPECT_EQ(Write(connection.handle, std::string(5'000, 'x')).bytes, 5'000u);
  network().Abort(connection.handle);
  Settle();
  EXPECT_EQ(connection.notes->received.size(), 100u);
  EXPECT_EQ(connection.notes->losses, std::vector<ErrorCode>{ErrorCode::kConnectionReset});
}

TEST_F(WireResetTest, APeerThatSendsAfterOurCloseGetsABrokenPipe) {
  const Connection connection = Connect();
  network().Close(connection.handle);
  Settle();
  EXPECT_EQ(connection.notes->ends, 1);
  connection.peer->Send("is anybody there?");
  Settle();
  EXPECT_EQ(connection.notes->losses, std::vector<ErrorCode>{ErrorCode::kBrokenPipe});
  EXPECT_EQ(connection.peer->state(), SimPeer::State::kIdle);
}

TEST_F(WireResetTest, WhatAClosedPeerRefusesKeepsItsRoomUntilTheResetComes) {
  options.send_buffer_bytes = 1000;
  const Connection connection = Connect();
  connection.peer->Close();
  Settle();
  Next(Site::kSegmentDelay, {0, 14});  // ours arrives at once, the answer after 16 milliseconds
  EXPECT_EQ(Write(connection.handle, std::string(2'000, 'x')).bytes, 1000u);
  Settle();
  EXPECT_EQ(WriteCode(connection.handle), ErrorCode::kWouldBlock);
  EXPECT_EQ(Ready(connection.handle), std::make_pair(true, false));
  Settle(20 * kNanosPerMilli);
  EXPECT_EQ(WriteCode(connection.handle), ErrorCode::kBrokenPipe);
}

TEST_F(WireResetTest, APeersBytesThatCrossOurCloseGetAReset) {
  const Connection connection = Connect();
  connection.peer->Send("crossing");
  network().Close(connection.handle);  // our end is still on its way to the peer when its bytes arrive here
  Settle();
  EXPECT_EQ(connection.notes->losses.size(), 1u);
}

}  // namespace
}  // namespace reprise
