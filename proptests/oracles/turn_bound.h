// The oracle of the turn's bound: a client that sends without end gets a share of each turn, and no more.
//
// For servers with a single client, of which all requests of a turn are. REQUIRES: Before and After enclose each turn.
#ifndef REPRISE_PROPTESTS_ORACLES_TURN_BOUND_H_
#define REPRISE_PROPTESTS_ORACLES_TURN_BOUND_H_

#include <cstdint>
#include <string>

#include "server/server.h"

namespace reprise {

class TurnWatch {
 public:
  // The server's own bound, and the request that it may have been in the midst of.
  static constexpr uint64_t kRequestsMax = 1024 + 1;

  // Borrows the server. `requests_max`: of one turn.
  explicit TurnWatch(Server& server, uint64_t requests_max = kRequestsMax)
      : server_(server), requests_max_(requests_max) {}

  void Before() { before_ = Executed(); }
  void After();

  // What was wrong; empty: nothing.
  std::string Problem() const;
  // The most requests that were executed in one turn.
  uint64_t most() const { return most_; }

 private:
  uint64_t Executed() { return server_.stats().total_commands_processed; }

  Server& server_;
  const uint64_t requests_max_;
  uint64_t before_ = 0;
  uint64_t most_ = 0;
};

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_ORACLES_TURN_BOUND_H_
