// RequestBatch: requests parsed ahead, so that their keys can be fetched into the cache together.
//
// A look ahead has no effect and raises no error: what it can't take (an unfinished request, a wrong one) ends the
// batch, and is dealt with when execution gets there. One batch serves all sessions of a server, one after the other.
#ifndef REPRISE_SERVER_REQUEST_BATCH_H_
#define REPRISE_SERVER_REQUEST_BATCH_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "server/commands/command_table.h"
#include "server/keyspace/database.h"
#include "server/resp/arguments.h"
#include "server/resp/parser.h"

namespace reprise {

class RequestBatch {
 public:
  static constexpr size_t kRequestsMax = 32;

  struct Request {
    const CommandEntry* entry;  // null: unknown, or without arguments
    size_t first_argument;
    size_t argument_count;  // 0: an empty request, to be passed over
    uint64_t key_hash;      // of the first key; 0 where there is none
    size_t end;             // where the next request begins in the input
  };

  // Parses up to `max` requests from input[pos] on, and starts to fetch what their first keys need from `database`.
  // REQUIRES: 0 < max <= kRequestsMax.
  void Parse(std::string_view input, size_t pos, size_t max, const ParseLimits& limits, const CommandTable& commands,
             const Database& database);

  // Becomes a batch of one request that was parsed before, with these arguments.
  void Assign(const Request& request, std::span<const std::string_view> arguments);

  size_t size() const { return size_; }
  const Request& operator[](size_t index) const { return requests_[index]; }
  ArgumentList& arguments() { return arguments_; }
  const ArgumentList& arguments() const { return arguments_; }
  // Why there are no more requests than these: kRequest when `max` was reached, kNeedMore, or kError.
  ParseOutcome outcome() const { return outcome_; }
  const ProtocolError& error() const { return error_; }

 private:
  void Prefetch(const Database& database) const;

  std::array<Request, kRequestsMax> requests_;
  size_t size_ = 0;
  ArgumentList arguments_;
  ParseOutcome outcome_ = ParseOutcome::kNeedMore;
  ProtocolError error_;
};

// The hash of the first key of a request for `entry`, 0 where it has none.
uint64_t FirstKeyHash(const CommandEntry* entry, std::span<const std::string_view> args, const Database& database);

}  // namespace reprise

#endif  // REPRISE_SERVER_REQUEST_BATCH_H_
