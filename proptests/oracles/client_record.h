// ClientRecord: what the history of a client says of one of its connections: where it came from, when it was there for
// sure, and what the server had to know of it after each of its requests.
#ifndef REPRISE_PROPTESTS_ORACLES_CLIENT_RECORD_H_
#define REPRISE_PROPTESTS_ORACLES_CLIENT_RECORD_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "proptests/workload/history.h"

namespace reprise {

// What a server knows of a connection by its requests.
struct ClientState {
  const std::string* name = nullptr;                // null: none
  const std::vector<std::string>* words = nullptr;  // of the latest request; null: there was none
  int64_t db = 0;
  int resp = 2;
  bool no_evict = false;
  bool ending = false;  // it was told to end the connection
  bool sure = true;     // false: a request that may not have been executed could change all but `words`

  std::string_view Name() const { return name == nullptr ? std::string_view() : *name; }
  // As CLIENT LIST writes it.
  std::string Command() const;
};

// When something happened: not before one time and not after another.
struct Window {
  int64_t from_ns = 0;
  int64_t to_ns = 0;
};

struct ClientRecord {
  uint32_t client = 0;
  uint32_t number = 0;  // of the connection
  Link link;
  int64_t id = 0;  // the server's; 0: not known
  const Ending* ending = nullptr;
  std::vector<const Exchange*> exchanges;
  // The states, the first before any request. Behind exchange i it is in states[after[i]]; on the way there it may have
  // gone through those before that one.
  std::vector<ClientState> states;
  std::vector<size_t> after;
  int64_t killed_ns = INT64_MAX;  // for sure then: CLIENT KILL had been answered
  int64_t gone_ns = INT64_MAX;    // the server had closed it for sure then
  int64_t handle = -1;            // as the server tells it; -1: it has not

  // How many of its requests have been executed for sure by then, and how many may have been.
  size_t DoneBy(int64_t time_ns) const;
  size_t SentBy(int64_t time_ns) const;
  // The states that it may be in then.
  std::span<const ClientState> StatesIn(const Window& window) const;
  // Nothing of it is under way or unanswered then.
  bool QuietIn(const Window& window) const;
};

// The connections of one client. REQUIRES: the history outlives them.
std::vector<ClientRecord> RecordsOf(const ClientHistory& history);

// The names that a request has as a command: "get", "client|list"; empty: there is no such command.
std::string CommandOf(const std::vector<std::string>& words);

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_ORACLES_CLIENT_RECORD_H_
