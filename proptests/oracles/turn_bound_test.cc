#include "proptests/oracles/turn_bound.h"

#include <gtest/gtest.h>

#include <string>

#include "proptests/oracles/server_testing.h"

namespace reprise {
namespace {

class TurnBound : public ServerInWorld {
 protected:
  // The most requests that the server has executed in one turn, of a client that sends thousands in one piece.
  TurnWatch WatchFlood(uint64_t requests_max) {
    SilentClient client(world_);
    std::string requests;
    for (int i = 0; i < 5'000; ++i) {
      requests += "PING\r\n";
    }
    client.peer().Send(requests);
    TurnWatch watch(*server_, requests_max);
    watch.Before();
    RunFor(1'000'000'000, [&watch] {
      watch.After();
      watch.Before();
    });
    EXPECT_EQ(server_->stats().total_commands_processed, 5'000u);
    return watch;
  }
};

TEST_F(TurnBound, AServerThatKeepsToItIsRight) {
  const TurnWatch watch = WatchFlood(TurnWatch::kRequestsMax);
  EXPECT_GT(watch.most(), 1'000u) << "or the bound was not tried";
  EXPECT_EQ(watch.Problem(), "");
}

// A server that does more than its share looks just like one that is given a smaller share than it knows of.
TEST_F(TurnBound, AServerThatDoesMoreInATurnIsToldOf) {
  const TurnWatch watch = WatchFlood(1'000);
  EXPECT_NE(watch.Problem().find("1024 requests"), std::string::npos) << watch.Problem();
}

}  // namespace
}  // namespace reprise
