#include "backends/unix_socket_file.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "backends/socket_flags.h"
#include "backends/unique_fd.h"

namespace reprise {

FileIdentity IdentifyFile(const std::string& path) {
  struct stat facts {};
  if (::lstat(path.c_str(), &facts) != 0) return {};
  return {facts.st_dev, facts.st_ino};
}

bool RemoveStaleUnixSocket(const std::string& path, const SocketAddress& address) {
  struct stat facts {};
  if (::lstat(path.c_str(), &facts) != 0) return errno == ENOENT;
  if (!S_ISSOCK(facts.st_mode)) return false;
  const UniqueFd probe(OpenStreamSocket(AF_UNIX));
  if (!probe.valid()) return false;
  // Only a refusal proves that nobody listens. Success, a full backlog or a lack of permission do not.
  if (::connect(probe.get(), address.get(), address.size()) == 0 || errno != ECONNREFUSED) return false;
  return ::unlink(path.c_str()) == 0 || errno == ENOENT;
}

}  // namespace reprise
