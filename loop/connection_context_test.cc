#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "loop/connection_testing.h"

namespace reprise {
namespace {

// Two connections that become ready in the same turn.
class TwoConnectionsTest : public ConnectionTest {
 protected:
  TwoConnectionsTest() { CHECK(other->Start().ok()); }

  void BothReadable(std::string first, std::string second) {
    network.streams[3].reads.emplace_back(ErrorCode::kOk, std::move(first));
    network.streams[4].reads.emplace_back(ErrorCode::kOk, std::move(second));
    poller.batches.push_back({poller.Readable(3), poller.Readable(4)});
    loop.RunOnce();
  }

  LineHandler other_handler;
  std::unique_ptr<Connection> other = std::make_unique<Connection>(context, Handle{4}, other_handler);
};

TEST_F(TwoConnectionsTest, AllThatAreReadyAreReadAndLookedAtBeforeAnyInputIsHandedOut) {
  std::vector<std::string> looks;
  handler.looks = other_handler.looks = &looks;
  BothReadable("a\n", "bc\n");
  EXPECT_EQ(looks,
            (std::vector<std::string>{"ahead a\n", "ahead bc\n", "again 2", "again 3", "input a\n", "input bc\n"}));
  EXPECT_EQ(network.streams[3].written, "a!");
  EXPECT_EQ(network.streams[4].written, "bc!");
}

TEST_F(TwoConnectionsTest, InputThatWaitsIsDroppedWithItsConnection) {
  handler.on_line = [&](Connection&) { other->Close(); };
  BothReadable("a\n", "b\n");
  EXPECT_TRUE(other_handler.shown.empty());
  EXPECT_EQ(other_handler.closed, std::vector<ErrorCode>{ErrorCode::kOk});
}

TEST_F(TwoConnectionsTest, AConnectionWhoseInputWaitsMayBeDestroyed) {
  handler.on_line = [&](Connection&) { other.reset(); };
  BothReadable("a\n", "b\n");
  EXPECT_TRUE(other_handler.shown.empty());
  EXPECT_FALSE(network.streams[4].open);
}

TEST_F(TwoConnectionsTest, AnEndingConnectionIsHandedNothingMore) {
  handler.on_line = [&](Connection&) { other->CloseAfterFlush(); };
  BothReadable("a\n", "b\n");
  EXPECT_TRUE(other_handler.shown.empty());
  EXPECT_TRUE(other->closed());
}

TEST_F(TwoConnectionsTest, AHandleThatIsReportedTwiceIsReadOnce) {
  stream().reads.emplace_back(ErrorCode::kOk, "a\n");
  stream().reads.emplace_back(ErrorCode::kOk, "b\n");
  poller.batches.push_back({poller.Readable(3), poller.Readable(3)});
  loop.RunOnce();
  EXPECT_EQ(stream().written, "a!");
  Turn(true, false);
  EXPECT_EQ(stream().written, "a!b!");
}

// The shared buffer has room for one of the two.
class SmallBufferTest : public TwoConnectionsTest {
 protected:
  SmallBufferTest() {
    connection = std::make_unique<Connection>(small, Handle{5}, handler);
    other = std::make_unique<Connection>(small, Handle{6}, other_handler);
    CHECK(connection->Start().ok() && other->Start().ok());
  }
  ~SmallBufferTest() override {
    connection.reset();
    other.reset();
  }

  void BothReadable() {
    network.streams[5].reads.emplace_back(ErrorCode::kOk, "abcd\n");
    network.streams[6].reads.emplace_back(ErrorCode::kOk, "efgh\n");
    poller.batches.push_back({poller.Readable(5), poller.Readable(6)});
    loop.RunOnce();
  }

  ConnectionContext small{loop, network, {.read_bytes = 8}};
};

TEST_F(SmallBufferTest, InputIsHandedOutInBetweenToMakeRoom) {
  std::vector<std::string> looks;
  handler.looks = other_handler.looks = &looks;
  BothReadable();
  EXPECT_EQ(looks, (std::vector<std::string>{"ahead abcd\n", "again 5", "input abcd\n", "ahead efgh\n", "again 5",
                                             "input efgh\n"}));
  EXPECT_EQ(network.streams[6].written, "efgh!");
}

TEST_F(SmallBufferTest, WhoAsksForRoomMayBeClosedMeanwhile) {
  handler.on_line = [&](Connection&) { other->Close(); };
  BothReadable();
  EXPECT_EQ(network.streams[6].reads.size(), 1U);
  EXPECT_EQ(other_handler.closed.size(), 1U);
}

TEST_F(SmallBufferTest, WhoAsksForRoomMayBeDestroyedMeanwhile) {
  handler.on_line = [&](Connection&) { other.reset(); };
  BothReadable();
  EXPECT_EQ(network.streams[6].reads.size(), 1U);
  EXPECT_FALSE(network.streams[6].open);
}

}  // namespace
}  // namespace reprise
