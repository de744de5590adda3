// HashKey: the hash of a key under a seed, the same on every machine and compiler.
//
// It is XXH3 (64 bits, seeded). The seed is drawn once per process, so keys that collide cannot be prepared without
// knowing it. XXH3 is fast rather than cryptographic: it makes no promise against someone who can choose keys, measure
// how long each takes and work backwards to the seed, as SipHash would. What such an attacker gains is long chains in
// some buckets (time linear in the number of colliding keys), never a wrong answer.
#ifndef REPRISE_SERVER_KEYSPACE_KEY_HASH_H_
#define REPRISE_SERVER_KEYSPACE_KEY_HASH_H_

#include <cstdint>
#include <string_view>

namespace reprise {

uint64_t HashKey(std::string_view key, uint64_t seed);

}  // namespace reprise

#endif  // REPRISE_SERVER_KEYSPACE_KEY_HASH_H_
