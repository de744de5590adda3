// TableWord: what a slot of the hash table holds: the address of an entry, and the bits about it that are worth having
// without touching its memory.
//
//   bits 63..56  meta: belongs to the owner of the entry (entry.h); its top three bits, all set, mark a link, which the
//                table keeps for itself
//   bits 55..48  fingerprint, high part
//   bits 47..3   the address, which malloc aligns to 8
//   bits  2..0   fingerprint, low part
//
// 0 is an empty slot. The fingerprint is 11 bits of the key's hash, from the end that does not choose the bucket, so
// that a lookup reads the entry it wants and, in one case of 400 or so, another one.
#ifndef REPRISE_SERVER_KEYSPACE_TABLE_WORD_H_
#define REPRISE_SERVER_KEYSPACE_TABLE_WORD_H_

#include <cstdint>

#include "loop/check.h"

namespace reprise {

using TableWord = uint64_t;

static_assert(sizeof(void*) == 8, "a table word holds the address of a 64-bit program");

inline constexpr int kTableWordMetaShift = 56;
inline constexpr TableWord kTableWordAddressMask = 0x0000'ffff'ffff'fff8;
inline constexpr TableWord kTableWordFingerprintMask = 0x00ff'0000'0000'0007;
inline constexpr TableWord kTableWordLinkMark = TableWord{7} << 61;

// The word of an entry at `address`, without a fingerprint. REQUIRES: `meta` does not read as a link.
inline TableWord MakeTableWord(void* address, uint8_t meta) {
  const auto bits = reinterpret_cast<uintptr_t>(address);
  CHECK(bits != 0 && (bits & ~kTableWordAddressMask) == 0);
  return bits | TableWord{meta} << kTableWordMetaShift;
}

inline void* TableWordAddress(TableWord word) { return reinterpret_cast<void*>(word & kTableWordAddressMask); }

inline uint8_t TableWordMeta(TableWord word) { return static_cast<uint8_t>(word >> kTableWordMetaShift); }

// The fingerprint bits of a hash, in their places.
inline TableWord TableWordFingerprint(uint64_t hash) { return (hash >> 56) << 48 | (hash >> 53 & 7); }

// Brings the line of `address` towards the cache. GCC takes a function that does nothing but prefetch for one without
// effect and drops the calls; the empty asm keeps them.
inline void PrefetchLine(const void* address) {
  __builtin_prefetch(address);
  asm volatile("");
}

inline bool IsTableLink(TableWord word) { return word >= kTableWordLinkMark; }

}  // namespace reprise

#endif  // REPRISE_SERVER_KEYSPACE_TABLE_WORD_H_
