// How a client's connection comes to its end: killed, idle for too long, with too much unread or unfinished. In the
// simulated world, where time is exact and nothing else goes wrong.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "proptests/session_testing.h"

namespace reprise {
namespace {

using SessionEndTest = SessionTest;

TEST_F(SessionEndTest, WhoKillsItselfIsToldSoAndExecutesNothingMore) {
  Start({});
  KeepingClient& watcher = NewClient();
  KeepingClient& client = NewClient();
  const std::string id = Ask(client, "CLIENT ID").substr(1);
  client.received.clear();
  client.Send(fmt::format("PING\r\nCLIENT KILL ID {} SKIPME no\r\nSET k v\r\n", id.substr(0, id.size() - 2)));
  RunUntil([&] { return client.ended; });
  EXPECT_EQ(client.received, "+PONG\r\n:1\r\n");
  EXPECT_EQ(Ask(watcher, "EXISTS k"), ":0\r\n");
}

TEST_F(SessionEndTest, KillEndsAllThatFit) {
  Start({});
  KeepingClient& killer = NewClient();
  std::vector<KeepingClient*> others;
  for (int i = 0; i < 5; ++i) {
    others.push_back(&NewClient());
  }
  EXPECT_EQ(Ask(killer, "CLIENT KILL TYPE normal"), ":5\r\n");
  for (const KeepingClient* other : others) {
    RunUntil([&] { return other->ended; });
  }
  EXPECT_EQ(Ask(killer, "PING"), "+PONG\r\n");
  EXPECT_EQ(server->sessions().size(), 1U);
}

TEST_F(SessionEndTest, IdleTimeCountsFromTheLastRequest) {
  Start({{"timeout", {"10"}}});
  KeepingClient& client = NewClient();
  for (int i = 0; i < 6; ++i) {
    RunFor(6000);
    EXPECT_EQ(Ask(client, "PING"), "+PONG\r\n") << "after " << i << " pauses";
  }
  RunFor(9500);
  EXPECT_FALSE(client.ended);
  RunFor(1000);
  EXPECT_TRUE(client.ended);
}

TEST_F(SessionEndTest, WhoIsInTheMidstOfALongRequestIsNotIdle) {
  Start({{"timeout", {"1"}}});
  KeepingClient& small = NewClient();
  KeepingClient& large = NewClient();
  KeepingClient& silent = NewClient();
  constexpr size_t kPieces = 8;
  const std::string piece(50'000, 'x');  // read straight to its place
  small.Send("*2\r\n$4\r\nECHO\r\n$8\r\n");
  large.Send(fmt::format("*2\r\n$4\r\nECHO\r\n${}\r\n", kPieces * piece.size()));
  silent.Send("*2\r\n$4\r\nECHO\r\n$8\r\n");
  for (size_t i = 0; i < kPieces; ++i) {
    RunFor(700);
    small.Send("y");
    large.Send(piece);
  }
  small.Send("\r\n");
  large.Send("\r\n");
  RunFor(100);
  EXPECT_EQ(small.received, "$8\r\nyyyyyyyy\r\n");
  EXPECT_EQ(large.received.size(), fmt::format("${}\r\n\r\n", kPieces * piece.size()).size() + kPieces * piece.size());
  EXPECT_TRUE(silent.ended);
}

TEST_F(SessionEndTest, TheSoftLimitCountsFromTheLastTimeThatTheOutputWasBelowIt) {
  Start({{"client-output-buffer-limit", {"normal", "0", "100000", "2"}}});
  KeepingClient& client = NewClient();
  client.Send(fmt::format("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1000000\r\n{:x<{}}\r\n", "", 1'000'000));
  RunUntil([&] { return client.received == "+OK\r\n"; });
  for (int i = 0; i < 3; ++i) {
    client.received.clear();
    client.peer().StopReading();
    client.Send("GET k\r\n");
    RunFor(1500);
    EXPECT_FALSE(client.ended) << i;
    client.peer().StartReading();
    RunUntil([&] { return client.ended || client.received.size() > 1'000'000; });
    RunFor(500);
  }
  client.peer().StopReading();
  client.Send("GET k\r\n");
  RunFor(1500);
  EXPECT_EQ(server->sessions().size(), 1U);
  RunFor(1000);
  EXPECT_EQ(server->sessions().size(), 0U);
}

TEST_F(SessionEndTest, AnUnfinishedRequestEndsTheSessionOnceItIsOverTheLimit) {
  Start({{"client-query-buffer-limit", {"4mb"}}});
  KeepingClient& client = NewClient();
  client.Send("*2\r\n$4\r\nECHO\r\n$20000000\r\n");
  const std::string piece(100'000, 'x');
  size_t pieces = 0;
  for (; !client.ended && pieces < 50; ++pieces) {
    client.Send(piece);
    RunFor(10);
  }
  EXPECT_TRUE(client.ended);
  // What is held counts, and that doubles: beyond 2 MiB it is 4 MiB and a little.
  EXPECT_GE(pieces, (2U << 20) / piece.size());
  EXPECT_LE(pieces, (2U << 20) / piece.size() + 2);
  EXPECT_EQ(server->stats().query_limit_disconnections, 1U);
}

TEST_F(SessionEndTest, ASurplusClientIsToldSoAndItsConnectionIsClosed) {
  Start({{"maxclients", {"2"}}});
  NewClient();
  NewClient();
  KeepingClient& surplus = NewClient();
  RunUntil([&] { return surplus.ended; });
  EXPECT_EQ(surplus.received, "-ERR max number of clients reached\r\n");
}

}  // namespace
}  // namespace reprise
