// Integer hashing and a small generator, the same on every compiler and machine.
//
// The standard library's distributions and std::hash differ from one library to the next; what decides anything in a
// simulated run comes from here. Nothing in this file is fit for secrets.
#ifndef REPRISE_SIM_MIX_H_
#define REPRISE_SIM_MIX_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace reprise {

static_assert(std::endian::native == std::endian::little, "trace hashes read words as little endian");

// A bijection that spreads each input bit over the whole word (the finaliser of SplitMix64, by Stafford).
constexpr uint64_t Mix64(uint64_t x) {
  x ^= x >> 30;
  x *= 0xbf58476d1ce4e5b9u;
  x ^= x >> 27;
  x *= 0x94d049bb133111ebu;
  x ^= x >> 31;
  return x;
}

constexpr uint64_t MixPair(uint64_t a, uint64_t b) { return Mix64(a + 0x9e3779b97f4a7c15u + Mix64(b)); }

// A number below `bound`, from 64 well mixed bits. REQUIRES: bound > 0.
constexpr uint64_t ScaleBelow(uint64_t bits, uint64_t bound) {
  if (bound <= 0xffffffffu) return ((bits >> 32) * bound) >> 32;
  return bits % bound;
}

// A 64-bit hash of bytes, a word at a time.
inline uint64_t HashBytes(std::string_view bytes) {
  uint64_t h = 0x2545f4914f6cdd1du ^ bytes.size();
  size_t at = 0;
  for (; at + 8 <= bytes.size(); at += 8) {
    uint64_t word;
    std::memcpy(&word, bytes.data() + at, 8);
    h = (std::rotl(h, 23) ^ word) * 0x9fb21c651e98df25u;
  }
  uint64_t tail = 0;
  if (at < bytes.size()) std::memcpy(&tail, bytes.data() + at, bytes.size() - at);
  return Mix64((std::rotl(h, 23) ^ tail) * 0x9fb21c651e98df25u);
}

// A sequence of numbers that follows from its seed (SplitMix64): for workloads, which are scripts made before a run.
// What happens during a run asks Choices instead.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}

  uint64_t Next() { return Mix64(state_ += 0x9e3779b97f4a7c15u); }
  // REQUIRES: bound > 0.
  uint64_t Below(uint64_t bound) { return ScaleBelow(Next(), bound); }
  // True `times` in `of` cases.
  bool Chance(uint64_t times, uint64_t of) { return Below(of) < times; }

 private:
  uint64_t state_;
};

}  // namespace reprise

#endif  // REPRISE_SIM_MIX_H_
