// What the server does when nobody asks for it: expiring keys at its ticks, and freeing what was given up. In the
// simulated world, where nothing else goes wrong.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "proptests/session_testing.h"

namespace reprise {
namespace {

class SessionUpkeepTest : public SessionTest {
 protected:
  // Sets `count` of the keys that DEBUG POPULATE adds, from the first on, `step` apart, with 100 ms to live.
  void SetExpiring(KeepingClient& client, size_t count, size_t step = 1) {
    std::string requests;
    for (size_t i = 0; i < count; ++i) {
      requests += fmt::format("SET key:{} v PX 100\r\n", i * step);
    }
    client.received.clear();
    client.Send(requests);
    RunUntil([&] { return client.received.size() == count * std::string_view("+OK\r\n").size(); });
  }
  // Until just after the next tick of a server with hz 1, whose ticks are at whole seconds.
  void RunOverATick() { RunFor(1050 - world.elapsed_ns() / kNanosPerMilli % 1000); }
};

TEST_F(SessionUpkeepTest, WhatWasFlushedIsFreedInManyTurnsWithoutATickOrARequest) {
  Start({{"hz", {"1"}}, {"enable-debug-command", {"yes"}}});
  KeepingClient& client = NewClient();
  EXPECT_EQ(Ask(client, "DEBUG POPULATE 20000"), "+OK\r\n");
  const uint64_t turns_before = loop.counters().turns;
  EXPECT_EQ(Ask(client, "FLUSHALL ASYNC"), "+OK\r\n");
  RunFor(100);
  EXPECT_LT(world.elapsed_ns(), kNanosPerSecond) << "no tick has been";
  EXPECT_EQ(server->reclaimer().bytes_pending(), 0U);
  EXPECT_GE(loop.counters().turns - turns_before, 20U) << "a thousand keys in a turn would hold others up";
}

TEST_F(SessionUpkeepTest, ATickExpiresKeysInAllDatabases) {
  Start({{"hz", {"1"}}});
  KeepingClient& client = NewClient();
  for (size_t i = 0; i < server->database_count(); ++i) {
    EXPECT_EQ(Ask(client, fmt::format("SELECT {}", i)), "+OK\r\n");
    SetExpiring(client, 1);
  }
  RunOverATick();
  for (size_t i = 0; i < server->database_count(); ++i) {
    EXPECT_EQ(server->database(i).size(), 0U) << "of database " << i;
  }
}

TEST_F(SessionUpkeepTest, ATickGoesOnWhileManyOfTheKeysThatItLooksAtAreExpired) {
  Start({{"hz", {"1"}}});
  KeepingClient& client = NewClient();
  SetExpiring(client, 20'000);  // three times and more what a tick looks at else
  RunOverATick();
  EXPECT_EQ(server->database(0).size(), 0U);
}

TEST_F(SessionUpkeepTest, HoweverManyKeysThereAreAWalkThroughAllOfThemTakesAboutTenSeconds) {
  constexpr size_t kKeys = 900'000;
  Start({{"enable-debug-command", {"yes"}}});
  KeepingClient& client = NewClient();
  // Too few of them are to expire than that a tick would go on with them.
  constexpr size_t kExpiring = 1000;
  SetExpiring(client, kExpiring, kKeys / kExpiring);
  EXPECT_EQ(Ask(client, fmt::format("DEBUG POPULATE {}", kKeys)), "+OK\r\n");
  RunFor(11'000);
  EXPECT_EQ(server->stats().expired_keys, kExpiring);
  EXPECT_EQ(server->database(0).size(), kKeys - kExpiring);
}

}  // namespace
}  // namespace reprise
