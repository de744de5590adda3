#include "proptests/oracles/kept_memory.h"

#include <gtest/gtest.h>

#include <string>

#include "proptests/oracles/server_testing.h"

namespace reprise {
namespace {

TEST(KeptMemory, ABufferThatOutlivesItsUseIsToldOf) {
  EXPECT_NE(DescribeKept({.id = 7, .waiting_bytes = 0, .buffer_bytes = 64, .all_bytes = 300}), "");
  EXPECT_EQ(DescribeKept({.id = 7, .waiting_bytes = 1, .buffer_bytes = 64, .all_bytes = 300}), "");
  EXPECT_EQ(DescribeKept({.id = 7, .waiting_bytes = 0, .buffer_bytes = 0, .all_bytes = 300}), "");
}

TEST(KeptMemory, ASessionThatTakesMuchForNothingIsToldOf) {
  EXPECT_NE(DescribeKept({.id = 7, .waiting_bytes = 0, .buffer_bytes = 0, .all_bytes = kIdleSessionBytesMax + 1}), "");
}

using KeptMemoryOfServer = ServerInWorld;

TEST_F(KeptMemoryOfServer, ASessionOwnsMemoryWhileARequestIsUnfinishedAndNoLonger) {
  SilentClient client(world_);
  const std::string request = "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$20000\r\n" + std::string(20'000, 'x') + "\r\n";
  client.peer().Send(request.substr(0, 10'000));
  RunFor(1'000'000'000);
  size_t held = 0;
  server_->sessions().ForEach([&](const Session& session) { held = MemoryOf(session).buffer_bytes; });
  EXPECT_GE(held, 9'000u);
  EXPECT_EQ(DescribeKeptMemory(*server_), "");
  client.peer().Send(request.substr(10'000));
  RunFor(1'000'000'000);
  server_->sessions().ForEach([&](const Session& session) { held = MemoryOf(session).buffer_bytes; });
  EXPECT_EQ(held, 0u);
  EXPECT_EQ(DescribeKeptMemory(*server_), "");
}

}  // namespace
}  // namespace reprise
