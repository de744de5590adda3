#include "server/commands/lcs.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>

namespace reprise {
namespace {

constexpr size_t kWordBits = 64;

// The classic table L(i, j), the length for the first i bytes of `a` and the first j of `b`, one row for each i. In a
// row, L grows by 0 or 1 from each j to the next: a row is kept as one bit for each byte of `b`, clear where it grows.
// Sums of whole words then give the next row from this one (the bit-parallel method of Allison and Dix, and Hyyro).
class Rows {
 public:
  Rows(std::string_view a, std::string_view b);

  size_t words_per_row() const { return words_; }
  // Row 0: nothing of `a` has been looked at, so the length never grows.
  void Begin(std::span<uint64_t> row) const { std::fill(row.begin(), row.end(), ~uint64_t{0}); }
  // The row after `row`, when the next byte of `a` is `byte`; `next` may be `row`. REQUIRES: `byte` is in `a`.
  void Advance(std::span<const uint64_t> row, char byte, std::span<uint64_t> next) const;

 private:
  static constexpr uint32_t kNone = std::numeric_limits<uint32_t>::max();

  size_t words_;
  std::array<uint32_t, 256> mask_of_;  // by byte: which of the masks
  std::vector<uint64_t> masks_;        // for each different byte of `a`, a bit for each place in `b` that has it
};

size_t ByteValue(char c) { return static_cast<uint8_t>(c); }

Rows::Rows(std::string_view a, std::string_view b) : words_((b.size() + kWordBits - 1) / kWordBits) {
  mask_of_.fill(kNone);
  uint32_t count = 0;
  for (const char byte : a) {
    uint32_t& mask = mask_of_[ByteValue(byte)];
    if (mask == kNone) {
      mask = count++;
    }
  }
  masks_.resize(count * words_);
  for (size_t j = 0; j < b.size(); ++j) {
    const uint32_t mask = mask_of_[ByteValue(b[j])];
    if (mask != kNone) {
      masks_[mask * words_ + j / kWordBits] |= uint64_t{1} << (j % kWordBits);
    }
  }
}

void Rows::Advance(std::span<const uint64_t> row, char byte, std::span<uint64_t> next) const {
  const uint64_t* mask = masks_.data() + mask_of_[ByteValue(byte)] * words_;
  uint64_t carry = 0;
  for (size_t w = 0; w < words_; ++w) {
    const uint64_t old = row[w];
    const uint64_t matches = old & mask[w];
    const uint64_t partial = old + matches;
    const uint64_t sum = partial + carry;
    carry = static_cast<uint64_t>(partial < old) | static_cast<uint64_t>(sum < partial);
    next[w] = sum | (old & ~mask[w]);
  }
}

size_t GrowthOf(std::span<const uint64_t> row) {
  size_t growth = 0;
  for (const uint64_t word : row) {
    growth += static_cast<size_t>(std::popcount(~word));
  }
  return growth;
}

}  // namespace

size_t LcsLength(std::string_view a, std::string_view b) {
  if (b.size() < a.size()) {
    std::swap(a, b);  // few long rows are cheaper than many short ones
  }
  const Rows rows(a, b);
  std::vector<uint64_t> row(rows.words_per_row());
  rows.Begin(row);
  for (const char byte : a) {
    rows.Advance(row, byte, row);
  }
  return GrowthOf(row);
}

LcsMatch FindLcs(std::string_view a, std::string_view b) {
  const Rows rows(a, b);
  const size_t words = rows.words_per_row();
  std::vector<uint64_t> all((a.size() + 1) * words);
  const auto row = [&](size_t i) { return std::span(all).subspan(i * words, words); };
  rows.Begin(row(0));
  for (size_t i = 0; i < a.size(); ++i) {
    rows.Advance(row(i), a[i], row(i + 1));
  }

  LcsMatch match;
  size_t left = GrowthOf(row(a.size()));
  match.common.resize(left);
  size_t i = a.size();
  size_t j = b.size();
  size_t length = 0;  // of the range that begins at i and j
  const auto end_range = [&] {
    if (length > 0) {
      match.ranges.push_back({i, j, length});
      length = 0;
    }
  };
  while (i > 0 && j > 0) {
    if (a[i - 1] == b[j - 1]) {
      --i;
      --j;
      ++length;
      match.common[--left] = a[i];
      continue;
    }
    end_range();
    const bool grows = (row(i)[(j - 1) / kWordBits] >> ((j - 1) % kWordBits) & 1) == 0;
    --(grows ? i : j);
  }
  end_range();
  return match;
}

}  // namespace reprise
