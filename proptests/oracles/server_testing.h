// A whole server in a world without faults, and a client that says what it is told: for the tests of oracles that look
// at a server.
#ifndef REPRISE_PROPTESTS_ORACLES_SERVER_TESTING_H_
#define REPRISE_PROPTESTS_ORACLES_SERVER_TESTING_H_

#include <gtest/gtest.h>

#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "loop/event_loop.h"
#include "server/server.h"
#include "sim/sim_world.h"
#include "sim/tape_source.h"

namespace reprise {

// Connects, sends what it is told, and reads nothing unless it is told to.
class SilentClient final : public SimPeerHandler {
 public:
  explicit SilentClient(SimWorld& world) : peer_(world.NewPeer(0, *this)) {
    peer_.Connect(Address{Address::Family::kIpv4, "127.0.0.1", 6379});
    peer_.StopReading();
  }
  SimPeer& peer() { return peer_; }

 private:
  void OnConnected(SimPeer&) override {}
  void OnBytes(SimPeer&, std::string_view) override {}
  void OnEnd(SimPeer&) override {}
  void OnLost(SimPeer&, ErrorCode) override {}
  void OnHalfClosed(SimPeer&) override {}

  SimPeer& peer_;
};

class ServerInWorld : public testing::Test {
 protected:
  ServerInWorld()
      : server_(
            std::make_unique<Server>(World{loop_, world_.network(), world_.entropy(), world_.process()}, Config())) {
    EXPECT_TRUE(server_->Start().ok());
  }

  // Runs turns for so long, and calls `look` behind each.
  template <typename Look>
  void RunFor(int64_t duration_ns, Look&& look) {
    const int64_t end_ns = world_.elapsed_ns() + duration_ns;
    while (world_.elapsed_ns() < end_ns) {
      loop_.RunOnce();
      look();
    }
  }
  void RunFor(int64_t duration_ns) {
    RunFor(duration_ns, [] {});
  }

  void SetConfig(std::string_view name, std::string_view value) {
    const std::pair<std::string_view, std::string_view> setting = {name, value};
    ASSERT_TRUE(server_->config().SetAtRunTime({&setting, 1}).ok());
  }

  TapeSource nothing_{std::vector<ChoiceMade>()};
  SimWorld world_{nothing_, SwarmProfile::Quiet()};
  EventLoop loop_{world_.poller(), world_.clock()};
  std::unique_ptr<Server> server_;
};

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_ORACLES_SERVER_TESTING_H_
