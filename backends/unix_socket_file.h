// unix_socket_file: what happens to the file of a listening Unix socket, which outlives the socket.
#ifndef REPRISE_BACKENDS_UNIX_SOCKET_FILE_H_
#define REPRISE_BACKENDS_UNIX_SOCKET_FILE_H_

#include <sys/types.h>

#include <string>

#include "backends/socket_address.h"

namespace reprise {

// Names one file for good, even when another gets its path.
struct FileIdentity {
  dev_t device = 0;
  ino_t inode = 0;

  friend bool operator==(const FileIdentity&, const FileIdentity&) = default;
};

// The identity of the file at `path` itself (a link is not followed); all zeroes when there is none.
FileIdentity IdentifyFile(const std::string& path);

// Removes the file at `path` when it is a socket on which nobody listens any more. True if it is gone.
bool RemoveStaleUnixSocket(const std::string& path, const SocketAddress& address);

}  // namespace reprise

#endif  // REPRISE_BACKENDS_UNIX_SOCKET_FILE_H_
