// The linearizability oracle: what several clients saw of shared keys is what they would have seen if their requests
// had been executed one after the other, each between its sending and its answer.
//
// Checked key by key (which is the same, since every request concerns one key), by a depth-first search with memory
// over the orders that are possible, as Wing and Gong, and Lowe, describe it. A request that was lost with its
// connection may have happened until the client's fence, or not; requests of one connection happened in their order,
// and of those lost, if one happened, those before it did.
#ifndef REPRISE_PROPTESTS_ORACLES_LINEARIZABILITY_H_
#define REPRISE_PROPTESTS_ORACLES_LINEARIZABILITY_H_

#include <span>
#include <string>
#include <vector>

#include "proptests/model/reply_value.h"
#include "proptests/oracles/finding.h"
#include "proptests/workload/history.h"

namespace reprise {

// A request for one key.
struct KeyOperation {
  uint32_t client = 0;
  uint32_t connection = 0;
  uint32_t number = 0;  // operations of one connection are in the order of their numbers
  int64_t sent_ns = 0;
  int64_t done_ns = -1;  // -1: no end is known
  bool maybe = false;    // there is no reply: it may or may not have happened
  bool resp3 = false;
  std::span<const std::string> words;
  const ReplyValue* reply = nullptr;
};

// Checks one key's operations, in any order. Looks at no more than `steps_max` states: then it answers neither a
// problem nor a definite result.
Finding CheckKey(std::vector<KeyOperation> operations, uint64_t steps_max = 200'000);

// Checks all clients with shared keys; `checked` and `definite` count requests of which it is known what became of
// them.
Finding CheckLinearizable(std::span<const ClientHistory* const> histories);

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_ORACLES_LINEARIZABILITY_H_
