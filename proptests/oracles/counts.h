// The oracle of counts: what INFO tells of the server is what the world has seen of it and what its clients have asked.
//
// Connections and bytes are the network's, keys and expiries are counted by walking through them, requests, errors and
// lookups follow from the histories of the clients (request_counts.h). INFO is asked for when nobody else asks for
// anything, so nearly all of it has one right value; what a lost request may have added is a tolerance.
#ifndef REPRISE_PROPTESTS_ORACLES_COUNTS_H_
#define REPRISE_PROPTESTS_ORACLES_COUNTS_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "proptests/oracles/finding.h"
#include "proptests/oracles/request_counts.h"
#include "server/server.h"
#include "sim/sim_network.h"

namespace reprise {

// What is so at some moment, whatever the server says.
struct WorldFacts {
  struct Keys {
    uint64_t all = 0;
    uint64_t expiring = 0;
    friend bool operator==(const Keys&, const Keys&) = default;
  };
  SimNetwork::Totals network;
  size_t connections = 0;       // that are open
  std::map<size_t, Keys> keys;  // of databases that have any
};
WorldFacts FactsOf(Server& server, const SimNetwork& network);

// One INFO, and what was so before it was asked for and after it was answered.
struct InfoLook {
  std::string_view text;
  WorldFacts before;
  WorldFacts after;
  uint64_t request_bytes = 0;
  uint64_t reply_bytes = 0;
  const RequestCounts* requests = nullptr;  // with this one; null: they are not known
};

// What is wrong with it; empty: nothing.
std::string DescribeWrongCounts(const InfoLook& look);

// "name:value" lines by name.
using InfoFields = std::map<std::string_view, std::string_view>;
InfoFields FieldsOf(std::string_view info);
// By how much a field that is a number has grown. -1: it is missing.
int64_t Growth(const InfoFields& before, const InfoFields& after, std::string_view name);

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_ORACLES_COUNTS_H_
