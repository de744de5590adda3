// RequestCounts: what a server must have counted by the requests that its clients have sent, as far as their histories
// tell: from a least, when no request was executed whose answer was lost, to a most, when all were.
#ifndef REPRISE_PROPTESTS_ORACLES_REQUEST_COUNTS_H_
#define REPRISE_PROPTESTS_ORACLES_REQUEST_COUNTS_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "proptests/workload/history.h"

namespace reprise {

struct Bounds {
  uint64_t low = 0;
  uint64_t high = 0;

  void Add(uint64_t least, uint64_t most) {
    low += least;
    high += most;
  }
  bool Holds(uint64_t value) const { return value >= low && value <= high; }
};

struct RequestCounts {
  struct OfCommand {
    Bounds calls;
    Bounds rejected;
    Bounds failed;
  };
  Bounds commands;                                           // executed
  Bounds errors;                                             // answered with, or that would have been
  std::map<std::string, OfCommand, std::less<>> by_command;  // by the name that INFO commandstats has
  std::map<std::string, Bounds, std::less<>> by_error;       // by the first word of the error
  uint64_t errors_lost = 0;                                  // errors whose first word nobody knows, at most
  Bounds hits;
  Bounds misses;
  uint64_t expiries_max = 0;  // keys that were given a time to live, at most

  // Adds the first `count` requests of a client.
  void Add(const ClientHistory& history, size_t count = SIZE_MAX);
};

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_ORACLES_REQUEST_COUNTS_H_
