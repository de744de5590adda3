// Comparing names and option words as Redis does: ASCII letters count the same in either case, other bytes are
// themselves. Independent of the locale.
#ifndef REPRISE_SERVER_ASCII_H_
#define REPRISE_SERVER_ASCII_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace reprise {

inline char ToLowerAscii(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

inline char ToUpperAscii(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c; }

// REQUIRES: sizeof(T) bytes at `from`.
template <typename T>
T LoadBytes(const char* from) {
  T value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

// Eight bytes at once, upper case to lower. A byte is upper case if its top bit is clear, adding 0x80 - 'A' sets the
// top bit and adding 0x7F - 'Z' does not; no sum of two 7-bit numbers carries into the next byte.
inline uint64_t FoldAscii8(uint64_t word) {
  constexpr uint64_t kEach = 0x0101010101010101ULL;
  const uint64_t low_bits = word & kEach * 0x7F;
  const uint64_t from_a = low_bits + kEach * (0x80 - 'A');
  const uint64_t past_z = low_bits + kEach * (0x7F - 'Z');
  const uint64_t upper = (from_a ^ past_z) & ~word & kEach * 0x80;
  return word | upper >> 2;
}

// Whether `text`, in any case, is `lower`. REQUIRES: `lower` has no upper-case letter.
inline bool EqualsFolded(std::string_view text, std::string_view lower) {
  const size_t size = text.size();
  if (size != lower.size()) {
    return false;
  }
  size_t i = 0;
  for (; i + 8 <= size; i += 8) {
    if (FoldAscii8(LoadBytes<uint64_t>(text.data() + i)) != LoadBytes<uint64_t>(lower.data() + i)) {
      return false;
    }
  }
  for (; i < size; ++i) {
    if (ToLowerAscii(text[i]) != lower[i]) {
      return false;
    }
  }
  return true;
}

// The same for two words of any case. For short ones.
inline bool EqualsFoldedBoth(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) {
    return false;
  }
  for (size_t i = 0; i < a.size(); ++i) {
    if (ToLowerAscii(a[i]) != ToLowerAscii(b[i])) {
      return false;
    }
  }
  return true;
}

// What a C string of these bytes would hold: so Redis compares option words, and shows arguments in its messages.
inline std::string_view UpToNul(std::string_view bytes) { return bytes.substr(0, bytes.find('\0')); }

// Whether an argument is the option `lower`, in any case.
inline bool IsOption(std::string_view argument, std::string_view lower) {
  return EqualsFolded(UpToNul(argument), lower);
}

}  // namespace reprise

#endif  // REPRISE_SERVER_ASCII_H_
