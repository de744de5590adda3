// What waits for the end of CLIENT PAUSE, and what becomes of it. In the simulated world, where nothing else goes
// wrong.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "proptests/session_testing.h"

namespace reprise {
namespace {

class SessionPauseTest : public SessionTest {
 protected:
  // Sends the two parts of a request, the second one while all clients are paused, and has another client send
  // something in between the pause and its end. Answers the reply.
  std::string AskInTwoParts(const std::string& first, const std::string& second) {
    Start({});
    KeepingClient& admin = NewClient();
    KeepingClient& client = NewClient();
    KeepingClient& other = NewClient();
    client.Send(first);
    RunFor(1);
    EXPECT_EQ(Ask(admin, "CLIENT PAUSE 50"), "+OK\r\n");
    client.Send(second);
    RunFor(1);
    other.Send(fmt::format("ECHO {:x<{}}\r\n", "", second.size() + 100));
    RunFor(10);
    EXPECT_EQ(client.received, "");
    RunUntil([&] { return !client.received.empty(); });
    return client.received;
  }
};

TEST_F(SessionPauseTest, ARequestThatWaitsKeepsItsBytesThoughOthersAreReadMeanwhile) {
  EXPECT_EQ(AskInTwoParts("*2\r\n$4\r\nECHO\r\n", "$5\r\nhello\r\n"), "$5\r\nhello\r\n");
}

TEST_F(SessionPauseTest, SoDoesOneWhoseLineWasCut) {
  EXPECT_EQ(AskInTwoParts("ECHO hel", "lo\r\n"), "$5\r\nhello\r\n");
}

TEST_F(SessionPauseTest, SoDoesOneWhosePayloadWasCut) {
  EXPECT_EQ(AskInTwoParts("*3\r\n$4\r\nMGET\r\n$2\r\na", "b\r\n$1\r\nc\r\n"), "*2\r\n$-1\r\n$-1\r\n");
}

TEST_F(SessionPauseTest, WhatIsRefusedForItsArityIsRefusedAtOnce) {
  Start({});
  KeepingClient& admin = NewClient();
  KeepingClient& client = NewClient();
  KeepingClient& slow = NewClient();
  slow.Send("*1\r\n$3\r\nGE");
  EXPECT_EQ(Ask(admin, "CLIENT PAUSE 50"), "+OK\r\n");
  client.Send("GET\r\n");
  slow.Send("T\r\n");
  RunFor(10);
  constexpr std::string_view kWrongArity = "-ERR wrong number of arguments for 'get' command\r\n";
  EXPECT_EQ(client.received, kWrongArity);
  EXPECT_EQ(slow.received, kWrongArity) << "though it came in pieces";
}

TEST_F(SessionPauseTest, WhoIsNotLoggedInIsRefusedAtOnce) {
  Start({});
  KeepingClient& admin = NewClient();
  EXPECT_EQ(Ask(admin, "CONFIG SET requirepass secret"), "+OK\r\n");
  KeepingClient& newcomer = NewClient();
  EXPECT_EQ(Ask(admin, "CLIENT PAUSE 50"), "+OK\r\n");
  newcomer.Send("GET k\r\n");
  RunFor(10);
  EXPECT_EQ(newcomer.received, "-NOAUTH Authentication required.\r\n");
}

TEST_F(SessionPauseTest, NothingIsReadFromWhoWaitsNotEvenItsEnd) {
  Start({});
  KeepingClient& admin = NewClient();
  KeepingClient& client = NewClient();
  EXPECT_EQ(Ask(admin, "CLIENT PAUSE 50"), "+OK\r\n");
  client.Send("PING\r\n");
  RunFor(1);
  const uint64_t read_before = loop.counters().bytes_read;
  client.Send("ECHO more\r\n");
  client.peer().ShutdownWrite();
  RunFor(10);
  EXPECT_EQ(loop.counters().bytes_read, read_before);
  RunUntil([&] { return client.ended; });
  EXPECT_EQ(client.received, "+PONG\r\n$4\r\nmore\r\n");
}

TEST_F(SessionPauseTest, WhoWaitsIsNotTakenForIdle) {
  Start({{"timeout", {"1"}}});
  KeepingClient& admin = NewClient();
  KeepingClient& client = NewClient();
  EXPECT_EQ(Ask(admin, "CLIENT PAUSE 5000 WRITE"), "+OK\r\n");
  client.Send("SET k v\r\n");
  for (int i = 0; i < 10; ++i) {
    RunFor(500);
    EXPECT_EQ(Ask(admin, "PING"), "+PONG\r\n");
  }
  RunUntil([&] { return !client.received.empty(); });
  EXPECT_EQ(client.received, "+OK\r\n");
}

TEST_F(SessionPauseTest, TheShareOfATurnIsNotSpentOnWaiting) {
  Start({});
  KeepingClient& admin = NewClient();
  KeepingClient& client = NewClient();
  EXPECT_EQ(Ask(admin, "CLIENT PAUSE 50"), "+OK\r\n");
  std::string pings;
  std::string pongs;
  for (int i = 0; i < 5000; ++i) {
    pings += "PING\r\n";
    pongs += "+PONG\r\n";
  }
  client.Send(pings);
  RunFor(40);
  EXPECT_EQ(client.received, "");
  RunFor(20);
  EXPECT_EQ(client.received, pongs) << "all within 10 ms of the end of the pause";
}

TEST_F(SessionPauseTest, NoKeyIsExpiredInTheBackgroundBeforeTheEndOfThePause) {
  Start({});
  KeepingClient& admin = NewClient();
  EXPECT_EQ(Ask(admin, "SET k v PX 10"), "+OK\r\n");
  EXPECT_EQ(Ask(admin, "CLIENT PAUSE 1000"), "+OK\r\n");
  RunFor(900);
  EXPECT_EQ(server->database(0).size(), 1U);
  RunFor(300);
  EXPECT_EQ(server->database(0).size(), 0U);
}

}  // namespace
}  // namespace reprise
