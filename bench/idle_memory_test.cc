// An idle connection holds at most 400 bytes at any time: just accepted, just used, and after what made it hold more.
// Counts what malloc has given out while the server has 50,000 clients in a StillWorld, whose own share is taken off.
#include <gtest/gtest.h>
#include <malloc.h>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "bench/still_world.h"

namespace reprise {
namespace {

constexpr size_t kClients = 50'000;
constexpr size_t kBytesMax = 400;

// Bytes in use, the allocator's own overhead included.
size_t BytesInUse() {
  const auto info = ::mallinfo2();
  return info.uordblks + info.hblkhd;
}

// What the network and the poller of the world hold for as many clients, without a server.
size_t BytesOfTheWorldItself() {
  const size_t before = BytesInUse();
  StillNetwork network;
  StillPoller poller(network);
  for (size_t i = 0; i < kClients; ++i) {
    network.AddClient();
    const Handle handle = network.Accept(Handle{0}).value();
    CHECK(poller.Register(handle, Interest::kRead, Token{}).ok());
  }
  return BytesInUse() - before;
}

class IdleMemoryTest : public testing::Test {
 protected:
  IdleMemoryTest() {
    const std::array<std::pair<std::string_view, std::string_view>, 1> change = {{{"maxclients", "60000"}}};
    CHECK(world_.server().config().SetAtRunTime(change).ok());
    AllSend("PING\r\n");  // client 0 alone, so far: what a first request makes the server hold is not counted
    before_ = BytesInUse() + of_the_world_;
    for (size_t i = 1; i <= kClients; ++i) {
      world_.network().AddClient();
    }
    while (world_.network().client_count() < kClients + 1) {
      world_.Turn();
    }
  }

  // Each client sends `bytes`, and the server deals with them.
  void AllSend(std::string_view bytes) {
    const size_t clients = world_.network().client_count();
    for (size_t i = 0; i < clients; ++i) {
      world_.network().Send(i, bytes);
    }
    // A turn takes 1,024 events and at most 1,024 requests of a client.
    for (size_t turns = 0; turns < 2 * clients / 1024 + 4; ++turns) {
      world_.Turn();
    }
    ASSERT_FALSE(world_.network().readable(static_cast<int32_t>(clients)));
  }
  // Above what was in use before, for each of the clients; below 0 is 0.
  size_t BytesEach() const { return BytesInUse() > before_ ? (BytesInUse() - before_) / kClients : 0; }

  const size_t of_the_world_ = BytesOfTheWorldItself();
  StillWorld world_{1};
  size_t before_ = 0;
};

TEST_F(IdleMemoryTest, FiftyThousandHoldAtMost400BytesEachAtAnyTime) {
  ASSERT_EQ(world_.server().sessions().size(), kClients + 1);
  EXPECT_GT(BytesEach(), 100U) << "nothing was counted";
  EXPECT_LE(BytesEach(), kBytesMax) << "just accepted";
  AllSend("PING\r\n");
  EXPECT_LE(BytesEach(), kBytesMax) << "just used";
  AllSend("*2\r\n$4\r\nECHO\r\n$5\r\nhe");
  EXPECT_GT(BytesEach(), kBytesMax) << "an unfinished request is held somewhere";
  AllSend("llo\r\n");
  EXPECT_LE(BytesEach(), kBytesMax) << "after a request in two parts";
  AllSend("CLIENT SETNAME x\r\n");
  AllSend("SELECT 1\r\n");
  AllSend("CLIENT SETNAME \"\"\r\n");
  EXPECT_LE(BytesEach(), kBytesMax) << "after it had a name";
  RecordProperty("bytes_each", static_cast<int>(BytesEach()));
}

}  // namespace
}  // namespace reprise
