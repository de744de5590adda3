#include "sim/sim_peer.h"

#include <gtest/gtest.h>

#include <functional>

#include "sim/sim_testing.h"

namespace reprise {
namespace {

class SimPeerTest : public SimTest {};

TEST_F(SimPeerTest, IsToldOfTheConnectionAndOfEveryByteInOrder) {
  const Connection connection = Connect();
  EXPECT_EQ(connection.notes->connects, 1);
  EXPECT_EQ(connection.peer->state(), SimPeer::State::kConnected);
  for (const char* text : {"a", "bc", "def"}) {
    EXPECT_TRUE(Write(connection.handle, text).ok());
    Settle();
  }
  EXPECT_EQ(connection.notes->received, "abcdef");
  EXPECT_EQ(connection.notes->pieces.size(), 3u);
}

TEST_F(SimPeerTest, IsNeverCalledFromWithinItsOwnMethods) {
  const Connection connection = Connect();
  EXPECT_TRUE(Write(connection.handle, "waiting").ok());
  connection.peer->StopReading();
  Settle();
  connection.peer->StartReading();
  EXPECT_EQ(connection.notes->received, "");
  Settle();
  EXPECT_EQ(connection.notes->received, "waiting");
}

TEST_F(SimPeerTest, StoppedReadingItGetsNothingAndLosesNothing) {
  const Connection connection = Connect();
  connection.peer->StopReading();
  EXPECT_TRUE(Write(connection.handle, "abc").ok());
  network().Close(connection.handle);
  Settle();
  EXPECT_EQ(connection.notes->received, "");
  EXPECT_EQ(connection.notes->ends, 0);
  connection.peer->StartReading();
  Settle();
  EXPECT_EQ(connection.notes->received, "abc");
  EXPECT_EQ(connection.notes->ends, 1);
}

TEST_F(SimPeerTest, AStallEndsByItselfOrByHealing) {
  const Connection connection = Connect();
  Next(Site::kPeerStall, {2});
  connection.peer->Send("x");
  Settle(1'000'000);
  EXPECT_TRUE(Write(connection.handle, "abc").ok());
  Settle(10 * kNanosPerMilli);
  EXPECT_EQ(connection.notes->received, "");
  Settle(20 * kNanosPerMilli);
  EXPECT_EQ(connection.notes->received, "abc");
  Next(Site::kPeerStall, {100});
  connection.peer->Send("x");
  Settle(1'000'000);
  EXPECT_TRUE(Write(connection.handle, "def").ok());
  Settle(1'000'000);
  EXPECT_EQ(connection.notes->received, "abc");
  world().Heal();
  Settle(1'000'000);
  EXPECT_EQ(connection.notes->received, "abcdef");
}

TEST_F(SimPeerTest, ReadingAgainDoesNotEndAStall) {
  const Connection connection = Connect();
  Next(Site::kPeerStall, {10});
  connection.peer->Send("x");
  Settle(kNanosPerMilli);
  connection.peer->StopReading();
  connection.peer->StartReading();
  EXPECT_TRUE(Write(connection.handle, "abc").ok());
  Settle(10 * kNanosPerMilli);
  EXPECT_EQ(connection.notes->received, "");
  Settle(kNanosPerSecond);
  EXPECT_EQ(connection.notes->received, "abc");
}

TEST_F(SimPeerTest, AFaultMakesItCloseAndSaysSo) {
  const Connection connection = Connect();
  Next(Site::kConnClose, {1});
  connection.peer->Send("x");
  Settle();
  EXPECT_EQ(connection.notes->losses, std::vector<ErrorCode>{ErrorCode::kOk});
  EXPECT_EQ(ReadAll(connection.handle), "x");
  EXPECT_EQ(ReadCode(connection.handle), ErrorCode::kEndOfStream);
}

TEST_F(SimPeerTest, AFaultEndsItsDirectionAndItIsStillAnswered) {
  const Connection connection = Connect();
  Next(Site::kConnHalfClose, {1});
  connection.peer->Send("x");
  Settle();
  EXPECT_EQ(connection.notes->half_closes, 1);
  connection.peer->Send("ignored");
  EXPECT_TRUE(Write(connection.handle, "answer").ok());
  Settle();
  EXPECT_EQ(ReadAll(connection.handle), "x");
  EXPECT_EQ(ReadCode(connection.handle), ErrorCode::kEndOfStream);
  EXPECT_EQ(connection.notes->received, "answer");
}

TEST_F(SimPeerTest, NothingIsSentBehindItsHalfCloseThoughOtherBytesStillWait) {
  options.send_buffer_bytes = 100;
  options.receive_buffer_bytes = 100;
  const Connection connection = Connect();
  connection.peer->Send(std::string(1'000, 'x'));
  connection.peer->ShutdownWrite();
  connection.peer->Send("too late");
  std::string got;
  for (int i = 0; i < 20; ++i) {
    got += ReadAll(connection.handle);
    Settle();
  }
  EXPECT_EQ(got, std::string(1'000, 'x'));
  EXPECT_EQ(ReadCode(connection.handle), ErrorCode::kEndOfStream);
}

// Else a stream that was cut once would go byte by byte to its end.
TEST_F(SimPeerTest, OneByteThatHasGoneDoesNotMakeWayForOneMore) {
  options.send_buffer_bytes = 90;
  const Connection connection = Connect();
  (void)Watch(connection.handle, Interest::kRead);
  Next(Site::kSegmentCut, {1});
  connection.peer->Send(std::string(270, 'x'));
  std::vector<size_t> arrivals;
  while (!Wait().empty()) arrivals.push_back(ReadAll(connection.handle).size());
  EXPECT_EQ(arrivals, (std::vector<size_t>{1, 89, 90, 90}));
}

TEST_F(SimPeerTest, AFaultThatEndsItsDirectionTakesWhatWaits) {
  options.send_buffer_bytes = 100;
  options.receive_buffer_bytes = 100;
  const Connection connection = Connect();
  Next(Site::kConnHalfClose, {1});
  connection.peer->Send(std::string(1'000, 'x'));
  std::string got;
  for (int i = 0; i < 20; ++i) {
    Settle();
    got += ReadAll(connection.handle);
  }
  EXPECT_EQ(got, std::string(100, 'x'));
  EXPECT_EQ(connection.peer->unsent_bytes(), 0u);
  EXPECT_EQ(ReadCode(connection.handle), ErrorCode::kEndOfStream);
}

TEST_F(SimPeerTest, EachConnectionIsNamedByTheClientAndItsNumber) {
  const Handle listener = Listen();
  SimPeer& peer = NewPeer();
  Next(Site::kConnectDelay, {0, 0, 5});
  for (int i = 0; i < 3; ++i) {
    peer.Connect(kAddress);
    Settle();
    network().Close(network().Accept(listener).value());
    peer.Close();
  }
  EXPECT_EQ(peer.connects(), 3u);
  ASSERT_EQ(world().choices().made().size(), 1u);
  EXPECT_EQ(world().choices().made()[0].name.ToString(), "conn.0.2/connect.delay/0");
}

TEST_F(SimPeerTest, AnsweringListenersGetAPeerForEachConnectionOfTheProgram) {
  class Listener : public SimListenerHandler {
   public:
    SimPeerHandler& OnAccepted() override { return notes; }
    void OnPeer(SimPeer& peer) override { peers.push_back(&peer); }
    NotingHandler notes;
    std::vector<SimPeer*> peers;
  };
  Listener listener;
  const Address elsewhere{Address::Family::kIpv4, "127.0.0.2", 9000};
  ASSERT_TRUE(world().NewListener(elsewhere, listener, 100).ok());
  EXPECT_EQ(world().NewListener(elsewhere, listener, 200).code(), ErrorCode::kAddressInUse);
  const Handle out = network().Connect(elsewhere).value();
  Settle();
  EXPECT_TRUE(network().ConnectResult(out).ok());
  ASSERT_EQ(listener.peers.size(), 1u);
  EXPECT_EQ(listener.peers[0]->client(), 100u);
  listener.peers[0]->Send("welcome");
  EXPECT_TRUE(Write(out, "hello").ok());
  Settle();
  EXPECT_EQ(ReadAll(out), "welcome");
  EXPECT_EQ(listener.notes.received, "hello");
}

// Handlers that end, begin and send in the midst of being told something.
class Reactor : public NotingHandler {
 public:
  std::function<void(SimPeer&)> on_bytes;
  std::function<void(SimPeer&)> on_lost;
  void OnBytes(SimPeer& peer, std::string_view bytes) override {
    const std::string copy(bytes);
    if (on_bytes) on_bytes(peer);
    EXPECT_EQ(bytes, copy);  // the view holds while the handler acts
    NotingHandler::OnBytes(peer, bytes);
  }
  void OnLost(SimPeer& peer, ErrorCode why) override {
    NotingHandler::OnLost(peer, why);
    if (on_lost) on_lost(peer);
  }
};

TEST_F(SimPeerTest, ClosingWithTheBytesAtHandIsNoReset) {
  Reactor reactor;
  const Handle listener = Listen();
  SimPeer& peer = world().NewPeer(0, reactor);
  reactor.on_bytes = [](SimPeer& self) { self.Close(); };
  peer.Connect(kAddress);
  Settle();
  const Handle handle = network().Accept(listener).value();
  EXPECT_TRUE(Write(handle, "all of it").ok());
  Settle();
  EXPECT_EQ(ReadCode(handle), ErrorCode::kEndOfStream);
}

TEST_F(SimPeerTest, HandlersMayEndAndBeginConnectionsAsTheyAreCalled) {
  Reactor reactor;
  const Handle listener = Listen();
  SimPeer& peer = world().NewPeer(0, reactor);
  reactor.on_bytes = [](SimPeer& self) {
    self.Close();
    self.Connect(kAddress);
    self.Send("again");
  };
  reactor.on_lost = [](SimPeer& self) { self.Connect(kAddress); };
  peer.Connect(kAddress);
  Settle();
  for (int i = 0; i < 20; ++i) {
    const Handle handle = network().Accept(listener).value();
    if (i % 3 == 0) {
      network().Abort(handle);
      Settle();
    } else {
      EXPECT_TRUE(Write(handle, "some bytes").ok());
      Settle();
      network().Close(handle);
    }
  }
  EXPECT_EQ(peer.connects(), 21u);
  EXPECT_EQ(reactor.connects, 21);
}

}  // namespace
}  // namespace reprise
