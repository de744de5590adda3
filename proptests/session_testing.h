// SessionTest: the whole server and some clients in the simulated world, where time is exact and nothing goes wrong.
#ifndef REPRISE_PROPTESTS_SESSION_TESTING_H_
#define REPRISE_PROPTESTS_SESSION_TESTING_H_

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/server.h"
#include "sim/function_source.h"
#include "sim/sim_world.h"

namespace reprise {

inline const Address kSessionAddress{Address::Family::kIpv4, "127.0.0.1", 6379};

// Keeps what comes, and whether the server has ended the connection.
class KeepingClient final : public SimPeerHandler {
 public:
  KeepingClient(SimWorld& world, uint32_t number, const Address& address) : peer_(world.NewPeer(number, *this)) {
    peer_.Connect(address);
  }
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

class SessionTest : public testing::Test {
 protected:
  void Start(std::initializer_list<std::pair<std::string_view, std::vector<std::string_view>>> parameters) {
    world.choices().StopRecording();
    Config config;
    for (const auto& [name, words] : parameters) {
      ASSERT_TRUE(config.SetAtStart(name, words).ok());
    }
    server = std::make_unique<Server>(World{loop, network(), world.entropy(), world.process()}, std::move(config));
    ASSERT_TRUE(server->Start().ok());
  }
  // What the server is given.
  virtual Network& network() { return world.network(); }
  KeepingClient& NewClient() {
    KeepingClient& client = NewClientAt(kSessionAddress);
    RunUntil([&] { return client.connected; });
    return client;
  }
  // One that connects to `address`, if it can.
  KeepingClient& NewClientAt(const Address& address) {
    clients.push_back(std::make_unique<KeepingClient>(world, static_cast<uint32_t>(clients.size()), address));
    return *clients.back();
  }
  // Looks now and then, for a turn may wait long for the server's next event.
  void RunUntil(const std::function<bool()>& done) {
    for (int turns = 0; !done(); ++turns) {
      ASSERT_LT(turns, 100'000) << "it never happens";
      loop.RunOnce(loop.now_ns() + kNanosPerMilli / 5);
    }
  }
  void RunFor(int64_t milliseconds) {
    const int64_t end_ns = world.elapsed_ns() + milliseconds * kNanosPerMilli;
    while (world.elapsed_ns() < end_ns) {
      loop.RunOnce(world.options().start_monotonic_ns + end_ns);
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

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_SESSION_TESTING_H_
