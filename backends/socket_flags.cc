#include "backends/socket_flags.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#include <algorithm>

#include "backends/unique_fd.h"

namespace reprise {
namespace {

int SetIntOption(int fd, int level, int option, int value) {
  return ::setsockopt(fd, level, option, &value, sizeof(value));
}

#if defined(__APPLE__)
// Neither the flags nor accept4 exist there: two more calls, and a moment in which a fork would leak the descriptor.
int Prepare(int fd_or_error) {
  UniqueFd fd(fd_or_error);
  if (!fd.valid()) return -1;
  if (::fcntl(fd.get(), F_SETFD, FD_CLOEXEC) != 0) return -1;
  if (::fcntl(fd.get(), F_SETFL, O_NONBLOCK) != 0) return -1;
  if (SetIntOption(fd.get(), SOL_SOCKET, SO_NOSIGPIPE, 1) != 0) return -1;
  return fd.Release();
}
#endif

#if defined(__APPLE__)
constexpr int kKeepAliveIdleOption = TCP_KEEPALIVE;
#elif defined(TCP_KEEPIDLE)
constexpr int kKeepAliveIdleOption = TCP_KEEPIDLE;
#endif

}  // namespace

int OpenStreamSocket(int family) {
#if defined(__APPLE__)
  return Prepare(::socket(family, SOCK_STREAM, 0));
#else
  return ::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
#endif
}

int AcceptStream(int listener) {
#if defined(__APPLE__)
  return Prepare(::accept(listener, nullptr, nullptr));
#else
  return ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
#endif
}

int SetTcpKeepAlive(int fd, int idle_s) {
  if (SetIntOption(fd, SOL_SOCKET, SO_KEEPALIVE, idle_s > 0 ? 1 : 0) != 0) return -1;
#if defined(__APPLE__) || defined(TCP_KEEPIDLE)
  // OpenBSD has the switch only, and its times are the system's.
  if (idle_s > 0) {
    constexpr int kProbes = 3;
    if (SetIntOption(fd, IPPROTO_TCP, kKeepAliveIdleOption, idle_s) != 0) return -1;
    if (SetIntOption(fd, IPPROTO_TCP, TCP_KEEPINTVL, std::max(1, idle_s / kProbes)) != 0) return -1;
    if (SetIntOption(fd, IPPROTO_TCP, TCP_KEEPCNT, kProbes) != 0) return -1;
  }
#endif
  return 0;
}

}  // namespace reprise
