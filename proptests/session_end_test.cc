// How a client's connection comes to its end: killed, idle for too long, with too much unread or unfinished. In the
// simulated world, where time is exact and nothing else goes wrong.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <functional>
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

// Keeps what comes, and whether the server has ended the connection.
class KeepingClient final : public SimPeerHandler {
 public:
  KeepingClient(SimWorld& world, uint32_t number) : peer_(world.NewPeer(number, *this)) { peer_.Connect(kAddress); }
  void Send(std::string_view requests) { peer_.Send(requests); }
  SimPeer& peer() { return peer_; }

  std::string received;
  bool connected = false;
  bool ended = false;

 private:
  void OnConnected(SimPeer&) override { connected = true; }
  void OnBytes(SimPeer&, std::string_view bytes) override { received += bytes; }
  void OnEnd(SimPeer& peer) override {
    ended = true;
    peer.Close();
  }
  void OnLost(SimPeer&, ErrorCode) override { ended = true; }
  void OnHalfClosed(SimPeer&) override {}

  SimPeer& peer_;
};

class SessionEndTest : public testing::Test {
 protected:
  void Start(std::initializer_list<std::pair<std::string_view, std::vector<std::string_view>>> parameters) {
    world.choices().StopRecording();
    Config config;
    for (const auto& [name, words] : parameters) {
      ASSERT_TRUE(config.SetAtStart(name, words).ok());
    }
    server =
        std::make_unique<Server>(World{loop, world.network(), world.entropy(), world.process()}, std::move(config));
    ASSERT_TRUE(server->Start().ok());
  }
  KeepingClient& NewClient() {
    clients.push_back(std::make_unique<KeepingClient>(world, static_cast<uint32_t>(clients.size())));
    KeepingClient& client = *clients.back();
    RunUntil([&] { return client.connected; });
    return client;
  }
  void RunUntil(const std::function<bool()>& done) {
    for (int turns = 0; !done(); ++turns) {
      ASSERT_LT(turns, 100'000) << "it never happens";
      loop.RunOnce();
    }
  }
  void RunFor(int64_t milliseconds) {
    const int64_t end_ns = world.elapsed_ns() + milliseconds * kNanosPerMilli;
    while (world.elapsed_ns() < end_ns) {
      loop.RunOnce();
    }
  }
  std::string Ask(KeepingClient& client, std::string_view request) {
    client.received.clear();
    client.Send(fmt::format("{}\r\n", request));
    RunUntil([&] { return client.received.ends_with("\r\n"); });
    return client.received;
  }

  FunctionSource quiet{[](const ChoiceRequest&) { return 0; }};
  SimWorld world{quiet, SwarmProfile::Quiet(), SimOptions()};
  EventLoop loop{world.poller(), world.clock()};
  std::unique_ptr<Server> server;
  std::vector<std::unique_ptr<KeepingClient>> clients;
};

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
  EXPECT_GT(pieces, 10U);
  EXPECT_LT(pieces, 45U);
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
