#include "backends/socket_address.h"

#include <gtest/gtest.h>
#include <sys/un.h>

#include <string>

namespace reprise {
namespace {

Address RoundTrip(const Address& address) {
  const Result<SocketAddress> native = SocketAddress::From(address);
  EXPECT_TRUE(native.ok());
  const Result<Address> back = native.value().ToAddress();
  EXPECT_TRUE(back.ok());
  return back.value();
}

TEST(SocketAddress, EveryFamilyComesBackAsItWent) {
  for (const Address& address :
       {Address{Address::Family::kIpv4, "127.0.0.1", 6379}, Address{Address::Family::kIpv4, "0.0.0.0", 0},
        Address{Address::Family::kIpv6, "::1", 65535}, Address{Address::Family::kIpv6, "2001:db8::17", 1},
        Address{Address::Family::kUnix, "/tmp/x.sock", 0}}) {
    EXPECT_EQ(RoundTrip(address), address);
  }
}

TEST(SocketAddress, ANumberThatIsNoAddressIsRefused) {
  for (const Address& address :
       {Address{Address::Family::kIpv4, "::1", 1}, Address{Address::Family::kIpv4, "", 1},
        Address{Address::Family::kIpv4, "localhost", 1}, Address{Address::Family::kIpv6, "127.0.0.1", 1}}) {
    EXPECT_EQ(SocketAddress::From(address).status().code(), ErrorCode::kInvalidArgument) << address.host;
  }
}

TEST(SocketAddress, ThePathOfAUnixSocketMayBeAsLongAsTheSystemTakes) {
  const size_t longest = sizeof(sockaddr_un::sun_path) - 1;
  const Address fits{Address::Family::kUnix, "/" + std::string(longest - 1, 'x'), 0};
  EXPECT_EQ(RoundTrip(fits), fits);
  const Address too_long{Address::Family::kUnix, "/" + std::string(longest, 'x'), 0};
  EXPECT_EQ(SocketAddress::From(too_long).status().code(), ErrorCode::kInvalidArgument);
  const Address empty{Address::Family::kUnix, "", 0};
  EXPECT_EQ(SocketAddress::From(empty).status().code(), ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace reprise
