#include "sim/sim_network.h"

#include <gtest/gtest.h>

#include "sim/sim_testing.h"

namespace reprise {
namespace {

class SimNetworkTest : public SimTest {};

TEST_F(SimNetworkTest, AShortReadReturnsWhatTheChoiceSaysAndTheRestLater) {
  const Connection connection = Connect();
  connection.peer->Send("abcdef");
  Settle();
  Next(Site::kReadShort, {2});
  EXPECT_EQ(Read(connection.handle), "ab");
  EXPECT_EQ(Read(connection.handle), "cdef");
}

TEST_F(SimNetworkTest, AShortReadIsNamedByItsOffsetInTheStream) {
  const Connection connection = Connect();
  connection.peer->Send("abcdef");
  Settle();
  Next(Site::kReadShort, {2, 1});
  (void)Read(connection.handle);
  (void)Read(connection.handle);
  const std::vector<ChoiceMade>& made = world().choices().made();
  ASSERT_EQ(made.size(), 2u);
  EXPECT_EQ(made[0].name.ToString(), "conn.0.0/read.short/@0");
  EXPECT_EQ(made[1].name.ToString(), "conn.0.0/read.short/@2");
}

TEST_F(SimNetworkTest, AShortWriteTakesAPrefixAndNothingElseArrives) {
  const Connection connection = Connect();
  Next(Site::kWriteShort, {3});
  const std::array<std::string_view, 3> pieces = {"ab", "", "cdef"};
  EXPECT_EQ(network().Write(connection.handle, pieces).bytes, 3u);
  Settle();
  EXPECT_EQ(connection.notes->received, "abc");
}

TEST_F(SimNetworkTest, PiecesArriveAsIfTheyWereOneAndEnterTheTraceAsOne) {
  options.keep = Trace::Keep::kSteps;
  const Connection connection = Connect();
  const std::array<std::string_view, 3> pieces = {"ab", "", "cdef"};
  EXPECT_EQ(network().Write(connection.handle, pieces).bytes, 6u);
  const Step& step = world().trace().steps().back();
  EXPECT_EQ(step.kind, StepKind::kWrite);
  EXPECT_EQ(world().trace().BytesOf(step), "abcdef");
  Settle();
  EXPECT_EQ(connection.notes->received, "abcdef");
}

TEST_F(SimNetworkTest, ReadsAndWritesBlockAtTheChoicesWillAndGoOnAfterwards) {
  const Connection connection = Connect();
  connection.peer->Send("abc");
  Settle();
  Next(Site::kReadWouldBlock, {1});
  EXPECT_EQ(ReadCode(connection.handle), ErrorCode::kWouldBlock);
  EXPECT_EQ(Read(connection.handle), "abc");
  Next(Site::kWriteWouldBlock, {1});
  EXPECT_EQ(WriteCode(connection.handle), ErrorCode::kWouldBlock);
  EXPECT_EQ(WriteCode(connection.handle), ErrorCode::kOk);
}

TEST_F(SimNetworkTest, AFaultOfReadingLeavesTheHandleReady) {
  const Connection connection = Connect();
  Watch(connection.handle, Interest::kRead);
  connection.peer->Send("abc");
  for (int i = 0; i < 3; ++i) {
    ASSERT_EQ(Wait().size(), 1u);
    Next(Site::kReadWouldBlock, {1});
    EXPECT_EQ(ReadCode(connection.handle), ErrorCode::kWouldBlock);
  }
  EXPECT_EQ(Read(connection.handle), "abc");
}

TEST_F(SimNetworkTest, FaultsOfAcceptingLeaveTheConnectionWaitingOrTakeItAway) {
  const Handle listener = Listen();
  SimPeer& peer = NewPeer();
  peer.Connect(kAddress);
  Settle();
  Next(Site::kAcceptWouldBlock, {1});
  EXPECT_EQ(network().Accept(listener).status().code(), ErrorCode::kWouldBlock);
  Next(Site::kAcceptTooMany, {1});
  EXPECT_EQ(network().Accept(listener).status().code(), ErrorCode::kTooManyHandles);
  Next(Site::kAcceptNoMemory, {1});
  EXPECT_EQ(network().Accept(listener).status().code(), ErrorCode::kOutOfMemory);
  EXPECT_TRUE(world().network().ReadinessOf(listener).readable);
  Next(Site::kAcceptAborted, {1});
  EXPECT_EQ(network().Accept(listener).status().code(), ErrorCode::kConnectionAborted);
  EXPECT_FALSE(world().network().ReadinessOf(listener).readable);
  Settle();
  EXPECT_EQ(NotesOf(peer).losses, std::vector<ErrorCode>{ErrorCode::kConnectionReset});
}

TEST_F(SimNetworkTest, AClosedNumberComesAgainAtOnceWhenTheChoiceSaysSo) {
  const Handle listener = Listen();
  std::vector<Handle> handles;
  const auto accept_one = [&] {
    NewPeer().Connect(kAddress);
    Settle();
    return network().Accept(listener).value();
  };
  const Handle first = accept_one();
  network().Close(first);
  EXPECT_NE(accept_one(), first);
  Next(Site::kHandleReuse, {1});
  EXPECT_EQ(accept_one(), first);
  const Handle second = accept_one();
  network().Close(first);
  network().Close(second);
  Next(Site::kHandleReuse, {1, 1});
  EXPECT_EQ(accept_one(), second) << "the last one that was closed";
  EXPECT_EQ(accept_one(), first);
}

TEST_F(SimNetworkTest, WithoutThatChoiceNumbersStaySmallAllTheSame) {
  const Handle listener = Listen();
  SimPeer& peer = NewPeer();
  int32_t largest = 0;
  for (int i = 0; i < 1000; ++i) {
    peer.Connect(kAddress);
    Settle(1'000'000);
    const Handle handle = network().Accept(listener).value();
    largest = std::max(largest, handle.id);
    network().Close(handle);
    Settle(1'000'000);
    peer.Close();
  }
  EXPECT_LT(largest, 200);
  EXPECT_EQ(world().network().open_handles(), 1u);
}

TEST_F(SimNetworkTest, TheLimitOfHandlesIsKept) {
  options.handle_limit = 2;
  const Handle listener = Listen();
  EXPECT_TRUE(network().Connect(kAddress).ok());
  Settle();
  EXPECT_EQ(network().Connect(kAddress).status().code(), ErrorCode::kTooManyHandles);
  EXPECT_EQ(network().Accept(listener).status().code(), ErrorCode::kTooManyHandles);
  EXPECT_EQ(world().process().RaiseHandleLimit(3), 3);
  EXPECT_TRUE(network().Accept(listener).ok());
  EXPECT_EQ(world().process().RaiseHandleLimit(1000), 4);
}

TEST_F(SimNetworkTest, TheProgramCanConnectToItself) {
  const Handle listener = Listen();
  const Handle out = network().Connect(kAddress).value();
  EXPECT_EQ(network().ConnectResult(out).code(), ErrorCode::kWouldBlock);
  Settle();
  EXPECT_TRUE(network().ConnectResult(out).ok());
  const Handle in = network().Accept(listener).value();
  EXPECT_TRUE(Write(out, "there").ok());
  EXPECT_TRUE(Write(in, "back").ok());
  Settle();
  EXPECT_EQ(ReadAll(in), "there");
  EXPECT_EQ(ReadAll(out), "back");
  EXPECT_EQ(network().PeerAddress(out).value(), kAddress);
  EXPECT_EQ(network().PeerAddress(in).value(), network().LocalAddress(out).value());
}

TEST_F(SimNetworkTest, AFailedConnectIsDecidedAndReadyInBothDirections) {
  const Handle out = network().Connect(kAddress).value();
  Watch(out, Interest::kReadWrite);
  const std::vector<Event> events = Wait();
  ASSERT_EQ(events.size(), 1u);
  EXPECT_TRUE(events[0].readable && events[0].writable);
  EXPECT_EQ(network().ConnectResult(out).code(), ErrorCode::kConnectionRefused);
  EXPECT_EQ(WriteCode(out), ErrorCode::kBrokenPipe);
}

TEST_F(SimNetworkTest, OurHalfCloseMakesAFullHandleReady) {
  options.send_buffer_bytes = 100;
  options.receive_buffer_bytes = 100;
  const Connection connection = Connect();
  connection.peer->StopReading();
  while (Write(connection.handle, std::string(100, 'x')).ok()) Settle();
  const Token token = Watch(connection.handle, Interest::kWrite);
  EXPECT_TRUE(Wait().empty());
  EXPECT_TRUE(network().ShutdownWrite(connection.handle).ok());
  const std::vector<Event> events = Wait();
  ASSERT_EQ(events.size(), 1u);
  EXPECT_TRUE(events[0].token == token && events[0].writable);
}

using SimNetworkDeathTest = SimNetworkTest;

TEST_F(SimNetworkDeathTest, UsingAHandleThatIsNotOpenIsABug) {
  const Connection connection = Connect();
  network().Close(connection.handle);
  EXPECT_DEATH(ReadCode(connection.handle), "CHECK|kind");
  EXPECT_DEATH(network().Close(connection.handle), "IsOpen");
}

TEST_F(SimNetworkDeathTest, ClosingAHandleThatIsWatchedIsABug) {
  const Connection connection = Connect();
  Watch(connection.handle, Interest::kRead);
  EXPECT_DEATH(network().Close(connection.handle), "IsWatched");
}

}  // namespace
}  // namespace reprise
