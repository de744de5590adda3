// Network: how streams end: in order, in one direction, with bytes unread, by a reset.
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>

#include "proptests/contract/harness.h"

namespace reprise {
namespace {

class NetworkEnd : public StreamTest {
 protected:
  ErrorCode WriteCode(Handle handle) { return WriteSome(handle, "x").code; }
  ErrorCode ReadCode(Handle handle) {
    std::array<char, 16> buffer;
    return ReadSome(handle, buffer).code;
  }
  // Waits until the end that the peer made has arrived.
  void AwaitEnd(Handle handle) {
    const Token token = Watch(handle, Interest::kRead);
    ASSERT_TRUE(AwaitReadable(token));
    Settle();
    Forget(handle);
  }
  // What a reader sees after Abort.
  bool IsAbortsEnd(ErrorCode code) {
    if (is_unix() && !world().UnixSocketsHaveReset() && code == ErrorCode::kEndOfStream) return true;
    return code == ErrorCode::kConnectionReset;
  }
};
REPRISE_OVER_ALL_STREAMS(NetworkEnd);

// --- In order

TEST_P(NetworkEnd, AfterThePeersCloseComesTheEndOfTheStreamAndForEverAfter) {
  const Pair pair = Connected(family());
  WriteAll(pair.client, "bye");
  Close(pair.client);
  const Ending ending = ReadToEnd(pair.server);
  EXPECT_EQ(ending.bytes, "bye");
  EXPECT_EQ(ending.code, ErrorCode::kEndOfStream);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(ReadCode(pair.server), ErrorCode::kEndOfStream);
}

TEST_P(NetworkEnd, WhatWasWrittenBeforeCloseIsStillDelivered) {
  const Pair pair = Connected(family());
  const size_t filled = FillCompletely(pair.client);
  Close(pair.client);
  const Ending ending = ReadToEnd(pair.server);
  EXPECT_TRUE(ending.bytes == Pattern(0, filled)) << ending.bytes.size() << " of " << filled;
  EXPECT_EQ(ending.code, ErrorCode::kEndOfStream);
}

TEST_P(NetworkEnd, WritingToAPeerThatIsGoneFailsSoonerOrLaterAndHarmsNobody) {
  const Pair pair = Connected(family());
  Close(pair.client);
  ErrorCode code = WriteCode(pair.server);
  for (int i = 0; i < 100 && code == ErrorCode::kOk; ++i) {
    Settle();  // the news that nobody is there travels back
    code = WriteCode(pair.server);
  }
  EXPECT_TRUE(code == ErrorCode::kConnectionReset || code == ErrorCode::kBrokenPipe) << ErrorCodeName(code);
  EXPECT_EQ(WriteCode(pair.server), ErrorCode::kBrokenPipe);
}

// --- One direction

TEST_P(NetworkEnd, AfterShutdownWriteThePeerReadsWhatWasWrittenAndThenTheEnd) {
  const Pair pair = Connected(family());
  WriteAll(pair.client, "question");
  ASSERT_TRUE(network().ShutdownWrite(pair.client).ok());
  const Ending ending = ReadToEnd(pair.server);
  EXPECT_EQ(ending.bytes, "question");
  EXPECT_EQ(ending.code, ErrorCode::kEndOfStream);
}

TEST_P(NetworkEnd, AfterShutdownWriteReadingGoesOn) {
  const Pair pair = Connected(family());
  ASSERT_TRUE(network().ShutdownWrite(pair.client).ok());
  ASSERT_EQ(ReadToEnd(pair.server).code, ErrorCode::kEndOfStream);
  const size_t filled = FillCompletely(pair.server);
  Close(pair.server);
  const Ending ending = ReadToEnd(pair.client);
  EXPECT_TRUE(ending.bytes == Pattern(0, filled));
  EXPECT_EQ(ending.code, ErrorCode::kEndOfStream);
}

TEST_P(NetworkEnd, WhatWasWrittenBeforeShutdownWriteIsStillDelivered) {
  const Pair pair = Connected(family());
  const size_t filled = FillCompletely(pair.client);
  ASSERT_TRUE(network().ShutdownWrite(pair.client).ok());
  const Ending ending = ReadToEnd(pair.server);
  EXPECT_TRUE(ending.bytes == Pattern(0, filled));
  EXPECT_EQ(ending.code, ErrorCode::kEndOfStream);
}

TEST_P(NetworkEnd, AfterShutdownWriteNothingCanBeWritten) {
  const Pair pair = Connected(family());
  ASSERT_TRUE(network().ShutdownWrite(pair.client).ok());
  for (int i = 0; i < 3; ++i) EXPECT_EQ(WriteCode(pair.client), ErrorCode::kBrokenPipe);
}

TEST_P(NetworkEnd, BothDirectionsMayEndOneAfterTheOther) {
  const Pair pair = Connected(family());
  ASSERT_TRUE(network().ShutdownWrite(pair.client).ok());
  EXPECT_EQ(ReadToEnd(pair.server).code, ErrorCode::kEndOfStream);
  WriteAll(pair.server, "answer");
  ASSERT_TRUE(network().ShutdownWrite(pair.server).ok());
  const Ending ending = ReadToEnd(pair.client);
  EXPECT_EQ(ending.bytes, "answer");
  EXPECT_EQ(ending.code, ErrorCode::kEndOfStream);
}

// --- With bytes unread

TEST_P(NetworkEnd, ACloseWithBytesUnreadIsAResetForThePeer) {
  const Pair pair = Connected(family());
  WriteAll(pair.client, "nobody will read this");
  AwaitEnd(pair.server);  // it has come in
  Close(pair.server);
  EXPECT_EQ(ReadToEnd(pair.client).code, ErrorCode::kConnectionReset);
}

TEST_P(NetworkEnd, AnUnacceptedConnectionEndsWithItsListener) {
  const Handle listener = Listen(family());
  const Token token = Watch(listener, Interest::kRead);
  const Handle client = Connect(LocalAddress(listener));
  ASSERT_TRUE(AwaitReadable(token));
  Close(listener);
  const ErrorCode code = ReadToEnd(client).code;
  EXPECT_TRUE(code == ErrorCode::kConnectionReset || code == ErrorCode::kEndOfStream) << ErrorCodeName(code);
}

// --- By a reset

TEST_P(NetworkEnd, AfterThePeersAbortReadingGivesAReset) {
  const Pair pair = Connected(family());
  Abort(pair.client);
  EXPECT_TRUE(IsAbortsEnd(ReadToEnd(pair.server).code));
}

TEST_P(NetworkEnd, AbortDropsWhatWasNotDeliveredAndThePeerReadsAPrefixAtMost) {
  const Pair pair = Connected(family());
  const size_t filled = FillCompletely(pair.client);
  Abort(pair.client);
  const Ending ending = ReadToEnd(pair.server);
  EXPECT_TRUE(IsAbortsEnd(ending.code)) << ErrorCodeName(ending.code);
  EXPECT_LE(ending.bytes.size(), filled);
  EXPECT_TRUE(ending.bytes == Pattern(0, ending.bytes.size()));
}

TEST_P(NetworkEnd, WritingAfterAResetGivesTheResetOnceAndThenABrokenPipe) {
  if (is_unix() && !world().UnixSocketsHaveReset()) GTEST_SKIP() << "no reset on Unix sockets here";
  const Pair pair = Connected(family());
  Abort(pair.client);
  AwaitEnd(pair.server);
  EXPECT_EQ(WriteCode(pair.server), ErrorCode::kConnectionReset);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(WriteCode(pair.server), ErrorCode::kBrokenPipe);
}

TEST_P(NetworkEnd, WritingAfterAResetWasReadGivesABrokenPipe) {
  const Pair pair = Connected(family());
  Abort(pair.client);
  EXPECT_TRUE(IsAbortsEnd(ReadToEnd(pair.server).code));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(WriteCode(pair.server), ErrorCode::kBrokenPipe);
}

TEST_P(NetworkEnd, AWriterWithoutRoomLearnsOfTheReset) {
  const Pair pair = Connected(family());
  FillCompletely(pair.server);
  const Token token = Watch(pair.server, Interest::kWrite);
  Abort(pair.client);
  ASSERT_TRUE(AwaitWritable(token));
  const ErrorCode code = WriteCode(pair.server);
  EXPECT_TRUE(code == ErrorCode::kConnectionReset || code == ErrorCode::kBrokenPipe) << ErrorCodeName(code);
}

TEST_P(NetworkEnd, AfterAResetThereIsNoPeerAddress) {
  if (is_unix() && !world().UnixSocketsHaveReset()) GTEST_SKIP() << "no reset on Unix sockets here";
  const Pair pair = Connected(family());
  Abort(pair.client);
  AwaitEnd(pair.server);
  EXPECT_EQ(network().PeerAddress(pair.server).status().code(), ErrorCode::kNotConnected);
}

TEST_P(NetworkEnd, AHandleWhosePeerIsGoneCanStillBeEndedInEitherWay) {
  for (const bool by_abort : {false, true}) {
    for (const bool peer_aborts : {false, true}) {
      const Pair pair = Connected(family());
      peer_aborts ? Abort(pair.client) : Close(pair.client);
      Settle();
      by_abort ? Abort(pair.server) : Close(pair.server);
    }
  }
  const Pair pair = Connected(family());  // and the network is none the worse
  WriteAll(pair.client, "x");
  EXPECT_EQ(ReadBytes(pair.server, 1), "x");
}

TEST_P(NetworkEnd, TheNumberOfAClosedHandleMayComeAgainAndIsThenTheNewConnection) {
  for (int i = 0; i < 20; ++i) {
    const Pair pair = Connected(family());
    const std::string bytes = "round " + std::to_string(i);
    WriteAll(pair.client, bytes);
    EXPECT_EQ(ReadBytes(pair.server, bytes.size()), bytes);
    Close(pair.client);
    Close(pair.server);
  }
}

}  // namespace
}  // namespace reprise
