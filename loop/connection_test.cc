#include "loop/connection.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "loop/acceptor.h"
#include "loop/scripted_testing.h"

namespace reprise {
namespace {

// Answers each line with "<line>!"; leaves an unfinished line, and all lines but `lines_per_call`, for later.
class LineHandler final : public ConnectionHandler {
 public:
  InputResult OnInput(Connection& connection, std::string_view input) override {
    shown.emplace_back(input);
    if (looks != nullptr) looks->push_back("input " + shown.back());
    size_t done = 0;
    for (size_t lines = 0; true; ++lines) {
      const size_t end = input.find('\n', done);
      if (end == std::string_view::npos) return {.consumed = done};
      if (lines == lines_per_call) return {.consumed = done, .more_work = true};
      connection.reply_buffer().Append(input.substr(done, end - done));
      connection.reply_buffer().Append("!");
      done = end + 1;
      if (on_line) on_line(connection);
    }
  }
  uint64_t LookAhead(std::string_view input) override {
    if (looks != nullptr) looks->push_back("ahead " + std::string(input));
    return input.size();
  }
  void LookAgain(uint64_t looked) override {
    if (looks != nullptr) looks->push_back("again " + std::to_string(looked));
  }
  std::span<char> ReceiveTarget() override { return target; }
  InputResult OnReceived(Connection&, size_t bytes) override {
    received += bytes;
    target = target.subspan(bytes);
    return {};
  }
  void OnClosed(Connection&, ErrorCode reason) override {
    closed.push_back(reason);
    if (on_closed) on_closed();
  }

  size_t lines_per_call = 1000;
  std::span<char> target;
  size_t received = 0;
  std::vector<std::string> shown;
  std::vector<std::string>* looks = nullptr;
  std::vector<ErrorCode> closed;
  std::function<void(Connection&)> on_line;
  std::function<void()> on_closed;
};

class ConnectionTest : public testing::Test {
 protected:
  ConnectionTest() { CHECK(connection->Start().ok()); }

  void Readable(ErrorCode code, std::string bytes) {
    stream().reads.emplace_back(code, std::move(bytes));
    Turn(true, false);
  }
  void Turn(bool readable, bool writable) {
    poller.batches.push_back({{.readable = readable, .writable = writable, .token = poller.tokens.at(3)}});
    loop.RunOnce();
  }
  ScriptedNetwork::Stream& stream() { return network.streams[3]; }

  ScriptedPoller poller;
  SetClock clock;
  ScriptedNetwork network;
  EventLoop loop{poller, clock};
  ConnectionContext context{loop, network};
  LineHandler handler;
  std::unique_ptr<Connection> connection = std::make_unique<Connection>(context, Handle{3}, handler);
};

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

// Two connections that become ready in the same turn.
class TwoConnectionsTest : public ConnectionTest {
 protected:
  TwoConnectionsTest() { CHECK(other->Start().ok()); }

  void BothReadable(std::string first, std::string second) {
    network.streams[3].reads.emplace_back(ErrorCode::kOk, std::move(first));
    network.streams[4].reads.emplace_back(ErrorCode::kOk, std::move(second));
    poller.batches.push_back({poller.Readable(3), poller.Readable(4)});
    loop.RunOnce();
  }

  LineHandler other_handler;
  std::unique_ptr<Connection> other = std::make_unique<Connection>(context, Handle{4}, other_handler);
};

TEST_F(TwoConnectionsTest, AllThatAreReadyAreReadAndLookedAtBeforeAnyInputIsHandedOut) {
  std::vector<std::string> looks;
  handler.looks = other_handler.looks = &looks;
  BothReadable("a\n", "bc\n");
  EXPECT_EQ(looks,
            (std::vector<std::string>{"ahead a\n", "ahead bc\n", "again 2", "again 3", "input a\n", "input bc\n"}));
  EXPECT_EQ(network.streams[3].written, "a!");
  EXPECT_EQ(network.streams[4].written, "bc!");
}

TEST_F(TwoConnectionsTest, InputThatWaitsIsDroppedWithItsConnection) {
  handler.on_line = [&](Connection&) { other->Close(); };
  BothReadable("a\n", "b\n");
  EXPECT_TRUE(other_handler.shown.empty());
  EXPECT_EQ(other_handler.closed, std::vector<ErrorCode>{ErrorCode::kOk});
}

TEST_F(TwoConnectionsTest, AConnectionWhoseInputWaitsMayBeDestroyed) {
  handler.on_line = [&](Connection&) { other.reset(); };
  BothReadable("a\n", "b\n");
  EXPECT_TRUE(other_handler.shown.empty());
  EXPECT_FALSE(network.streams[4].open);
}

TEST_F(TwoConnectionsTest, AnEndingConnectionIsHandedNothingMore) {
  handler.on_line = [&](Connection&) { other->CloseAfterFlush(); };
  BothReadable("a\n", "b\n");
  EXPECT_TRUE(other_handler.shown.empty());
  EXPECT_TRUE(other->closed());
}

TEST_F(TwoConnectionsTest, AHandleThatIsReportedTwiceIsReadOnce) {
  stream().reads.emplace_back(ErrorCode::kOk, "a\n");
  stream().reads.emplace_back(ErrorCode::kOk, "b\n");
  poller.batches.push_back({poller.Readable(3), poller.Readable(3)});
  loop.RunOnce();
  EXPECT_EQ(stream().written, "a!");
  Turn(true, false);
  EXPECT_EQ(stream().written, "a!b!");
}

// The shared buffer has room for one of the two.
class SmallBufferTest : public TwoConnectionsTest {
 protected:
  SmallBufferTest() {
    connection = std::make_unique<Connection>(small, Handle{5}, handler);
    other = std::make_unique<Connection>(small, Handle{6}, other_handler);
    CHECK(connection->Start().ok() && other->Start().ok());
  }
  ~SmallBufferTest() override {
    connection.reset();
    other.reset();
  }

