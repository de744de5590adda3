#include "server/commands/client_filter.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace reprise {
namespace {

struct Parsed {
  ClientFilter filter;
  bool skip_me = true;
  std::string error;
};

Parsed Parse(const std::vector<std::string_view>& words) {
  Parsed parsed;
  parsed.error = ParseClientFilter(words, &parsed.filter, &parsed.skip_me);
  return parsed;
}

TEST(ClientFilterTest, ReadsEveryOptionInAnyCase) {
  const Parsed parsed =
      Parse({"ID", "7", "addr", "1.2.3.4:5", "LAddr", "[::1]:6", "TYPE", "Slave", "user", "default", "SKIPME", "No"});
  EXPECT_EQ(parsed.error, "");
  EXPECT_EQ(parsed.filter.id, 7U);
  EXPECT_EQ(parsed.filter.address, "1.2.3.4:5");
  EXPECT_EQ(parsed.filter.local_address, "[::1]:6");
  EXPECT_EQ(parsed.filter.type, ClientType::kReplica);
  EXPECT_FALSE(parsed.skip_me);
}

TEST(ClientFilterTest, TheLastOfAnOptionCounts) {
  const Parsed parsed = Parse({"id", "7", "id", "8", "skipme", "no", "skipme", "yes"});
  EXPECT_EQ(parsed.error, "");
  EXPECT_EQ(parsed.filter.id, 8U);
  EXPECT_TRUE(parsed.skip_me);
}

TEST(ClientFilterTest, ErrorsAreThoseOfRedis) {
  EXPECT_EQ(Parse({"id", "0"}).error, "ERR client-id should be greater than 0");
  EXPECT_EQ(Parse({"id", "x"}).error, "ERR client-id should be greater than 0");
  EXPECT_EQ(Parse({"type", "x"}).error, "ERR Unknown client type 'x'");
  EXPECT_EQ(Parse({"user", "nobody"}).error, "ERR No such user 'nobody'");
  EXPECT_EQ(Parse({"skipme", "x"}).error, "ERR syntax error");
  EXPECT_EQ(Parse({"bogus", "x"}).error, "ERR syntax error");
  EXPECT_EQ(Parse({"id", "1", "addr"}).error, "ERR syntax error");
}

TEST(ClientFilterTest, TypesHaveTheNamesOfRedis) {
  EXPECT_EQ(ParseClientType("NORMAL"), ClientType::kNormal);
  EXPECT_EQ(ParseClientType("replica"), ClientType::kReplica);
  EXPECT_EQ(ParseClientType("slave"), ClientType::kReplica);
  EXPECT_EQ(ParseClientType("master"), ClientType::kMaster);
  EXPECT_EQ(ParseClientType("pubsub"), ClientType::kPubsub);
  EXPECT_EQ(ParseClientType(""), std::nullopt);
  EXPECT_EQ(ParseClientType("normal "), std::nullopt);
}

}  // namespace
}  // namespace reprise
