// SocketErrors: what ended a socket, where the poller was told of it and the socket itself may not tell it any more.
//
// kqueue gives a connection's error along with the event of its end. On some systems the socket still has it then, on
// others it is gone: SO_ERROR is 0, and a read gives the end of the stream. A poller puts here what it was told, and
// the network takes it from here where the socket has nothing to say.
//
// One thread. Has 4 bytes for each descriptor up to the highest one that ended in an error.
#ifndef REPRISE_BACKENDS_SOCKET_ERRORS_H_
#define REPRISE_BACKENDS_SOCKET_ERRORS_H_

#include <cstddef>
#include <vector>

namespace reprise {

class SocketErrors {
 public:
  // `error` is an errno. The first one of a socket counts.
  void Remember(int fd, int error) {
    const auto index = static_cast<size_t>(fd);
    if (index >= errors_.size()) errors_.resize(index + 1);
    if (errors_[index] == 0) errors_[index] = error;
  }

  // An errno, or 0; it is told once. To be called when the descriptor is closed, too.
  int Take(int fd) {
    const auto index = static_cast<size_t>(fd);
    if (index >= errors_.size()) return 0;
    const int error = errors_[index];
    errors_[index] = 0;
    return error;
  }

 private:
  std::vector<int> errors_;  // by descriptor
};

}  // namespace reprise

#endif  // REPRISE_BACKENDS_SOCKET_ERRORS_H_
