#include "server/config_value.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <system_error>

#include "server/ascii.h"

namespace reprise {
namespace {

struct MemoryUnit {
  std::string_view name;
  uint64_t bytes;
};
constexpr MemoryUnit kMemoryUnits[] = {
    {"", 1},          {"b", 1},           {"k", 1000},          {"kb", 1ULL << 10},
    {"m", 1'000'000}, {"mb", 1ULL << 20}, {"g", 1'000'000'000}, {"gb", 1ULL << 30},
};

}  // namespace

std::optional<uint64_t> ParseMemorySize(std::string_view text) {
  text = UpToNul(text);
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto digits_end = std::find_if_not(text.begin(), text.end(), is_digit);
  const auto digit_count = static_cast<size_t>(digits_end - text.begin());
  const std::string_view unit_name = text.substr(digit_count);
  const auto* unit = std::find_if(std::begin(kMemoryUnits), std::end(kMemoryUnits),
                                  [&](const MemoryUnit& u) { return EqualsFolded(unit_name, u.name); });
  if (unit == std::end(kMemoryUnits)) {
    return std::nullopt;
  }
  if (digit_count == 0) {
    return 0;
  }
  uint64_t count = 0;
  constexpr uint64_t kMost = std::numeric_limits<uint64_t>::max();
  const std::errc error = std::from_chars(text.data(), text.data() + digit_count, count).ec;
  return error != std::errc() || count > kMost / unit->bytes ? kMost : count * unit->bytes;
}

std::optional<int64_t> ParseLooseInteger(std::string_view text, int base) {
  text = UpToNul(text);
  if (text.empty()) {
    return 0;
  }
  text.remove_prefix(std::min(text.find_first_not_of(" \t\n\v\f\r"), text.size()));
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) {
      return std::nullopt;
    }
  }
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

std::string NotOneOfThese(std::string_view choices) {
  return fmt::format("argument(s) must be one of the following: {}", choices);
}

std::optional<bool> ParseYesNo(std::string_view text) {
  text = UpToNul(text);
  if (EqualsFolded(text, "yes")) {
    return true;
  }
  return EqualsFolded(text, "no") ? std::optional(false) : std::nullopt;
}

std::vector<std::string_view> SplitAtBlanks(std::string_view text) {
  std::vector<std::string_view> words;
  size_t begin = 0;
  for (size_t blank = text.find(' '); blank != std::string_view::npos; blank = text.find(' ', begin)) {
    words.push_back(text.substr(begin, blank - begin));
    begin = blank + 1;
  }
  words.push_back(text.substr(begin));
  return words;
}

}  // namespace reprise
