// What a program sees of TCP in the simulated world. Each claim was tried on Linux.
#include "sim/wire.h"

#include <gtest/gtest.h>

#include "sim/sim_testing.h"

namespace reprise {
namespace {

class WireTest : public SimTest {
 protected:
  // What poll would tell of the handle, found through the poller: readable, writable.
  std::pair<bool, bool> Ready(Handle handle) {
    const Wire::Readiness readiness = world().network().ReadinessOf(handle);
    return {readiness.readable, readiness.writable};
  }
};

// --- bytes

TEST_F(WireTest, BytesArriveAfterTheLatencyAndNotBefore) {
  options.latency_ns = 70'000;
  const Connection connection = Connect();
  const int64_t sent_ns = Now();
  connection.peer->Send("abc");
  EXPECT_EQ(ReadCode(connection.handle), ErrorCode::kWouldBlock);
  Watch(connection.handle, Interest::kRead);
  ASSERT_EQ(Wait().size(), 1u);
  EXPECT_EQ(Now(), sent_ns + 70'000);
  EXPECT_EQ(Read(connection.handle), "abc");
}

TEST_F(WireTest, WritesBlockWhenBothBuffersAreFullAndGoOnWhenThePeerReads) {
  options.send_buffer_bytes = 1000;
  options.receive_buffer_bytes = 500;
  const Connection connection = Connect();
  connection.peer->StopReading();
  const std::string bytes(10'000, 'x');
  EXPECT_EQ(Write(connection.handle, bytes).bytes, 1000u);
  EXPECT_EQ(WriteCode(connection.handle), ErrorCode::kWouldBlock);
  Settle();
  EXPECT_EQ(Write(connection.handle, bytes).bytes, 500u);  // as much as the peer's buffer has taken
  Settle();
  EXPECT_EQ(WriteCode(connection.handle), ErrorCode::kWouldBlock);
  EXPECT_FALSE(Ready(connection.handle).second);
  connection.peer->StartReading();
  Settle();
  EXPECT_EQ(connection.notes->received.size(), 1500u);
  EXPECT_TRUE(Ready(connection.handle).second);
}

TEST_F(WireTest, RoomIsAnnouncedOnlyWhenAThirdOfTheBufferIsFree) {
  options.send_buffer_bytes = 900;
  options.receive_buffer_bytes = 100;
  const Connection connection = Connect();
  connection.peer->StopReading();
  EXPECT_EQ(Write(connection.handle, std::string(900, 'x')).bytes, 900u);
  Settle();
  EXPECT_FALSE(Ready(connection.handle).second);
  EXPECT_EQ(WriteCode(connection.handle), ErrorCode::kOk);  // but a write is taken
}

TEST_F(WireTest, APeerSendsMoreThanTheBuffersHoldWithoutLoss) {
  options.send_buffer_bytes = 300;
  options.receive_buffer_bytes = 200;
  const Connection connection = Connect();
  std::string text;
  for (int i = 0; text.size() < 20'000; ++i) text += std::to_string(i) + ' ';
  connection.peer->Send(text);
  EXPECT_GT(connection.peer->unsent_bytes(), 19'000u);
  std::string got;
  for (int i = 0; i < 10'000 && got.size() < text.size(); ++i) {
    got += ReadAll(connection.handle);
    Settle(100'000);
  }
  EXPECT_EQ(got, text);
  EXPECT_EQ(connection.peer->unsent_bytes(), 0u);
}

TEST_F(WireTest, ASegmentIsCutWhereTheChoiceSays) {
  const Connection connection = Connect();
  Watch(connection.handle, Interest::kRead);
  Next(Site::kSegmentCut, {2, 1});
  connection.peer->Send("abcdef");
  (void)Wait();
  EXPECT_EQ(Read(connection.handle), "ab");
  (void)Wait();
  EXPECT_EQ(Read(connection.handle), "c");
  (void)Wait();
  EXPECT_EQ(Read(connection.handle), "def");
}

TEST_F(WireTest, ADelayedSegmentHoldsBackThoseBehindIt) {
  const Connection connection = Connect();
  Watch(connection.handle, Interest::kRead);
  Next(Site::kSegmentDelay, {10});
  connection.peer->Send("slow ");
  connection.peer->Send("quick");
  Settle(1'000'000);
  EXPECT_EQ(ReadAll(connection.handle), "");
  Settle(1'000'000);
  EXPECT_EQ(ReadAll(connection.handle), "slow quick");
}

TEST_F(WireTest, SmallBuffersAreAsSmallAsTheChoiceSays) {
  Always(Site::kBufferSmallSend, 7);
  const Connection connection = Connect();
  EXPECT_EQ(Write(connection.handle, std::string(10'000, 'x')).bytes, 128u);
}

TEST_F(WireTest, ATricklingPeersFirstBytesArriveOneAtATime) {
  Always(Site::kPeerTrickle, 1);
  const Connection connection = Connect();
  Watch(connection.handle, Interest::kRead);
  connection.peer->Send(std::string(20, 'x'));
  for (int i = 0; i < 16; ++i) {
    (void)Wait();
    EXPECT_EQ(Read(connection.handle), "x") << i;
  }
  (void)Wait();
  EXPECT_EQ(Read(connection.handle), "xxxx");
}

// --- the end of a stream

TEST_F(WireTest, APeersCloseIsAnEndBehindItsBytesAndLeavesUsWritableOnce) {
  const Connection connection = Connect();
  connection.peer->Send("abc");
  connection.peer->Close();
  Settle();
  EXPECT_EQ(Read(connection.handle), "abc");
  EXPECT_EQ(ReadCode(connection.handle), ErrorCode::kEndOfStream);
  EXPECT_EQ(WriteCode(connection.handle), ErrorCode::kOk);  // nobody is there any more, which we find out
  Settle();
  EXPECT_EQ(WriteCode(connection.handle), ErrorCode::kBrokenPipe);
  EXPECT_EQ(ReadCode(connection.handle), ErrorCode::kEndOfStream);
}

TEST_F(WireTest, AfterAPeersHalfCloseItIsStillAnswered) {
  const Connection connection = Connect();
  connection.peer->Send("question");
  connection.peer->ShutdownWrite();
  Settle();
  EXPECT_EQ(ReadAll(connection.handle), "question");
  EXPECT_EQ(ReadCode(connection.handle), ErrorCode::kEndOfStream);
  EXPECT_TRUE(Write(connection.handle, "answer").ok());
  Settle();
  EXPECT_EQ(connection.notes->received, "answer");
  EXPECT_EQ(WriteCode(connection.handle), ErrorCode::kOk);
}

TEST_F(WireTest, AfterOurHalfCloseThePeerFindsTheEndAndWeReadOn) {
  const Connection connection = Connect();
  EXPECT_TRUE(Write(connection.handle, "last words").ok());
  EXPECT_TRUE(network().ShutdownWrite(connection.handle).ok());
  EXPECT_TRUE(network().ShutdownWrite(connection.handle).ok());
  EXPECT_EQ(WriteCode(connection.handle), ErrorCode::kBrokenPipe);
  Settle();
  EXPECT_EQ(connection.notes->received, "last words");
  EXPECT_EQ(connection.notes->ends, 1);
  connection.peer->Send("still here");
  Settle();
  EXPECT_EQ(ReadAll(connection.handle), "still here");
}

TEST_F(WireTest, OurCloseDeliversWhatWasWritten) {
  options.receive_buffer_bytes = 100;
  const Connection connection = Connect();
  const std::string text(5'000, 'x');
  EXPECT_EQ(Write(connection.handle, text).bytes, text.size());
  network().Close(connection.handle);
  Settle();
  EXPECT_EQ(connection.notes->received, text);
  EXPECT_EQ(connection.notes->ends, 1);
  EXPECT_TRUE(connection.notes->losses.empty());
}

TEST_F(WireTest, EndedBothWaysWeAreReadyForEverything) {
  const Connection connection = Connect();
  connection.peer->ShutdownWrite();
  Settle();
  EXPECT_EQ(Ready(connection.handle), std::make_pair(true, true));
  EXPECT_TRUE(network().ShutdownWrite(connection.handle).ok());
  EXPECT_TRUE(world().network().ReadinessOf(connection.handle).hangup);
}

// --- resets

TEST_F(WireTest, AReadAfterAResetTellsItOnceAndThenTheEnd) {
  const Connection connection = Connect();
  connection.peer->Abort();
  Settle();
  EXPECT_EQ(Ready(connection.handle), std::make_pair(true, true));
  EXPECT_EQ(ReadCode(connection.handle), ErrorCode::kConnectionReset);
  EXPECT_EQ(ReadCode(connection.handle), ErrorCode::kEndOfStream);
  EXPECT_EQ(WriteCode(connection.handle), ErrorCode::kBrokenPipe);
}

TEST_F(WireTest, AWriteAfterAResetTellsItOnceAndThenABrokenPipe) {
  const Connection connection = Connect();
  connection.peer->Abort();
  Settle();
  EXPECT_EQ(WriteCode(connection.handle), ErrorCode::kConnectionReset);
  EXPECT_EQ(WriteCode(connection.handle), ErrorCode::kBrokenPipe);
  EXPECT_EQ(ReadCode(connection.handle), ErrorCode::kEndOfStream);
}

TEST_F(WireTest, BytesThatCameBeforeTheResetCanBeRead) {
  const Connection connection = Connect();
  connection.peer->Send("abc");
  connection.peer->Abort();
  Settle();
  EXPECT_EQ(Read(connection.handle), "abc");
  EXPECT_EQ(ReadCode(connection.handle), ErrorCode::kConnectionReset);
}

TEST_F(WireTest, AFaultTakesUnreadBytesWithTheReset) {
  Always(Site::kResetDiscards, 1);
  const Connection connection = Connect();
  connection.peer->Send("abc");
  connection.peer->Abort();
  Settle();
  EXPECT_EQ(ReadCode(connection.handle), ErrorCode::kConnectionReset);
}

TEST_F(WireTest, AResetAfterTheEndIsABrokenPipeForWritersAndNothingForReaders) {
  const Connection connection = Connect();
  connection.peer->ShutdownWrite();
  Settle();
  connection.peer->Abort();
  Settle();
  EXPECT_EQ(ReadCode(connection.handle), ErrorCode::kEndOfStream);
  EXPECT_EQ(WriteCode(connection.handle), ErrorCode::kBrokenPipe);
  EXPECT_EQ(WriteCode(connection.handle), ErrorCode::kBrokenPipe);
}

TEST_F(WireTest, AResetIsTheirsToFindAfterOurHalfClose) {
  const Connection connection = Connect();
  EXPECT_TRUE(network().ShutdownWrite(connection.handle).ok());
  Settle();
  connection.peer->Abort();
  Settle();
  EXPECT_EQ(ReadCode(connection.handle), ErrorCode::kConnectionReset);
  EXPECT_EQ(ReadCode(connection.handle), ErrorCode::kEndOfStream);
  EXPECT_EQ(network().ShutdownWrite(connection.handle).code(), ErrorCode::kNotConnected);
}

TEST_F(WireTest, AskingForTheConnectsResultTakesThePendingError) {
  const Connection connection = Connect();
  connection.peer->Abort();
  Settle();
  EXPECT_EQ(network().ConnectResult(connection.handle).code(), ErrorCode::kConnectionReset);
  EXPECT_EQ(ReadCode(connection.handle), ErrorCode::kEndOfStream);
  EXPECT_EQ(WriteCode(connection.handle), ErrorCode::kBrokenPipe);
}

TEST_F(WireTest, AResetWhileBothSidesWereEndingIsTold) {
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

TEST_F(WireTest, AConnectionThatEndedBothWaysHasNoPeerAndCanNotBeReset) {
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

TEST_F(WireTest, OurCloseWithUnreadBytesIsAResetForThePeer) {
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

TEST_F(WireTest, OurAbortDropsWhatHasNotLeft) {
  options.receive_buffer_bytes = 100;
  const Connection connection = Connect();
  EXPECT_EQ(Write(connection.handle, std::string(5'000, 'x')).bytes, 5'000u);
  network().Abort(connection.handle);
  Settle();
  EXPECT_EQ(connection.notes->received.size(), 100u);
  EXPECT_EQ(connection.notes->losses, std::vector<ErrorCode>{ErrorCode::kConnectionReset});
}

TEST_F(WireTest, APeerThatSendsAfterOurCloseGetsABrokenPipe) {
  const Connection connection = Connect();
  network().Close(connection.handle);
  Settle();
  EXPECT_EQ(connection.notes->ends, 1);
  connection.peer->Send("is anybody there?");
  Settle();
  EXPECT_EQ(connection.notes->losses, std::vector<ErrorCode>{ErrorCode::kBrokenPipe});
  EXPECT_EQ(connection.peer->state(), SimPeer::State::kIdle);
}

TEST_F(WireTest, WhatAClosedPeerRefusesKeepsItsRoomUntilTheResetComes) {
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

TEST_F(WireTest, APeersBytesThatCrossOurCloseGetAReset) {
  const Connection connection = Connect();
  connection.peer->Send("crossing");
  network().Close(connection.handle);  // our end is still on its way to the peer when its bytes arrive here
  Settle();
  EXPECT_EQ(connection.notes->losses.size(), 1u);
}

TEST_F(WireTest, AFaultTearsTheConnectionForBothSides) {
  const Connection connection = Connect();
  Next(Site::kConnReset, {1});
  connection.peer->Send("lost");
  Settle();
  EXPECT_EQ(ReadCode(connection.handle), ErrorCode::kConnectionReset);
  EXPECT_EQ(connection.notes->losses, std::vector<ErrorCode>{ErrorCode::kConnectionReset});
}

TEST_F(WireTest, ATornConnectionIsReportedToWhoWatchesIt) {
  const Connection connection = Connect();
  const Token token = Watch(connection.handle, Interest::kRead);
  Next(Site::kConnReset, {1});
  connection.peer->Send("lost");
  const std::vector<Event> events = Wait();
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].token, token);
}

// --- silence

TEST_F(WireTest, APeerThatVanishedIsNeverHeardOf) {
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

TEST_F(WireTest, WhoWritesToAVanishedPeerGivesUpAfterAQuarterOfAnHour) {
  const Connection connection = Connect();
  connection.peer->Vanish();
  EXPECT_TRUE(Write(connection.handle, "hello?").ok());
  Settle(900 * kNanosPerSecond);
  EXPECT_EQ(ReadCode(connection.handle), ErrorCode::kWouldBlock);
  Settle(60 * kNanosPerSecond);
  EXPECT_EQ(ReadCode(connection.handle), ErrorCode::kTimedOut);
  EXPECT_EQ(WriteCode(connection.handle), ErrorCode::kBrokenPipe);
}

TEST_F(WireTest, KeepAliveGivesUpOnAVanishedPeerAfterTwiceItsTime) {
  const Connection connection = Connect();
  EXPECT_TRUE(network().SetKeepAlive(connection.handle, 30).ok());
  connection.peer->Vanish();
  Settle(50 * kNanosPerSecond);
  EXPECT_EQ(ReadCode(connection.handle), ErrorCode::kWouldBlock);
  Settle(20 * kNanosPerSecond);
  EXPECT_EQ(ReadCode(connection.handle), ErrorCode::kTimedOut);
}

TEST_F(WireTest, AVanishingConnectionIsKnownToThePeerAloneAndIsResetByHealing) {
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

// --- how connections come about

TEST_F(WireTest, NobodyListeningRefuses) {
  SimPeer& peer = NewPeer();
  peer.Connect(kAddress);
  Settle();
  EXPECT_EQ(NotesOf(peer).losses, std::vector<ErrorCode>{ErrorCode::kConnectionRefused});
  EXPECT_EQ(peer.state(), SimPeer::State::kIdle);
}

TEST_F(WireTest, AFullBacklogMakesConnectorsTryAgainAndGiveUpInTheEnd) {
  const Handle listener = Listen(1);
  std::vector<SimPeer*> peers;
  for (int i = 0; i < 3; ++i) {
    peers.push_back(&NewPeer());
    peers.back()->Connect(kAddress);
  }
  Settle();
  EXPECT_EQ(NotesOf(*peers[1]).connects, 1);
  EXPECT_EQ(NotesOf(*peers[2]).connects, 0);
  ASSERT_TRUE(network().Accept(listener).ok());
  Settle(2 * kNanosPerSecond);
  EXPECT_EQ(NotesOf(*peers[2]).connects, 1);
  SimPeer& late = NewPeer();
  late.Connect(kAddress);
  Settle(300 * kNanosPerSecond);
  EXPECT_EQ(NotesOf(late).losses, std::vector<ErrorCode>{ErrorCode::kTimedOut});
}

TEST_F(WireTest, WhatAPeerSendsBeforeItIsAcceptedIsThereAfterwards) {
  const Handle listener = Listen();
  SimPeer& peer = NewPeer();
  peer.Connect(kAddress);
  peer.Send("early");
  Settle();
  const Handle handle = network().Accept(listener).value();
  EXPECT_EQ(ReadAll(handle), "early");
}

TEST_F(WireTest, AConnectionResetBeforeItIsAcceptedIsAcceptedAndReadsAReset) {
  const Handle listener = Listen();
  SimPeer& peer = NewPeer();
  peer.Connect(kAddress);
  Settle();
  peer.Abort();
  Settle();
  const Handle handle = network().Accept(listener).value();
  EXPECT_EQ(ReadCode(handle), ErrorCode::kConnectionReset);
}

TEST_F(WireTest, ClosingAListenerResetsWhatWaitsToBeAccepted) {
  const Handle listener = Listen();
  SimPeer& peer = NewPeer();
  peer.Connect(kAddress);
  Settle();
  network().Close(listener);
  Settle();
  EXPECT_EQ(NotesOf(peer).losses, std::vector<ErrorCode>{ErrorCode::kConnectionReset});
}

TEST_F(WireTest, APeerThatGivesUpConnectingLeavesNothingBehind) {
  const Handle listener = Listen();
  SimPeer& peer = NewPeer();
  peer.Connect(kAddress);
  peer.Close();
  Settle();
  EXPECT_EQ(network().Accept(listener).status().code(), ErrorCode::kWouldBlock);
  peer.Connect(kAddress);
  Settle();
  EXPECT_TRUE(network().Accept(listener).ok());
  EXPECT_EQ(NotesOf(peer).connects, 1);
}

TEST_F(WireTest, WhyAConnectFailedIsToldOnceAndToAStreamItIsAReset) {
  const Handle asked = network().Connect(kAddress).value();
  const Handle read = network().Connect(kAddress).value();
  const Handle written = network().Connect(kAddress).value();
  EXPECT_EQ(network().ConnectResult(asked).code(), ErrorCode::kWouldBlock);
  EXPECT_EQ(ReadCode(read), ErrorCode::kWouldBlock);
  Settle();
  EXPECT_EQ(network().ConnectResult(asked).code(), ErrorCode::kConnectionRefused);
  EXPECT_EQ(network().ConnectResult(asked).code(), ErrorCode::kConnectionReset);
  EXPECT_EQ(ReadCode(read), ErrorCode::kConnectionReset);
  EXPECT_EQ(ReadCode(read), ErrorCode::kEndOfStream);
  EXPECT_EQ(WriteCode(written), ErrorCode::kConnectionReset);
  EXPECT_EQ(WriteCode(written), ErrorCode::kBrokenPipe);
  EXPECT_EQ(network().ShutdownWrite(written).code(), ErrorCode::kNotConnected);
}

TEST_F(WireTest, EndingTheDirectionOfAnUndecidedConnectTakesItBack) {
  const Handle listener = Listen();
  const Handle handle = network().Connect(kAddress).value();
  EXPECT_TRUE(network().ShutdownWrite(handle).ok());
  Settle();
  EXPECT_EQ(network().Accept(listener).status().code(), ErrorCode::kWouldBlock);
  EXPECT_EQ(Ready(handle), std::make_pair(true, true));
  EXPECT_EQ(network().ConnectResult(handle).code(), ErrorCode::kConnectionReset);
  EXPECT_EQ(ReadCode(handle), ErrorCode::kNotConnected);
  EXPECT_EQ(WriteCode(handle), ErrorCode::kBrokenPipe);
  EXPECT_EQ(network().ShutdownWrite(handle).code(), ErrorCode::kNotConnected);
  network().Close(handle);
}

TEST_F(WireTest, AFailingConnectTellsWhy) {
  (void)Listen();
  Next(Site::kConnectFail, {1, 2, 3, 4});
  SimPeer& peer = NewPeer();
  for (int i = 0; i < 4; ++i) {
    peer.Connect(kAddress);
    Settle();
  }
  EXPECT_EQ(NotesOf(peer).losses, (std::vector<ErrorCode>{ErrorCode::kConnectionRefused, ErrorCode::kTimedOut,
                                                          ErrorCode::kUnreachable, ErrorCode::kConnectionReset}));
}

}  // namespace
}  // namespace reprise
