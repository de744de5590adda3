// socket_flags: the socket calls that are spelled differently on Linux, the BSDs and macOS, and nothing else.
//
// All return what the system call returned, with errno set on failure. Descriptors come back non-blocking and
// close-on-exec, and writing to one never raises SIGPIPE when kSendFlags is given.
#ifndef REPRISE_BACKENDS_SOCKET_FLAGS_H_
#define REPRISE_BACKENDS_SOCKET_FLAGS_H_

#include <sys/socket.h>

namespace reprise {

// Flags for send and sendmsg. macOS has no such flag: there the socket itself is told.
#if defined(__APPLE__)
inline constexpr int kSendFlags = 0;
#else
inline constexpr int kSendFlags = MSG_NOSIGNAL;
#endif

// A new stream socket of `family` (AF_INET, AF_INET6, AF_UNIX), or -1.
int OpenStreamSocket(int family);

// The next connection of `listener`, or -1.
int AcceptStream(int listener);

// Probes after `idle_s` seconds of silence, and then often enough to give up after about another `idle_s`; 0: never.
// 0 or -1. REQUIRES: `fd` is a TCP socket.
int SetTcpKeepAlive(int fd, int idle_s);

}  // namespace reprise

#endif  // REPRISE_BACKENDS_SOCKET_FLAGS_H_
