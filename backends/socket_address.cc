#include "backends/socket_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <string>

namespace reprise {
namespace {

// The system's structures are copied in and out of the storage rather than cast to: no aliasing, no alignment.
template <typename T>
T Load(const sockaddr* from) {
  T value{};
  std::memcpy(&value, from, sizeof(value));
  return value;
}

}  // namespace

Result<SocketAddress> SocketAddress::From(const Address& address) {
  SocketAddress result;
  const Status bad(ErrorCode::kInvalidArgument, address.ToString());
  switch (address.family) {
    case Address::Family::kIpv4: {
      sockaddr_in in{};
      in.sin_family = AF_INET;
      in.sin_port = htons(address.port);
      if (::inet_pton(AF_INET, address.host.c_str(), &in.sin_addr) != 1) return bad;
      std::memcpy(&result.storage_, &in, sizeof(in));
      result.size_ = sizeof(in);
      return result;
    }
    case Address::Family::kIpv6: {
      sockaddr_in6 in6{};
      in6.sin6_family = AF_INET6;
      in6.sin6_port = htons(address.port);
      if (::inet_pton(AF_INET6, address.host.c_str(), &in6.sin6_addr) != 1) return bad;
      std::memcpy(&result.storage_, &in6, sizeof(in6));
      result.size_ = sizeof(in6);
      return result;
    }
    case Address::Family::kUnix: {
      sockaddr_un un{};
      un.sun_family = AF_UNIX;
      // One byte is kept for the zero at the end, which some systems want.
      if (address.host.empty() || address.host.size() >= sizeof(un.sun_path)) return bad;
      std::copy(address.host.begin(), address.host.end(), un.sun_path);
      std::memcpy(&result.storage_, &un, sizeof(un));
      result.size_ = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address.host.size() + 1);
      return result;
    }
  }
  return bad;
}

Result<Address> SocketAddress::ToAddress() const {
  switch (family()) {
    case AF_INET:
      return ToIpv4();
    case AF_INET6:
      return ToIpv6();
    case AF_UNIX:
      return ToUnix();
    default:
      return Status(ErrorCode::kUnsupported, "address family " + std::to_string(family()));
  }
}

Result<Address> SocketAddress::ToIpv4() const {
  const auto in = Load<sockaddr_in>(get());
  std::array<char, INET_ADDRSTRLEN> text{};
  CHECK(::inet_ntop(AF_INET, &in.sin_addr, text.data(), text.size()) != nullptr);
  return Address{Address::Family::kIpv4, text.data(), ntohs(in.sin_port)};
}

Result<Address> SocketAddress::ToIpv6() const {
  const auto in6 = Load<sockaddr_in6>(get());
  std::array<char, INET6_ADDRSTRLEN> text{};
  CHECK(::inet_ntop(AF_INET6, &in6.sin6_addr, text.data(), text.size()) != nullptr);
  return Address{Address::Family::kIpv6, text.data(), ntohs(in6.sin6_port)};
}

Address SocketAddress::ToUnix() const {
  const auto un = Load<sockaddr_un>(get());
  const size_t room = size_ > offsetof(sockaddr_un, sun_path) ? size_ - offsetof(sockaddr_un, sun_path) : 0;
  const size_t length = ::strnlen(un.sun_path, std::min(room, sizeof(un.sun_path)));
  return Address{Address::Family::kUnix, std::string(un.sun_path, length), 0};
}

}  // namespace reprise
