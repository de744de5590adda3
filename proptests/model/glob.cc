#include "proptests/model/glob.h"

#include <utility>

namespace reprise {
namespace {

// Matches one byte against the class that `pattern` begins with, behind its '['; takes the class off. As in Redis, a
// class that is never closed ends with the pattern.
bool ClassMatches(std::string_view& pattern, char c) {
  const bool negated = pattern.starts_with('^');
  pattern.remove_prefix(negated ? 1 : 0);
  bool matches = false;
  while (!pattern.empty() && pattern[0] != ']') {
    if (pattern[0] == '\\' && pattern.size() >= 2) {
      matches = matches || pattern[1] == c;
      pattern.remove_prefix(2);
    } else if (pattern.size() >= 3 && pattern[1] == '-') {
      char low = pattern[0];
      char high = pattern[2];
      if (low > high) {
        std::swap(low, high);
      }
      matches = matches || (low <= c && c <= high);
      pattern.remove_prefix(3);
    } else {
      matches = matches || pattern[0] == c;
      pattern.remove_prefix(1);
    }
  }
  pattern.remove_prefix(pattern.empty() ? 0 : 1);
  return matches != negated;
}

}  // namespace

bool GlobMatches(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) {
    return text.empty();
  }
  if (pattern == "*") {
    return true;
  }
  if (pattern[0] == '*') {
    return GlobMatches(pattern.substr(1), text) || (!text.empty() && GlobMatches(pattern, text.substr(1)));
  }
  if (text.empty()) {
    return false;
  }
  const char c = text[0];
  if (pattern[0] == '[') {
    pattern.remove_prefix(1);
    return ClassMatches(pattern, c) && GlobMatches(pattern, text.substr(1));
  }
  if (pattern[0] == '\\' && pattern.size() >= 2) {
    pattern.remove_prefix(1);
    return pattern[0] == c && GlobMatches(pattern.substr(1), text.substr(1));
  }
  return (pattern[0] == '?' || pattern[0] == c) && GlobMatches(pattern.substr(1), text.substr(1));
}

}  // namespace reprise
