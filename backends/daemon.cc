#include "backends/daemon.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <fstream>
#include <utility>

#include "backends/errno_mapping.h"
#include "backends/unique_fd.h"

namespace reprise {

Status DetachFromTerminal() {
  const pid_t child = ::fork();
  if (child < 0) return StatusFromErrno(CodeFromErrno(errno), errno, "fork");
  if (child > 0) ::_exit(0);  // without the cleaning up, which is the child's
  ::setsid();
  const UniqueFd nothing(::open("/dev/null", O_RDWR | O_CLOEXEC));
  if (!nothing.valid()) return StatusFromErrno(CodeFromErrno(errno), errno, "/dev/null");
  for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) ::dup2(nothing.get(), standard);
  return {};
}

PidFile::PidFile(std::string path) : path_(std::move(path)) {
  std::ofstream file(path_, std::ios::trunc);
  file << ::getpid() << '\n';
  file.close();
  written_ = file.good();
}

PidFile::~PidFile() {
  if (written_) std::remove(path_.c_str());
}

}  // namespace reprise
