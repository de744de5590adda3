// What counts as an access to a key, and what only asks about it: OBJECT IDLETIME, in the simulated world, where hours
// cost nothing. What redis-server 7.0.15 says was tried with pauses of three seconds.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/server.h"
#include "sim/function_source.h"
#include "sim/sim_world.h"

namespace reprise {
namespace {

const Address kAddress{Address::Family::kIpv4, "127.0.0.1", 6379};

class AccessTimeTest : public testing::Test, private SimPeerHandler {
 protected:
  AccessTimeTest() : peer_(world_.NewPeer(0, *this)) {
    world_.choices().StopRecording();
    Config config;
    EXPECT_TRUE(config.SetAtStart("enable-debug-command", {{"yes"}}).ok());
    server_ =
        std::make_unique<Server>(World{loop_, world_.network(), world_.entropy(), world_.process()}, std::move(config));
    EXPECT_TRUE(server_->Start().ok());
    peer_.Connect(kAddress);
  }

  std::string Ask(std::string_view request) {
    received_.clear();
    peer_.Send(fmt::format("{}\r\n", request));
    for (int turns = 0; !received_.ends_with("\r\n"); ++turns) {
      EXPECT_LT(turns, 10'000) << request;
      loop_.RunOnce();
    }
    return received_;
  }
  void Pass(int64_t seconds) {
    bool over = false;
    Timer timer([&over] { over = true; });
    loop_.RunAfter(seconds * kNanosPerSecond, timer);
    while (!over) {
      loop_.RunOnce();
    }
  }
  int64_t IdleSecondsOf(std::string_view key) {
    const std::string reply = Ask(fmt::format("OBJECT IDLETIME {}", key));
    return reply[0] == ':' ? std::stoll(reply.substr(1)) : -1;
  }
  // The seconds since `key` was last used, if `request` comes 100 seconds after all keys were made: the clock of
  // accesses counts whole ones, so that 0 may be 1, and 100 be 101.
  int64_t IdleAfter(std::string_view request, std::string_view key) {
    Ask("FLUSHALL");
    Ask("SELECT 1");
    Ask("SET k elsewhere");
    Ask("SELECT 0");
    Ask("MSET k 123456 other some n 5");
    Pass(100);
    Ask(request);
    return IdleSecondsOf(key);
  }

 private:
  void OnConnected(SimPeer&) override {}
  void OnBytes(SimPeer&, std::string_view bytes) override { received_ += bytes; }
  void OnEnd(SimPeer&) override {}
  void OnLost(SimPeer&, ErrorCode) override {}
  void OnHalfClosed(SimPeer&) override {}

  FunctionSource quiet_{[](const ChoiceRequest&) { return 0; }};
  SimWorld world_{quiet_, SwarmProfile::Quiet(), SimOptions()};
  EventLoop loop_{world_.poller(), world_.clock()};
  std::unique_ptr<Server> server_;
  SimPeer& peer_;
  std::string received_;
};

TEST_F(AccessTimeTest, WhatReadsOrWritesAValueIsAnAccess) {
  for (const char* request : {"GET k",
                              "STRLEN k",
                              "TOUCH k",
                              "EXPIRE k 1000",
                              "EXPIRE k 1000 XX",
                              "PERSIST k",
                              "GETRANGE k 0 1",
                              "SUBSTR k 0 1",
                              "MGET other k",
                              "LCS k other",
                              "LCS other k",
                              "APPEND k x",
                              "APPEND k \"\"",
                              "SETRANGE k 0 y",
                              "SETRANGE k 0 \"\"",
                              "SETRANGE k 300 y",
                              "SETNX k v",
                              "MSETNX new v k v",
                              "SET k v",
                              "SET k v NX",
                              "SET k v XX",
                              "SET k v GET",
                              "SET k 1 KEEPTTL",
                              "GETSET k w",
                              "GETEX k",
                              "GETEX k PERSIST",
                              "GETEX k EX 1000",
                              "COPY k new",
                              "COPY other k",
                              "COPY other k REPLACE",
                              "RENAMENX other k",
                              "RENAMENX k other",
                              "RENAME k k",
                              "RENAME other k",
                              "INCR k",
                              "INCRBY k 99999999999",
                              "INCRBYFLOAT k 0.25",
                              "MSET k v",
                              "SETEX k 100 v",
                              "MOVE k 1",
                              "COPY k k DB 1"}) {
    EXPECT_LE(IdleAfter(request, "k"), 1) << request;
  }
}

TEST_F(AccessTimeTest, WhatAsksAboutAKeyIsNone) {
  for (const char* request : {"TYPE k",
                              "EXISTS k",
                              "TTL k",
                              "PTTL k",
                              "EXPIRETIME k",
                              "PEXPIRETIME k",
                              "OBJECT ENCODING k",
                              "OBJECT REFCOUNT k",
                              "OBJECT IDLETIME k",
                              "MEMORY USAGE k",
                              "DEBUG OBJECT k",
                              "SCAN 0",
                              "SCAN 0 TYPE string",
                              "KEYS *",
                              "RANDOMKEY",
                              "DBSIZE",
                              "GET other",
                              "MOVE k 0",
                              "SET n 1 GET",
                              "DEL other",
                              "SWAPDB 5 6",
                              "DEBUG POPULATE 1 k",
                              "INCRBY other 1",
                              "RENAME missing k",
                              "COPY missing k"}) {
    EXPECT_GE(IdleAfter(request, "k"), 100) << request;
  }
}

TEST_F(AccessTimeTest, WhatAKeyIsMadeFromIsUsedAndSoIsWhatIsMade) {
  EXPECT_LE(IdleAfter("RENAME k new", "new"), 1);
  EXPECT_LE(IdleAfter("COPY k new", "new"), 1);
  EXPECT_LE(IdleAfter("RENAMENX k other", "other"), 1);
  EXPECT_LE(IdleAfter("LCS k other", "other"), 1);
  EXPECT_GE(IdleAfter("SWAPDB 0 1", "k"), 100);
  IdleAfter("MOVE k 1", "k");
  Ask("SELECT 1");
  EXPECT_LE(IdleSecondsOf("k"), 1);
}

TEST_F(AccessTimeTest, ANumberThatWasTextIsUsedWhenItIsCounted) {
  Ask("INCRBYFLOAT f 5");
  Pass(100);
  Ask("INCR f");
  EXPECT_LE(IdleSecondsOf("f"), 1);
}

TEST_F(AccessTimeTest, IsToldInSeconds) {
  Ask("SET k v");
  for (const int64_t pause_s : {1, 59, 3600, 40'000}) {
    Pass(pause_s);
    const int64_t idle_s = IdleSecondsOf("k");
    EXPECT_TRUE(idle_s == pause_s || idle_s == pause_s + 1) << idle_s << " after " << pause_s;
    Ask("TOUCH k");
  }
}

}  // namespace
}  // namespace reprise
