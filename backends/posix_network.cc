#include "backends/posix_network.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "backends/errno_mapping.h"
#include "backends/socket_flags.h"
#include "backends/unique_fd.h"

namespace reprise {
namespace {

// Calls again while a signal interrupted. The calls below don't block, so this is rare and short.
template <typename Call>
auto RetryOnInterrupt(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

Status LastError(std::string detail = {}) {
  const int error = errno;
  return StatusFromErrno(CodeFromErrno(error), error, std::move(detail));
}

bool IsUnix(int fd) {
  SocketAddress own;
  return ::getsockname(fd, own.mutable_get(), own.mutable_size()) == 0 && own.family() == AF_UNIX;
}

ssize_t SendPieces(int fd, std::span<const std::string_view> pieces) {
  std::array<iovec, Network::kMaxGather> vectors;
  for (size_t i = 0; i < pieces.size(); ++i) {
    // The structure serves reading too, hence its pointer to mutable bytes; sendmsg only reads them.
    vectors[i] = {.iov_base = const_cast<char*>(pieces[i].data()), .iov_len = pieces[i].size()};
  }
  msghdr message{};
  message.msg_iov = vectors.data();
  message.msg_iovlen = static_cast<decltype(message.msg_iovlen)>(pieces.size());
  return RetryOnInterrupt([&] { return ::sendmsg(fd, &message, kSendFlags); });
}

}  // namespace

Result<Handle> PosixNetwork::Listen(const Address& address, const ListenOptions& options) {
  const Result<SocketAddress> native = SocketAddress::From(address);
  if (!native.ok()) return Status(ErrorCode::kAddressNotAvailable, address.ToString());
  UniqueFd fd(OpenStreamSocket(native.value().family()));
  if (!fd.valid()) return StatusFromErrno(ListenCodeFromErrno(errno), errno, address.ToString());
  if (Status bound = Bind(fd.get(), address, native.value(), options); !bound.ok()) return bound;
  if (::listen(fd.get(), options.backlog) != 0) {
    const int error = errno;
    RemoveUnixListenerFile(fd.get());
    return StatusFromErrno(ListenCodeFromErrno(error), error, address.ToString());
  }
  return Handle{fd.Release()};
}

Status PosixNetwork::Bind(int fd, const Address& address, const SocketAddress& native, const ListenOptions& options) {
  if (address.family == Address::Family::kUnix) return BindUnix(fd, address, native, options);
  const int on = 1;
  // Connections of an earlier run that are still being wound up must not keep the port.
  bool ok = ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0;
  if (ok && address.family == Address::Family::kIpv6) {
    ok = ::setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on)) == 0;
  }
  ok = ok && ::bind(fd, native.get(), native.size()) == 0;
  return ok ? Status() : StatusFromErrno(ListenCodeFromErrno(errno), errno, address.ToString());
}

Status PosixNetwork::BindUnix(int fd, const Address& address, const SocketAddress& native,
                              const ListenOptions& options) {
  bool ok = ::bind(fd, native.get(), native.size()) == 0;
  if (!ok && errno == EADDRINUSE) {
    const bool replaced = RemoveStaleUnixSocket(address.host, native);
    if (!replaced) return Status(ErrorCode::kAddressInUse, address.ToString());
    ok = ::bind(fd, native.get(), native.size()) == 0;
  }
  if (!ok) return StatusFromErrno(ListenCodeFromErrno(errno), errno, address.ToString());
  unix_listeners_.push_back({fd, address.host, IdentifyFile(address.host)});
  // Before listen, so that nobody gets in under the wrong permissions.
  if (options.unix_mode == 0 || ::chmod(address.host.c_str(), static_cast<mode_t>(options.unix_mode)) == 0) return {};
  const int error = errno;
  RemoveUnixListenerFile(fd);
  return StatusFromErrno(ListenCodeFromErrno(error), error, address.ToString());
}

Result<Handle> PosixNetwork::Accept(Handle listener) {
  const int fd = RetryOnInterrupt([&] { return AcceptStream(listener.id); });
  if (fd < 0) return StatusFromErrno(AcceptCodeFromErrno(errno), errno);
  return Handle{fd};
}

Result<Handle> PosixNetwork::Connect(const Address& address) {
  const Result<SocketAddress> native = SocketAddress::From(address);
  if (!native.ok()) return Status(ErrorCode::kUnreachable, address.ToString());
  UniqueFd fd(OpenStreamSocket(native.value().family()));
  if (!fd.valid()) return StatusFromErrno(ConnectCodeFromErrno(errno), errno, address.ToString());
  // An interrupted connect goes on by itself, as one in progress does; calling again would be an error.
  if (::connect(fd.get(), native.value().get(), native.value().size()) != 0 && errno != EINPROGRESS && errno != EINTR) {
    return StatusFromErrno(ConnectCodeFromErrno(errno), errno, address.ToString());
  }
  return Handle{fd.Release()};
}

