// What a program sees of a stream in the simulated world: bytes, buffers and ends. Each claim was tried on Linux.
#include <gtest/gtest.h>

#include "sim/sim_testing.h"
#include "sim/wire.h"

namespace reprise {
namespace {

class WireStreamTest : public SimTest {};

// --- bytes

TEST_F(WireStreamTest, BytesArriveAfterTheLatencyAndNotBefore) {
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

TEST_F(WireStreamTest, WritesBlockWhenBothBuffersAreFullAndGoOnWhenThePeerReads) {
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

TEST_F(WireStreamTest, RoomIsAnnouncedOnlyWhenAThirdOfTheBufferIsFree) {
  options.send_buffer_bytes = 900;
  options.receive_buffer_bytes = 100;
  const Connection connection = Connect();
  connection.peer->StopReading();
  EXPECT_EQ(Write(connection.handle, std::string(900, 'x')).bytes, 900u);
  Settle();
  EXPECT_FALSE(Ready(connection.handle).second);
  EXPECT_EQ(WriteCode(connection.handle), ErrorCode::kOk);  // but a write is taken
}

TEST_F(WireStreamTest, ExactlyAThirdIsEnough) {
  options.send_buffer_bytes = 900;
  for (const size_t taken : {299u, 300u}) {
    options.receive_buffer_bytes = taken;
    StartAnew();
    const Connection connection = Connect();
    connection.peer->StopReading();
    EXPECT_EQ(Write(connection.handle, std::string(900, 'x')).bytes, 900u);
    Settle();
    EXPECT_EQ(Ready(connection.handle).second, taken == 300) << taken;
  }
}

// RFC 9293 3.8.6.2.2: a receiver announces room when half of its buffer is free.
TEST_F(WireStreamTest, APeerSendsOnWhenHalfOfOurBufferIsFree) {
  options.receive_buffer_bytes = 100;
  const Connection connection = Connect();
  connection.peer->Send(std::string(1'000, 'x'));
  Settle();
  const auto unread = [&] { return world().network().ReadinessOf(connection.handle).unread_bytes; };
  EXPECT_EQ(unread(), 100u);
  EXPECT_EQ(Read(connection.handle, 49).size(), 49u);
  Settle();
  EXPECT_EQ(unread(), 51u);
  EXPECT_EQ(Read(connection.handle, 1).size(), 1u);
  Settle();
  EXPECT_EQ(unread(), 100u);
}

TEST_F(WireStreamTest, APeerSendsMoreThanTheBuffersHoldWithoutLoss) {
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

TEST_F(WireStreamTest, ASegmentIsCutWhereTheChoiceSays) {
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

TEST_F(WireStreamTest, ADelayedSegmentHoldsBackThoseBehindIt) {
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

TEST_F(WireStreamTest, SmallBuffersAreAsSmallAsTheChoiceSays) {
  Always(Site::kBufferSmallSend, 7);
  const Connection connection = Connect();
  EXPECT_EQ(Write(connection.handle, std::string(10'000, 'x')).bytes, 128u);
}

TEST_F(WireStreamTest, SmallReceiveBuffersToo) {
  options.send_buffer_bytes = 1000;
  Always(Site::kBufferSmallReceive, 7);
  const Connection connection = Connect();
  connection.peer->StopReading();
  EXPECT_EQ(Write(connection.handle, std::string(10'000, 'x')).bytes, 1000u);
  Settle();
  EXPECT_EQ(Write(connection.handle, std::string(10'000, 'x')).bytes, 128u);
}

TEST_F(WireStreamTest, ATricklingPeersFirstBytesArriveOneAtATime) {
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

TEST_F(WireStreamTest, APeersCloseIsAnEndBehindItsBytesAndLeavesUsWritableOnce) {
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

TEST_F(WireStreamTest, AfterAPeersHalfCloseItIsStillAnswered) {
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

TEST_F(WireStreamTest, AfterOurHalfCloseThePeerFindsTheEndAndWeReadOn) {
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

TEST_F(WireStreamTest, OurCloseDeliversWhatWasWritten) {
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

TEST_F(WireStreamTest, EndedBothWaysWeAreReadyForEverything) {
  const Connection connection = Connect();
  connection.peer->ShutdownWrite();
  Settle();
  EXPECT_EQ(Ready(connection.handle), std::make_pair(true, true));
  EXPECT_TRUE(network().ShutdownWrite(connection.handle).ok());
  EXPECT_TRUE(world().network().ReadinessOf(connection.handle).hangup);
}

}  // namespace
}  // namespace reprise
