// Digest: one number for all keys, values and expiries of a server, the same for the same contents in any order.
#ifndef REPRISE_PROPTESTS_SIMULATION_DIGEST_H_
#define REPRISE_PROPTESTS_SIMULATION_DIGEST_H_

#include <cstdint>

#include "server/server.h"
#include "sim/mix.h"

namespace reprise {

inline uint64_t KeyspaceDigest(Server& server) {
  uint64_t sum = 0;
  for (size_t i = 0; i < server.database_count(); ++i) {
    server.database(i).ForEach([&](const Ref& ref) {
      const uint64_t value = MixPair(HashBytes(ref.value()), static_cast<uint64_t>(ref.expire_at_ms()));
      sum += MixPair(MixPair(HashBytes(ref.key()), i), value);
    });
  }
  return sum;
}

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_SIMULATION_DIGEST_H_
