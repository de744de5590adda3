// SocketAddress: loop's Address in the form that the system's socket calls take, and back.
#ifndef REPRISE_BACKENDS_SOCKET_ADDRESS_H_
#define REPRISE_BACKENDS_SOCKET_ADDRESS_H_

#include <sys/socket.h>

#include "loop/network.h"
#include "loop/status.h"

namespace reprise {

class SocketAddress {
 public:
  // Empty, with room for any address: what getsockname and its like fill in.
  SocketAddress() = default;

  // Errors: kInvalidArgument (no address of its family, or a path that is empty or too long for the system).
  static Result<SocketAddress> From(const Address& address);

  int family() const { return storage_.ss_family; }
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage_); }
  socklen_t size() const { return size_; }

  // For calls that fill it in.
  sockaddr* mutable_get() { return reinterpret_cast<sockaddr*>(&storage_); }
  socklen_t* mutable_size() { return &size_; }

  // A Unix socket without a name gives an empty host. Errors: kUnsupported (a family that loop has no name for).
  Result<Address> ToAddress() const;

 private:
  Result<Address> ToIpv4() const;
  Result<Address> ToIpv6() const;
  Address ToUnix() const;

  sockaddr_storage storage_{};
  socklen_t size_ = sizeof(sockaddr_storage);
};

}  // namespace reprise

#endif  // REPRISE_BACKENDS_SOCKET_ADDRESS_H_
