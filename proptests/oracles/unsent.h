// The oracle for unsent output: a client that doesn't read is buffered for up to client-output-buffer-limit, no
// further.
#ifndef REPRISE_PROPTESTS_ORACLES_UNSENT_H_
#define REPRISE_PROPTESTS_ORACLES_UNSENT_H_

#include <cstdint>
#include <string>

#include "server/server.h"

namespace reprise {

class UnsentWatch {
 public:
  // Borrows the server.
  explicit UnsentWatch(Server& server) : server_(server) {}

  // Looks at all connections, between two turns. Answers whether all is well; if not, problem() says what isn't.
  bool Look();
  const std::string& problem() const { return problem_; }
  // The most that any one connection has had.
  uint64_t peak_bytes() const { return peak_bytes_; }

 private:
  Server& server_;
  uint64_t peak_bytes_ = 0;
  std::string problem_;
};

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_ORACLES_UNSENT_H_
