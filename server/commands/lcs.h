// The longest common subsequence of two byte strings, and where its parts lie. Pure.
//
// Of several longest ones, the one that redis-server 7.0.15 finds: going through both strings from their ends, at bytes
// that differ, `a` is shortened where that alone keeps the length, else `b`.
#ifndef REPRISE_SERVER_COMMANDS_LCS_H_
#define REPRISE_SERVER_COMMANDS_LCS_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace reprise {

// Bytes of `a` and of `b` that are the same: `length` of them, from these places on.
struct LcsRange {
  size_t a_begin;
  size_t b_begin;
  size_t length;
  bool operator==(const LcsRange&) const = default;
};

struct LcsMatch {
  std::string common;
  std::vector<LcsRange> ranges;  // from the last to the first
};

// The length alone. Time: a.size() * b.size() / 64 steps and the sizes; memory: the longer size in bits for each
// different byte of the shorter.
size_t LcsLength(std::string_view a, std::string_view b);

// Time as for the length; memory: one bit for each pair of bytes, rows rounded up to 8 bytes, and as for the length.
LcsMatch FindLcs(std::string_view a, std::string_view b);

}  // namespace reprise

#endif  // REPRISE_SERVER_COMMANDS_LCS_H_
