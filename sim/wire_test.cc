// How connections come about in the simulated world, or don't. Each claim was tried on Linux.
#include "sim/wire.h"

#include <gtest/gtest.h>

#include "sim/sim_testing.h"

namespace reprise {
namespace {

class WireTest : public SimTest {};

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

// tcp_syn_retries: six times, after 1, 2, 4 ... 32 s, and another 64 s later it is over.
TEST_F(WireTest, EachTryToConnectWaitsTwiceAsLongAsTheOneBefore) {
  const Handle listener = Listen(1);
  for (int i = 0; i < 2; ++i) NewPeer().Connect(kAddress);
  SimPeer& late = NewPeer();
  SimPeer& never = NewPeer();
  late.Connect(kAddress);
  never.Connect(kAddress);
  Settle(15'500 * kNanosPerMilli);
  ASSERT_TRUE(network().Accept(listener).ok());
  Settle(15'400 * kNanosPerMilli);
  EXPECT_EQ(NotesOf(late).connects, 0) << "it has asked at 0, 1, 3, 7 and 15 s";
  Settle(200 * kNanosPerMilli);
  EXPECT_EQ(NotesOf(late).connects, 1) << "and at 31 s";
  Settle(95'800 * kNanosPerMilli);
  EXPECT_TRUE(NotesOf(never).losses.empty()) << "126.9 s";
  Settle(200 * kNanosPerMilli);
  EXPECT_EQ(NotesOf(never).losses, std::vector<ErrorCode>{ErrorCode::kTimedOut}) << "127.1 s";
}

TEST_F(WireTest, AnAddressIsInUseByWhoListensOnAllOfThemToo) {
  const auto listen = [&](std::string host, uint16_t port) {
    const Result<Handle> handle = network().Listen({Address::Family::kIpv4, std::move(host), port}, {});
    return handle.ok() ? ErrorCode::kOk : handle.status().code();
  };
  EXPECT_EQ(listen("127.0.0.1", 7000), ErrorCode::kOk);
  EXPECT_EQ(listen("0.0.0.0", 7000), ErrorCode::kAddressInUse);
  EXPECT_EQ(listen("127.0.0.2", 7000), ErrorCode::kOk);
  EXPECT_EQ(listen("0.0.0.0", 7001), ErrorCode::kOk);
  EXPECT_EQ(listen("127.0.0.1", 7001), ErrorCode::kAddressInUse);
}

TEST_F(WireTest, WhatBecameOfAConnectIsKnownAfterAWayThereAndBack) {
  (void)Listen();
  for (const uint64_t failure : {0u, 1u, 2u}) {
    Next(Site::kConnectFail, {failure});
    SimPeer& peer = NewPeer();
    peer.Connect(kAddress);
    const int64_t begun_ns = Now();
    while (peer.state() == SimPeer::State::kConnecting) Settle(1);
    EXPECT_GE(Now(), begun_ns + 2 * options.latency_ns) << failure;
    EXPECT_LT(Now(), begun_ns + 2 * options.latency_ns + 10 * options.turn_ns) << failure;
  }
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
