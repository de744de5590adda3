#include "proptests/oracles/server_memory.h"

#include <gtest/gtest.h>

#include <string>

#include "proptests/oracles/server_testing.h"

namespace reprise {
namespace {

TEST(ServerMemory, TablesTakeInProportionToTheirKeys) {
  ServerMemory memory{.keys = 100, .entry_bytes = 5'000, .database_bytes = 12'000, .databases = 1};
  EXPECT_EQ(DescribeUnexplained(memory), "");
  memory.keys = 10;
  EXPECT_NE(DescribeUnexplained(memory).find("10 keys"), std::string::npos);
}

TEST(ServerMemory, DatabasesCountAtLeastTheirKeys) {
  EXPECT_NE(DescribeUnexplained({.keys = 100, .entry_bytes = 5'000, .database_bytes = 4'999, .databases = 1}), "");
}

TEST(ServerMemory, ClientsHoldWhatTheyWaitWithAndLittleElse) {
  EXPECT_EQ(DescribeUnexplained({.clients = 2, .client_bytes = 1'000}), "");
  EXPECT_NE(DescribeUnexplained({.clients = 1, .client_bytes = 1'000}), "");
  EXPECT_EQ(DescribeUnexplained({.clients = 1, .client_bytes = 1'000, .waiting_bytes = 500}), "");
}

TEST(ServerMemory, WhatAllShareIsBounded) {
  EXPECT_EQ(DescribeUnexplained({.shared_bytes = 1 << 20, .read_bytes = 1'000}), "");
  EXPECT_NE(DescribeUnexplained({.shared_bytes = 3 << 20, .read_bytes = 1'000}), "");
}

TEST(ServerMemory, WhatIsFreedIsNoLongerCounted) {
  EXPECT_EQ(DescribeUnexplained({.pending_bytes = 1, .pending = true}), "");
  EXPECT_NE(DescribeUnexplained({.pending_bytes = 1, .pending = false}), "");
}

TEST(ServerMemory, WithoutClientsAndKeysNothingIsHeld) {
  EXPECT_EQ(DescribeHeldForNothing({}), "");
  EXPECT_NE(DescribeHeldForNothing({.database_bytes = 1}), "");
  EXPECT_NE(DescribeHeldForNothing({.client_bytes = 1}), "");
  EXPECT_EQ(DescribeUnexplained({.clients = 1, .client_bytes = 1}), "");
  EXPECT_NE(DescribeHeldForNothing({.clients = 1, .client_bytes = 1}), "");
}

using ServerMemoryOfServer = ServerInWorld;

TEST_F(ServerMemoryOfServer, IsThatOfItsKeysUntilTheyAreFlushed) {
  SilentClient client(world_);
  for (int i = 0; i < 500; ++i) {
    const std::string key = std::to_string(1000 + i);
    client.peer().Send("*3\r\n$3\r\nSET\r\n$4\r\n" + key + "\r\n$1\r\nv\r\n");
  }
  RunFor(1'000'000'000);
  const ServerMemory full = MemoryOf(*server_);
  EXPECT_EQ(full.keys, 500u);
  EXPECT_EQ(DescribeUnexplained(full), "");
  EXPECT_NE(DescribeHeldForNothing(full), "");
  client.peer().Send("*1\r\n$8\r\nFLUSHALL\r\n");
  client.peer().StartReading();
  RunFor(1'000'000'000);
  client.peer().Close();
  RunFor(1'000'000'000);
  EXPECT_EQ(DescribeHeldForNothing(MemoryOf(*server_)), "");
}

}  // namespace
}  // namespace reprise
