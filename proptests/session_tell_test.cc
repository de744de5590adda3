// What clients are told of each other, of keys and of the server: CLIENT LIST, MONITOR, SCAN, MEMORY USAGE, INFO; and
// what a client may have switched off. In the simulated world, where nothing else goes wrong.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>

#include "proptests/session_testing.h"

namespace reprise {
namespace {

using SessionTellTest = SessionTest;

const Address kUnixAddress{Address::Family::kUnix, "/run/reprise.sock", 0};

std::string IdOf(const std::string& reply) { return reply.substr(1, reply.size() - 3); }

size_t Lines(const std::string& text, std::string_view part) {
  size_t lines = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++lines;
  }
  return lines;
}

size_t NumberAfter(const std::string& text, std::string_view part) {
  const size_t at = text.find(part);
  return at == std::string::npos ? 0 : std::stoull(text.substr(at + part.size()));
}

TEST_F(SessionTellTest, ClientListByIdsTellsOfThoseAndNobodyElse) {
  Start({});
  KeepingClient& asking = NewClient();
  const std::string first = IdOf(Ask(NewClient(), "CLIENT ID"));
  const std::string second = IdOf(Ask(NewClient(), "CLIENT ID"));
  const std::string third = IdOf(Ask(NewClient(), "CLIENT ID"));
  const std::string list = Ask(asking, fmt::format("CLIENT LIST ID {} {} 999", third, first));
  EXPECT_EQ(Lines(list, "id="), 2U) << list;
  EXPECT_LT(list.find(fmt::format("id={} ", third)), list.find(fmt::format("id={} ", first)));
  EXPECT_EQ(list.find(fmt::format("id={} ", second)), std::string::npos);
}

TEST_F(SessionTellTest, AgeAndIdleTimeAreInWholeSeconds) {
  Start({});
  KeepingClient& asking = NewClient();
  NewClient();
  RunFor(1'000'000);
  const std::string list = Ask(asking, "CLIENT LIST");
  EXPECT_EQ(Lines(list, " age=1000 idle=0 "), 1U) << list;
  EXPECT_EQ(Lines(list, " age=1000 idle=1000 "), 1U) << list;
}

TEST_F(SessionTellTest, WhoWaitsForTheEndOfAPauseIsMarkedAndNobodyElse) {
  Start({});
  KeepingClient& asking = NewClient();
  const std::string id = IdOf(Ask(NewClient(), "CLIENT ID"));
  EXPECT_EQ(Lines(Ask(asking, "CLIENT LIST"), "flags=N "), 2U);
  EXPECT_EQ(Ask(asking, "CLIENT PAUSE 50 WRITE"), "+OK\r\n");
  clients.back()->Send("SET k v\r\n");
  RunFor(5);
  const std::string list = Ask(asking, "CLIENT LIST");
  EXPECT_EQ(Lines(list, "flags=b "), 1U) << list;
  EXPECT_EQ(Lines(list, "flags=N "), 1U) << list;
}

TEST_F(SessionTellTest, AClientOfAUnixSocketIsNoStrangerAndIsMarked) {
  Start({{"unixsocket", {kUnixAddress.host}}});
  KeepingClient& client = NewClientAt(kUnixAddress);
  RunUntil([&] { return client.connected; });
  const std::string line = Ask(client, "CLIENT INFO");
  EXPECT_NE(line.find("flags=U "), std::string::npos) << line;
  EXPECT_NE(line.find(fmt::format(" addr={}:0 laddr={}:0 ", kUnixAddress.host, kUnixAddress.host)), std::string::npos)
      << line;
  EXPECT_NE(Ask(NewClient(), "CLIENT INFO").find("flags=N "), std::string::npos);
}

TEST_F(SessionTellTest, MonitorTellsWhereARequestCameFrom) {
  Start({{"unixsocket", {kUnixAddress.host}}});
  KeepingClient& monitor = NewClient();
  EXPECT_EQ(Ask(monitor, "MONITOR"), "+OK\r\n");
  KeepingClient& near = NewClientAt(kUnixAddress);
  RunUntil([&] { return near.connected; });
  monitor.received.clear();
  Ask(near, "ECHO near");
  Ask(NewClient(), "ECHO far");
  RunFor(5);
  EXPECT_NE(monitor.received.find(fmt::format("[0 unix:{}] \"ECHO\" \"near\"\r\n", kUnixAddress.host)),
            std::string::npos)
      << monitor.received;
  EXPECT_NE(monitor.received.find("[0 127.0.0.1:"), std::string::npos) << monitor.received;
  EXPECT_TRUE(monitor.received.ends_with("] \"ECHO\" \"far\"\r\n")) << monitor.received;
  EXPECT_EQ(Lines(monitor.received, "+"), 2U);
}

TEST_F(SessionTellTest, WhoMonitorsMayBeSilentForLongerThanTheTimeout) {
  Start({{"timeout", {"1"}}});
  KeepingClient& silent = NewClient();
  KeepingClient& monitor = NewClient();
  EXPECT_EQ(Ask(monitor, "MONITOR"), "+OK\r\n");
  RunFor(10'000);
  EXPECT_TRUE(silent.ended);
  EXPECT_FALSE(monitor.ended);
}

TEST_F(SessionTellTest, WhoMonitorsIsNotHeldBackByAPause) {
  Start({});
  KeepingClient& monitor = NewClient();
  KeepingClient& other = NewClient();
  EXPECT_EQ(Ask(monitor, "MONITOR"), "+OK\r\n");
  EXPECT_EQ(Ask(other, "CLIENT PAUSE 60000 ALL"), "+OK\r\n");
  other.received.clear();
  other.Send("PING\r\n");
  EXPECT_EQ(Ask(monitor, "ECHO me").substr(0, 8), "$2\r\nme\r\n");
  EXPECT_EQ(other.received, "");
}

// CLIENT REPLY SKIP holds for what comes until the next reply, and so for the lines of a monitor.
TEST_F(SessionTellTest, WhoMonitorsAndWantsNoRepliesIsToldNothing) {
  Start({});
  KeepingClient& monitor = NewClient();
  EXPECT_EQ(Ask(monitor, "MONITOR"), "+OK\r\n");
  monitor.Send("CLIENT REPLY SKIP\r\n");
  RunFor(5);
  EXPECT_TRUE(monitor.received.ends_with("] \"CLIENT\" \"REPLY\" \"SKIP\"\r\n")) << monitor.received;
  monitor.received.clear();
  Ask(NewClient(), "ECHO one");
  monitor.Send("PING\r\n");
  RunFor(5);
  EXPECT_EQ(monitor.received, "");
  Ask(NewClient(), "ECHO two");
  RunFor(5);
  EXPECT_TRUE(monitor.received.ends_with("] \"ECHO\" \"two\"\r\n")) << monitor.received;
  monitor.received.clear();
  monitor.Send("CLIENT REPLY OFF\r\n");
  RunFor(5);
  Ask(NewClient(), "ECHO three");
  RunFor(5);
  EXPECT_EQ(monitor.received, "");
  EXPECT_TRUE(Ask(monitor, "CLIENT REPLY ON").starts_with("+OK\r\n"));
}

// The bytes of a large argument become the value that is stored, which may be gone before the line is written.
TEST_F(SessionTellTest, MonitorTellsALargeArgumentThatIsStoredAndGivenUpAgain) {
  Start({});
  KeepingClient& monitor = NewClient();
  EXPECT_EQ(Ask(monitor, "MONITOR"), "+OK\r\n");
  KeepingClient& client = NewClient();
  const std::string large(300'000, 'x');
  const std::vector<std::vector<std::string>> requests = {
      {"MSET", "k", large, "k", "1"}, {"SET", "k", large, "PXAT", "1"}, {"MSET", "k", large, "k", large}};
  for (const std::vector<std::string>& words : requests) {
    monitor.received.clear();
    std::string request = fmt::format("*{}\r\n", words.size());
    std::string shown;
    for (const std::string& word : words) {
      request += fmt::format("${}\r\n{}\r\n", word.size(), word);
      shown += fmt::format(" \"{}\"", word);
    }
    client.received.clear();
    client.Send(request);
    RunUntil([&] { return client.received == "+OK\r\n"; });
    RunUntil([&] { return monitor.received.ends_with("\r\n"); });
    EXPECT_TRUE(monitor.received.ends_with("]" + shown + "\r\n")) << words[0] << " " << words[3];
  }
  client.received.clear();
  EXPECT_EQ(Ask(client, "STRLEN k"), ":300000\r\n");
}

// Neither its own requests nor a look now and then would find it out.
TEST_F(SessionTellTest, WhoMonitorsAndReadsNothingIsEndedAtTheLimitOfUnsentOutput) {
  Start({{"client-output-buffer-limit", {"normal", "50000", "0", "0"}}});
  KeepingClient& monitor = NewClient();
  EXPECT_EQ(Ask(monitor, "MONITOR"), "+OK\r\n");
  monitor.peer().StopReading();
  KeepingClient& other = NewClient();
  const std::string request = "ECHO " + std::string(10'000, 'x');
  for (int i = 0; i < 60; ++i) {
    Ask(other, request);
  }
  EXPECT_EQ(server->stats().output_limit_disconnections, 1U);
  EXPECT_EQ(server->sessions().size(), 1U);
}

TEST_F(SessionTellTest, UptimeIsNotNegativeWhereTheClockWasSetBack) {
  Start({});
  KeepingClient& client = NewClient();
  RunFor(3'000);
  EXPECT_NE(Ask(client, "INFO server").find("uptime_in_seconds:3\r\n"), std::string::npos);
  world.clock().Jump(-60'000'000);
  RunFor(1'000);
  EXPECT_NE(Ask(client, "INFO server").find("uptime_in_seconds:0\r\n"), std::string::npos);
}

TEST_F(SessionTellTest, AfterCountsWereResetBytesAreCountedFromThenOn) {
  Start({});
  KeepingClient& client = NewClient();
  Ask(client, "ECHO " + std::string(1'000, 'x'));
  Ask(client, "GETRANGE none 0 -1 ");
  EXPECT_EQ(Ask(client, "CONFIG RESETSTAT"), "+OK\r\n");
  Ask(client, "PING");
  const std::string info = Ask(client, "INFO stats");
  // What came: PING and INFO. What went: the answer to CONFIG RESETSTAT, which was sent after it, and +PONG.
  EXPECT_NE(info.find(fmt::format("total_net_input_bytes:{}\r\n", std::string_view("PING\r\nINFO stats\r\n").size())),
            std::string::npos)
      << info;
  EXPECT_NE(info.find(fmt::format("total_net_output_bytes:{}\r\n", std::string_view("+OK\r\n+PONG\r\n").size())),
            std::string::npos)
      << info;
}

TEST_F(SessionTellTest, WhoMonitorsNoLongerIsToldNothing) {
  Start({});
  KeepingClient& monitor = NewClient();
  EXPECT_EQ(Ask(monitor, "MONITOR"), "+OK\r\n");
  EXPECT_EQ(Ask(monitor, "RESET"), "+RESET\r\n");
  monitor.received.clear();
  Ask(NewClient(), "PING");
  RunFor(5);
  EXPECT_EQ(monitor.received, "");
}

TEST_F(SessionTellTest, WhoMonitoredAndHasGoneIsForgotten) {
  Start({});
  KeepingClient& monitor = NewClient();
  EXPECT_EQ(Ask(monitor, "MONITOR"), "+OK\r\n");
  EXPECT_FALSE(server->monitors().empty());
  monitor.peer().Close();
  RunUntil([&] { return server->sessions().size() == 0; });
  EXPECT_TRUE(server->monitors().empty());
}

TEST_F(SessionTellTest, DatabasesAreThoseFromZeroToTheLast) {
  Start({{"databases", {"3"}}});
  KeepingClient& client = NewClient();
  for (const char* index : {"2", "1", "0"}) {
    EXPECT_EQ(Ask(client, fmt::format("SELECT {}", index)), "+OK\r\n") << index;
  }
  for (const char* index : {"3", "-1"}) {
    EXPECT_EQ(Ask(client, fmt::format("SELECT {}", index)), "-ERR DB index is out of range\r\n") << index;
  }
}

TEST_F(SessionTellTest, AResetBringsRepliesBack) {
  Start({});
  KeepingClient& client = NewClient();
  client.Send("CLIENT REPLY OFF\r\nPING\r\nRESET\r\nPING\r\n");
  RunFor(5);
  EXPECT_EQ(client.received, "+RESET\r\n+PONG\r\n");
  client.received.clear();
  client.Send("CLIENT REPLY SKIP\r\nRESET\r\nPING\r\n");
  RunFor(5);
  EXPECT_EQ(client.received, "+PONG\r\n");
}

TEST_F(SessionTellTest, APauseOfWritesDoesNotHoldARequestThatWritesNothingThoughItComesInPieces) {
  Start({});
  KeepingClient& client = NewClient();
  EXPECT_EQ(Ask(client, "CLIENT PAUSE 100000 WRITE"), "+OK\r\n");
  client.received.clear();
  client.Send("CLIENT UNP");
  RunFor(2);
  client.Send("AUSE\r\n");
  RunFor(5);
  EXPECT_EQ(client.received, "+OK\r\n");
  EXPECT_EQ(Ask(client, "SET k v"), "+OK\r\n");
}

TEST_F(SessionTellTest, AClientsMemoryHasTheInputThatIsKeptForIt) {
  Start({});
  KeepingClient& asking = NewClient();
  const std::string id = IdOf(Ask(NewClient(), "CLIENT ID"));
  EXPECT_EQ(Ask(asking, "CLIENT PAUSE 50 WRITE"), "+OK\r\n");
  constexpr size_t kValueBytes = 4000;
  const std::string request = fmt::format("SET k {:v<{}}\r\n", "", kValueBytes);
  clients.back()->Send(request + request);
  RunFor(5);
  const std::string line = Ask(asking, fmt::format("CLIENT LIST ID {}", id));
  EXPECT_EQ(NumberAfter(line, " qbuf="), 2 * request.size()) << line;
  EXPECT_GE(NumberAfter(line, " tot-mem="), 2 * request.size()) << line;
}

TEST_F(SessionTellTest, AnEmptyLineIsARequestThatMayBeSkipped) {
  Start({});
  KeepingClient& client = NewClient();
  client.Send("CLIENT REPLY SKIP\r\n\r\nPING\r\n");
  RunFor(5);
  EXPECT_EQ(client.received, "+PONG\r\n");
}

TEST_F(SessionTellTest, AClientsMemoryHasItsName) {
  Start({});
  KeepingClient& client = NewClient();
  const auto memory = [&] { return NumberAfter(Ask(client, "CLIENT INFO"), " tot-mem="); };
  const auto before = memory();
  EXPECT_EQ(Ask(client, fmt::format("CLIENT SETNAME {:n<5000}", "")), "+OK\r\n");
  EXPECT_GE(memory(), before + 5000);
}

TEST_F(SessionTellTest, TheMemoryOfAKeyHasItsNameAndItsValue) {
  Start({});
  KeepingClient& client = NewClient();
  const auto usage = [&](size_t key_bytes, size_t value_bytes) {
    const std::string key(key_bytes, 'k');
    EXPECT_EQ(Ask(client, fmt::format("SET {} {:v<{}}", key, "", value_bytes)), "+OK\r\n");
    return NumberAfter(Ask(client, fmt::format("MEMORY USAGE {}", key)), ":");
  };
  const size_t small = usage(10, 10);
  EXPECT_GT(small, 20U) << "and what is kept beside them";
  EXPECT_GE(usage(210, 10), small + 200);
  EXPECT_GE(usage(11, 210), small + 1 + 200);
}

TEST_F(SessionTellTest, ACallOfScanMeetsAboutCountKeysWhetherTheyMatchOrNot) {
  constexpr size_t kKeys = 10'000;
  Start({{"enable-debug-command", {"yes"}}});
  KeepingClient& client = NewClient();
  EXPECT_EQ(Ask(client, fmt::format("DEBUG POPULATE {}", kKeys)), "+OK\r\n");
  const auto calls = [&](std::string_view pattern) {
    size_t count = 0;
    std::string cursor = "0";
    do {
      const std::string reply = Ask(client, fmt::format("SCAN {} COUNT 10 MATCH {}", cursor, pattern));
      const size_t at = reply.find("\r\n", reply.find('$')) + 2;
      cursor = reply.substr(at, reply.find("\r\n", at) - at);
      ++count;
    } while (cursor != "0");
    return count;
  };
  const size_t all = calls("*");
  EXPECT_GE(all, kKeys / 20);
  EXPECT_LE(all, kKeys / 10);
  EXPECT_EQ(calls("nothing"), all);
}

TEST_F(SessionTellTest, ARunHasAnIdOfFortyHexDigits) {
  Start({});
  const std::string info = Ask(NewClient(), "INFO server");
  const std::string name = "\r\nrun_id:";
  const size_t begin = info.find(name) + name.size();
  const std::string id = info.substr(begin, info.find("\r\n", begin) - begin);
  EXPECT_EQ(id.size(), 40U) << id;
  EXPECT_TRUE(std::all_of(id.begin(), id.end(), [](char c) { return std::isxdigit(static_cast<unsigned char>(c)); }))
      << id;
}

}  // namespace
}  // namespace reprise