  void BothReadable() {
    network.streams[5].reads.emplace_back(ErrorCode::kOk, "abcd\n");
    network.streams[6].reads.emplace_back(ErrorCode::kOk, "efgh\n");
    poller.batches.push_back({poller.Readable(5), poller.Readable(6)});
    loop.RunOnce();
  }

  ConnectionContext small{loop, network, {.read_bytes = 8}};
};

TEST_F(SmallBufferTest, InputIsHandedOutInBetweenToMakeRoom) {
  std::vector<std::string> looks;
  handler.looks = other_handler.looks = &looks;
  BothReadable();
  EXPECT_EQ(looks, (std::vector<std::string>{"ahead abcd\n", "again 5", "input abcd\n", "ahead efgh\n", "again 5",
                                             "input efgh\n"}));
  EXPECT_EQ(network.streams[6].written, "efgh!");
}

TEST_F(SmallBufferTest, WhoAsksForRoomMayBeClosedMeanwhile) {
  handler.on_line = [&](Connection&) { other->Close(); };
  BothReadable();
  EXPECT_EQ(network.streams[6].reads.size(), 1U);
  EXPECT_EQ(other_handler.closed.size(), 1U);
}

TEST_F(SmallBufferTest, WhoAsksForRoomMayBeDestroyedMeanwhile) {
  handler.on_line = [&](Connection&) { other.reset(); };
  BothReadable();
  EXPECT_EQ(network.streams[6].reads.size(), 1U);
  EXPECT_FALSE(network.streams[6].open);
}

TEST_F(ConnectionTest, ASpuriousReadinessChangesNothing) {
  Turn(true, false);
  Turn(true, true);
  EXPECT_EQ(loop.counters().reads_blocked, 2U);
  EXPECT_TRUE(handler.closed.empty());
  EXPECT_TRUE(handler.shown.empty());
}

class AcceptorTest : public testing::Test {
 protected:
  AcceptorTest() {
    Acceptor::Options options;
    options.accepts_per_turn_max = 3;
    Result<std::unique_ptr<Acceptor>> opened =
        Acceptor::Open(loop, network, Address{Address::Family::kIpv4, "127.0.0.1", 7}, options,
                       [this](Handle handle) { accepted.push_back(handle.id); });
    acceptor = std::move(opened).value();
  }
  void Turn() {
    poller.batches.push_back({poller.Readable(2)});
    loop.RunOnce();
  }

  ScriptedPoller poller;
  SetClock clock;
  ScriptedNetwork network;
  EventLoop loop{poller, clock};
  std::unique_ptr<Acceptor> acceptor;
  std::vector<int> accepted;
};

TEST_F(AcceptorTest, TakesABoundedNumberATurn) {
  for (int i = 10; i < 15; ++i) network.accepts.emplace_back(Handle{i});
  Turn();
  EXPECT_EQ(accepted, (std::vector{10, 11, 12}));
  EXPECT_EQ(loop.counters().accepts_deferred, 1U);
  Turn();
  EXPECT_EQ(accepted.size(), 5U);
}

TEST_F(AcceptorTest, GoesOnAfterAConnectionThatWasGoneAlready) {
  network.accepts.emplace_back(Status(ErrorCode::kConnectionAborted));
  network.accepts.emplace_back(Handle{10});
  Turn();
  EXPECT_EQ(accepted, std::vector{10});
  EXPECT_EQ(loop.counters().accepts_aborted, 1U);
}

TEST_F(AcceptorTest, WithoutHandlesItPausesInsteadOfSpinning) {
  network.accepts.emplace_back(Status(ErrorCode::kTooManyHandles));
  network.accepts.emplace_back(Handle{10});
  Turn();
  EXPECT_EQ(poller.watched.at(2), Interest::kNone);
  clock.now_ns += 100 * kNanosPerMilli;
  loop.RunOnce();
  EXPECT_EQ(poller.watched.at(2), Interest::kRead);
  Turn();
  EXPECT_EQ(accepted, std::vector{10});
}

}  // namespace
}  // namespace reprise
