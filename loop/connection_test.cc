#include "loop/connection.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "loop/connection_testing.h"

namespace reprise {
namespace {

TEST_F(ConnectionTest, AnswersAllThatCameInOneReadWithOneWrite) {
  Readable(ErrorCode::kOk, "a\nb\nc\n");
  EXPECT_EQ(stream().written, "a!b!c!");
  EXPECT_EQ(stream().writes, 1U);
  EXPECT_EQ(poller.changes, 0);
  EXPECT_EQ(connection->input_capacity() + connection->output_capacity(), 0U);
}

TEST_F(ConnectionTest, KeepsAnUnfinishedMessageUntilItsEndComes) {
  Readable(ErrorCode::kOk, "a\nb");
  EXPECT_EQ(stream().written, "a!");
  EXPECT_EQ(connection->input_bytes(), 1U);
  Readable(ErrorCode::kOk, "cd");
  Readable(ErrorCode::kOk, "e\n");
  EXPECT_EQ(stream().written, "a!bcde!");
  EXPECT_EQ(handler.shown.back(), "bcde\n");
  EXPECT_EQ(connection->input_capacity(), 0U);
}

TEST_F(ConnectionTest, AShortWriteGoesOnWhereItStoppedOnceTheHandleIsWritable) {
  stream().write_results = {{2, ErrorCode::kOk}, {0, ErrorCode::kWouldBlock}};
  Readable(ErrorCode::kOk, "abc\n");
  EXPECT_EQ(stream().written, "ab");
  EXPECT_EQ(connection->unsent_bytes(), 2U);
  EXPECT_EQ(poller.watched.at(3), Interest::kReadWrite);
  Readable(ErrorCode::kOk, "x\n");  // not written while blocked, and behind what waits
  EXPECT_EQ(stream().writes, 1U);
  Turn(false, true);
  Turn(false, true);
  EXPECT_EQ(stream().written, "abc!x!");
  EXPECT_EQ(poller.watched.at(3), Interest::kRead);
  EXPECT_EQ(connection->output_capacity(), 0U);
  EXPECT_EQ(loop.counters().writes_short, 1U);
  EXPECT_EQ(loop.counters().writes_blocked, 1U);
}

TEST_F(ConnectionTest, AWriteThatTakesASingleByteIsShortToo) {
  stream().write_results = {{1, ErrorCode::kOk}, {0, ErrorCode::kWouldBlock}};
  Readable(ErrorCode::kOk, "abc\n");
  EXPECT_EQ(loop.counters().writes_short, 1U);
}

TEST_F(ConnectionTest, TheSharedOutputIsKeptUnlessAReplyHasMadeItLarge) {
  std::vector<size_t> capacities;
  size_t reply_bytes = 0;
  handler.on_line = [&](Connection& one) {
    one.reply_buffer().Append(std::string(reply_bytes, 'x'));
    capacities.push_back(one.reply_buffer().capacity());
  };
  for (const size_t bytes : {size_t{1000}, size_t{1}, size_t{2} << 20, size_t{1}}) {
    reply_bytes = bytes;
    Readable(ErrorCode::kOk, "line\n");
  }
  EXPECT_GE(capacities.at(0), 1000U);
  EXPECT_EQ(capacities.at(1), capacities[0]) << "of a thousand bytes";
  EXPECT_LT(capacities.at(3), capacities[0]) << "of two million";
}

TEST_F(ConnectionTest, WorkLeftForLaterIsDoneInTheNextTurnBeforeMoreIsRead) {
  handler.lines_per_call = 2;
  Readable(ErrorCode::kOk, "1\n2\n3\n4\n5");
  EXPECT_EQ(stream().written, "1!2!");
  stream().reads.emplace_back(ErrorCode::kOk, "\n");
  Turn(true, false);  // its event is passed over: the work comes first
  EXPECT_EQ(stream().written, "1!2!3!4!");
  EXPECT_EQ(stream().reads.size(), 1U);
  EXPECT_EQ(poller.deadlines.back(), 0);
  Turn(true, false);
  EXPECT_EQ(stream().written, "1!2!3!4!5!");
}

TEST_F(ConnectionTest, BytesSentFromOutsideLeaveAtTheEndOfTheTurnTogether) {
  connection->Send("x");
  connection->Send("y");
  EXPECT_EQ(stream().writes, 0U);
  loop.RunOnce();
  EXPECT_EQ(stream().written, "xy");
  EXPECT_EQ(stream().writes, 1U);
}

TEST_F(ConnectionTest, WhatWaitedComesBeforeNewRepliesInOneGatherWrite) {
  connection->Send("first ");
  Readable(ErrorCode::kOk, "second\n");
  EXPECT_EQ(stream().written, "first second!");
  EXPECT_EQ(stream().writes, 1U);
  EXPECT_EQ(stream().pieces_last, 2U);
}

TEST_F(ConnectionTest, MoreUnsentPiecesThanOneWriteTakesGoInSeveralAndInOrder) {
  stream().write_results = {{0, ErrorCode::kWouldBlock}};
  std::string expected;
  const auto send_pieces = [&](char letter) {
    for (int i = 0; i < 80; ++i) {
      const std::string bytes(17'000, static_cast<char>(letter + i % 20));
      expected += bytes;
      connection->Send(bytes);
    }
  };
  send_pieces('a');
  loop.RunOnce();
  EXPECT_EQ(stream().written, "");
  Turn(false, true);
  EXPECT_EQ(stream().written, expected);
  EXPECT_GT(stream().writes, 2U);
}

TEST_F(ConnectionTest, NewRepliesComeBehindAllThatWaitsThoughOneWriteDoesNotTakeIt) {
  std::string expected;
  for (int i = 0; i < 80; ++i) {
    const std::string bytes(17'000, static_cast<char>('a' + i % 20));
    expected += bytes;
    connection->Send(bytes);
  }
  Readable(ErrorCode::kOk, "second\n");
  EXPECT_EQ(stream().written, expected + "second!");
}

TEST_F(ConnectionTest, WhatIsLeftOfTheInputGoesWhenTheHandlerEndsTheConnection) {
  stream().write_results = {{0, ErrorCode::kWouldBlock}};
  handler.on_line = [](Connection& ending) { ending.CloseAfterFlush(); };
  handler.lines_per_call = 1;
  Readable(ErrorCode::kOk, "a\nleft\n");
  EXPECT_EQ(connection->input_capacity(), 0U);
}

TEST_F(ConnectionTest, ThePeersEndClosesOnlyAfterItsAnswersWereSent) {
  stream().write_results = {{1, ErrorCode::kOk}};
  Readable(ErrorCode::kOk, "abc\n");
  Readable(ErrorCode::kEndOfStream, "");
  EXPECT_TRUE(handler.closed.empty());
  EXPECT_EQ(poller.watched.at(3), Interest::kWrite);
  Turn(false, true);
  EXPECT_EQ(stream().written, "abc!");
  EXPECT_EQ(handler.closed, std::vector{ErrorCode::kEndOfStream});
  EXPECT_FALSE(stream().open);
  EXPECT_EQ(loop.counters().drained_after_end, 1U);
}

TEST_F(ConnectionTest, AResetEndsItOnce) {
  Readable(ErrorCode::kConnectionReset, "");
  EXPECT_EQ(handler.closed, std::vector{ErrorCode::kConnectionReset});
  EXPECT_EQ(loop.watched_count(), 0U);
  connection->Send("nobody is there");
  connection->Close();
  loop.RunOnce();
  EXPECT_EQ(handler.closed.size(), 1U);
}

TEST_F(ConnectionTest, AFailedWriteEndsItAndLeavesNothingForTheNextConnection) {
  stream().write_results = {{0, ErrorCode::kBrokenPipe}};
  Readable(ErrorCode::kOk, "abc\n");
  EXPECT_EQ(handler.closed, std::vector{ErrorCode::kBrokenPipe});

  LineHandler other_handler;
  Connection other(context, Handle{4}, other_handler);
  ASSERT_TRUE(other.Start().ok());
  network.streams[4].reads.emplace_back(ErrorCode::kOk, "z\n");
  poller.batches.push_back({{.readable = true, .token = poller.tokens.at(4)}});
  loop.RunOnce();
  EXPECT_EQ(network.streams[4].written, "z!");
}

TEST_F(ConnectionTest, CloseAfterFlushSendsWhatWasAnsweredAndReadsNoMore) {
  handler.on_line = [](Connection& its) { its.CloseAfterFlush(); };
  handler.lines_per_call = 1;
  Readable(ErrorCode::kOk, "bye\nmore\n");
  EXPECT_EQ(stream().written, "bye!");
  EXPECT_EQ(handler.closed, std::vector{ErrorCode::kOk});
  loop.RunOnce();
  EXPECT_EQ(handler.shown.size(), 1U);
}

TEST_F(ConnectionTest, WhatIsSentAfterCloseAfterFlushIsDropped) {
  stream().write_results = {{0, ErrorCode::kWouldBlock}};
  handler.on_line = [](Connection& its) { its.CloseAfterFlush(); };
  Readable(ErrorCode::kOk, "bye\n");
  EXPECT_EQ(connection->unsent_bytes(), 4U);
  connection->Send("too late");
  EXPECT_EQ(connection->unsent_bytes(), 4U);
  Turn(false, true);
  EXPECT_EQ(stream().written, "bye!");
  EXPECT_EQ(handler.closed, std::vector{ErrorCode::kOk});
}

TEST_F(ConnectionTest, CloseWithinItsOwnCallbackIsToldAfterItAndMayDestroyTheConnection) {
  bool in_callback = false;
  handler.on_line = [&](Connection& its) {
    in_callback = true;
    its.Close();
    EXPECT_TRUE(handler.closed.empty());
    in_callback = false;
  };
  handler.on_closed = [&] {
    EXPECT_FALSE(in_callback);
    connection.reset();
  };
  Readable(ErrorCode::kOk, "a\nb\n");
  EXPECT_EQ(handler.closed.size(), 1U);
  EXPECT_EQ(connection, nullptr);
  EXPECT_EQ(stream().written, "");
}

TEST_F(ConnectionTest, ALargeMessageIsReadStraightToWhereTheHandlerWantsIt) {
  std::string large(100'000, '.');
  handler.target = large;
  Readable(ErrorCode::kOk, std::string(60'000, 'x'));
  EXPECT_EQ(handler.received, 60'000U);
  EXPECT_EQ(large.substr(0, 60'000), std::string(60'000, 'x'));
  Readable(ErrorCode::kOk, std::string(40'000, 'y') + "next\n");
  EXPECT_EQ(handler.received, 100'000U);
  EXPECT_TRUE(handler.shown.empty());
  Turn(true, false);
  EXPECT_EQ(stream().written, "next!");
}

TEST_F(ConnectionTest, APeerThatDoesNotReadIsNotReadFromAboveTheLimit) {
  context.limits().pause_output_bytes = 10;
  stream().write_results = {{0, ErrorCode::kWouldBlock}};
  Readable(ErrorCode::kOk, "0123456789abc\n");
  EXPECT_EQ(poller.watched.at(3), Interest::kWrite);
  EXPECT_EQ(loop.counters().reads_paused, 1U);
  Turn(false, true);
  EXPECT_EQ(poller.watched.at(3), Interest::kRead);
}

TEST_F(ConnectionTest, ASpuriousReadinessChangesNothing) {
  Turn(true, false);
  Turn(true, true);
  EXPECT_EQ(loop.counters().reads_blocked, 2U);
  EXPECT_TRUE(handler.closed.empty());
  EXPECT_TRUE(handler.shown.empty());
}

}  // namespace
}  // namespace reprise
