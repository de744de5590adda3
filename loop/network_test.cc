#include "loop/network.h"

#include <gtest/gtest.h>

namespace reprise {
namespace {

TEST(AddressTest, Ipv4IsFourNumbersUpTo255) {
  for (const char* good : {"127.0.0.1", "0.0.0.0", "255.255.255.255"}) {
    const Result<Address> address = Address::FromIp(good, 1);
    ASSERT_TRUE(address.ok()) << good;
    EXPECT_EQ(address.value().family, Address::Family::kIpv4);
  }
  for (const char* bad :
       {"", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.", "a.b.c.d", "1..2.3", "localhost"}) {
    EXPECT_EQ(Address::FromIp(bad, 1).status().code(), ErrorCode::kInvalidArgument) << bad;
  }
}

TEST(AddressTest, Ipv6TakesOneCompressionAndATrailingIpv4) {
  for (const char* good :
       {"::", "::1", "fe80::1", "1:2:3:4:5:6:7:8", "1::", "::ffff:127.0.0.1", "1:2:3:4:5:6:1.2.3.4"}) {
    const Result<Address> address = Address::FromIp(good, 1);
    ASSERT_TRUE(address.ok()) << good;
    EXPECT_EQ(address.value().family, Address::Family::kIpv6);
  }
  for (const char* bad :
       {":", ":::", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "12345::", "g::", "1:", "1:2:3:4:5:6:7:8::"}) {
    EXPECT_FALSE(Address::FromIp(bad, 1).ok()) << bad;
  }
}

TEST(AddressTest, TextPutsBracketsAroundIpv6) {
  EXPECT_EQ((Address{Address::Family::kIpv4, "127.0.0.1", 6379}).ToString(), "127.0.0.1:6379");
  EXPECT_EQ((Address{Address::Family::kIpv6, "::1", 6379}).ToString(), "[::1]:6379");
  EXPECT_EQ((Address{Address::Family::kUnix, "/run/r.sock", 0}).ToString(), "/run/r.sock:0");
}

}  // namespace
}  // namespace reprise
