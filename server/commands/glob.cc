#include "server/commands/glob.h"

#include <cstddef>
#include <utility>

#include "server/ascii.h"

namespace reprise {
namespace {

class Matcher {
 public:
  Matcher(std::string_view pattern, GlobCase letter_case)
      : pattern_(pattern), ignore_case_(letter_case == GlobCase::kIgnore) {}

  bool Matches(std::string_view text) const;

 private:
  // Whether the element of the pattern at `*at`, which is no star, takes `byte`; moves `*at` behind the element.
  bool TakesByte(size_t* at, char byte) const;
  bool BracketTakesByte(size_t* at, char byte) const;
  bool InRange(char from, char to, char byte) const;
  bool Same(char a, char b) const { return a == b || (ignore_case_ && ToLowerAscii(a) == ToLowerAscii(b)); }

  std::string_view pattern_;
  bool ignore_case_;
};

bool Matcher::InRange(char from, char to, char byte) const {
  auto low = static_cast<signed char>(from);
  auto high = static_cast<signed char>(to);
  if (low > high) {
    std::swap(low, high);
  }
  const auto fold = [this](signed char c) {
    return ignore_case_ ? static_cast<signed char>(ToLowerAscii(static_cast<char>(c))) : c;
  };
  const signed char wanted = fold(static_cast<signed char>(byte));
  return fold(low) <= wanted && wanted <= fold(high);
}

bool Matcher::BracketTakesByte(size_t* at, char byte) const {
  size_t i = *at + 1;
  const bool negated = i < pattern_.size() && pattern_[i] == '^';
  if (negated) {
    ++i;
  }
  bool found = false;
  while (i < pattern_.size() && pattern_[i] != ']') {
    const size_t left = pattern_.size() - i;
    if (left >= 2 && pattern_[i] == '\\') {
      found |= pattern_[i + 1] == byte;
      i += 2;
    } else if (left >= 3 && pattern_[i + 1] == '-') {
      found |= InRange(pattern_[i], pattern_[i + 2], byte);
      i += 3;
    } else {
      found |= Same(pattern_[i], byte);
      ++i;
    }
  }
  *at = i < pattern_.size() ? i + 1 : i;
  return found != negated;
}

bool Matcher::TakesByte(size_t* at, char byte) const {
  const char element = pattern_[*at];
  if (element == '[') {
    return BracketTakesByte(at, byte);
  }
  if (element == '\\' && *at + 1 < pattern_.size()) {
    *at += 2;
    return Same(pattern_[*at - 1], byte);
  }
  ++*at;
  return element == '?' || Same(element, byte);
}

// Only the latest star ever needs to take more: what stands between two stars is best matched as early as it can be.
bool Matcher::Matches(std::string_view text) const {
  constexpr size_t kNone = std::string_view::npos;
  size_t in_pattern = 0;
  size_t in_text = 0;
  size_t behind_star = kNone;
  size_t star_takes_up_to = 0;
  while (in_text < text.size()) {
    if (in_pattern < pattern_.size() && pattern_[in_pattern] == '*') {
      behind_star = ++in_pattern;
      star_takes_up_to = in_text;
      continue;
    }
    if (in_pattern < pattern_.size() && TakesByte(&in_pattern, text[in_text])) {
      ++in_text;
      continue;
    }
    if (behind_star == kNone) {
      return false;
    }
    in_pattern = behind_star;
    in_text = ++star_takes_up_to;
  }
  while (!text.empty() && in_pattern < pattern_.size() && pattern_[in_pattern] == '*') {
    ++in_pattern;
  }
  return in_pattern == pattern_.size();
}

}  // namespace

bool GlobMatches(std::string_view pattern, std::string_view text, GlobCase letter_case) {
  return Matcher(pattern, letter_case).Matches(text);
}

}  // namespace reprise
