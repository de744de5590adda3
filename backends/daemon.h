// daemon: what a program does that serves in the background, as servers have done it for long.
#ifndef REPRISE_BACKENDS_DAEMON_H_
#define REPRISE_BACKENDS_DAEMON_H_

#include <string>

#include "loop/status.h"

namespace reprise {

// The process that returns is a new one, of a session of its own and with nothing to read from or to write to; the one
// that called has ended with exit code 0. REQUIRES: there is one thread, and nothing was opened that is not to be
// shared, a poller least of all. Errors: kTooManyHandles, kOutOfMemory and others of fork, in the one process there is.
Status DetachFromTerminal();

// A file with the process's id in it, for those who look after the server; goes away with the object.
class PidFile {
 public:
  // Replaces what is at `path`.
  explicit PidFile(std::string path);
  ~PidFile();
  PidFile(const PidFile&) = delete;
  PidFile& operator=(const PidFile&) = delete;

  // False: it could not be written.
  bool written() const { return written_; }

 private:
  const std::string path_;
  bool written_ = false;
};

}  // namespace reprise

#endif  // REPRISE_BACKENDS_DAEMON_H_