Status PosixNetwork::ConnectResult(Handle handle) {
  int error = 0;
  socklen_t size = sizeof(error);
  if (::getsockopt(handle.id, SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
  // What the poller was told counts where the socket has nothing to say, and must not be told again where it has.
  if (const int told = TakeError(handle.id); error == 0) error = told;
  if (error != 0) return StatusFromErrno(ConnectCodeFromErrno(error), error);
  SocketAddress peer;
  if (::getpeername(handle.id, peer.mutable_get(), peer.mutable_size()) == 0) return {};
  // No error and no peer: still under way, or it failed and an earlier call was told (asking takes the error away).
  pollfd waiter{.fd = handle.id, .events = POLLOUT, .revents = 0};
  const int ready = RetryOnInterrupt([&] { return ::poll(&waiter, 1, 0); });
  return Status(ready == 0 ? ErrorCode::kWouldBlock : ErrorCode::kConnectionReset);
}

IoResult PosixNetwork::Read(Handle handle, std::span<char> into) {
  CHECK(!into.empty());
  const ssize_t got = RetryOnInterrupt([&] { return ::recv(handle.id, into.data(), into.size(), 0); });
  if (got > 0) return {.bytes = static_cast<size_t>(got)};
  if (got < 0) return Failure(handle.id);
  if (const int told = TakeError(handle.id); told != 0) return {.bytes = 0, .code = IoCodeFromErrno(told)};
  return {.bytes = 0, .code = ErrorCode::kEndOfStream};
}

IoResult PosixNetwork::Write(Handle handle, std::span<const std::string_view> pieces) {
  CHECK(!pieces.empty() && pieces.size() <= kMaxGather);
  const ssize_t sent =
      pieces.size() == 1
          ? RetryOnInterrupt([&] { return ::send(handle.id, pieces[0].data(), pieces[0].size(), kSendFlags); })
          : SendPieces(handle.id, pieces);
  if (sent < 0) return Failure(handle.id);
  CHECK(sent > 0);  // 0 is what writing no bytes gives
  return {.bytes = static_cast<size_t>(sent)};
}

// Of a call that failed with errno: to a socket that has lost its error, it is one that was never connected, or whose
// other end is gone.
IoResult PosixNetwork::Failure(int fd) {
  const int error = errno;
  const ErrorCode code = IoCodeFromErrno(error);
  if (code == ErrorCode::kWouldBlock) return {.bytes = 0, .code = code};
  const int told = TakeError(fd);
  const bool lost = told != 0 && (error == EPIPE || error == ENOTCONN);
  return {.bytes = 0, .code = lost ? IoCodeFromErrno(told) : code};
}

Status PosixNetwork::ShutdownWrite(Handle handle) {
  return ::shutdown(handle.id, SHUT_WR) == 0 ? Status() : LastError();
}

void PosixNetwork::Close(Handle handle) {
  if (!unix_listeners_.empty()) RemoveUnixListenerFile(handle.id);
  (void)TakeError(handle.id);  // the next socket gets the number
  // Whatever close says, the descriptor is gone (see UniqueFd); only one that was not open is a bug.
  CHECK(::close(handle.id) == 0 || errno != EBADF);
}

void PosixNetwork::Abort(Handle handle) {
  // A linger time of zero turns the close into a reset. On a socket that is no longer connected it may fail, and then
  // there is nothing left to reset.
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  (void)::setsockopt(handle.id, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
  Close(handle);
}

Result<Address> PosixNetwork::LocalAddress(Handle handle) {
  SocketAddress native;
  if (::getsockname(handle.id, native.mutable_get(), native.mutable_size()) != 0) return LastError();
  return native.ToAddress();
}

Result<Address> PosixNetwork::PeerAddress(Handle handle) {
  SocketAddress native;
  if (::getpeername(handle.id, native.mutable_get(), native.mutable_size()) != 0) {
    // BSDs say EINVAL for a connection that was shut down.
    return errno == EINVAL ? Status(ErrorCode::kNotConnected) : LastError();
  }
  return native.ToAddress();
}

Status PosixNetwork::SetNoDelay(Handle handle, bool on) {
  const int value = on ? 1 : 0;
  if (::setsockopt(handle.id, IPPROTO_TCP, TCP_NODELAY, &value, sizeof(value)) == 0 || IsUnix(handle.id)) return {};
  return LastError();
}

Status PosixNetwork::SetKeepAlive(Handle handle, int idle_s) {
  if (IsUnix(handle.id) || SetTcpKeepAlive(handle.id, idle_s) == 0) return {};
  return LastError();
}

void PosixNetwork::RemoveUnixListenerFile(int fd) {
  const auto found = std::find_if(unix_listeners_.begin(), unix_listeners_.end(),
                                  [fd](const UnixListener& listener) { return listener.fd == fd; });
  if (found == unix_listeners_.end()) return;
  if (IdentifyFile(found->path) == found->file) ::unlink(found->path.c_str());
  unix_listeners_.erase(found);
}

}  // namespace reprise
