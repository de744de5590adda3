// What the servers that parse nothing have in common: a listener, and the connections it hands out. Not code to learn
// from: an error ends the program, or is not looked at.
#ifndef REPRISE_BENCH_BARE_LISTENER_H_
#define REPRISE_BENCH_BARE_LISTENER_H_

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace reprise {

// Listens on `port` of 127.0.0.1.
inline int BareListen(uint16_t port) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 || listen(fd, 511) != 0) {
    std::perror("can't listen");
    std::exit(1);
  }
  return fd;
}

// The next connection, which sends small writes at once; negative: none could be had.
inline int BareAccept(int listener) {
  const int fd = accept(listener, nullptr, nullptr);
  const int on = 1;
  if (fd >= 0) setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

}  // namespace reprise

#endif  // REPRISE_BENCH_BARE_LISTENER_H_
