#include "loop/acceptor.h"

#include <gtest/gtest.h>

#include <memory>
#include <utility>
#include <vector>

#include "loop/scripted_testing.h"

namespace reprise {
namespace {

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
