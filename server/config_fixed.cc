#include "server/config_fixed.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "server/ascii.h"
#include "server/config_value.h"
#include "server/resp/number.h"

namespace reprise {
namespace {

// Whether each pair of words in `text` is one of those in `pairs`.
bool ArePairsOf(std::string_view text, std::string_view pairs) {
  const std::vector<std::string_view> words = SplitAtBlanks(text);
  const std::vector<std::string_view> allowed = SplitAtBlanks(pairs);
  if (words.size() % 2 != 0 || allowed.size() % 2 != 0) {
    return false;
  }
  for (size_t i = 0; i < words.size(); i += 2) {
    bool found = false;
    for (size_t j = 0; j < allowed.size(); j += 2) {
      found = found || (words[i] == allowed[j] && words[i + 1] == allowed[j + 1]);
    }
    if (!found) {
      return false;
    }
  }
  return true;
}

}  // namespace

bool IsChoice(std::string_view text, std::string_view choices) {
  while (!choices.empty()) {
    const size_t comma = std::min(choices.find(", "), choices.size());
    if (EqualsFolded(text, choices.substr(0, comma))) {
      return true;
    }
    choices.remove_prefix(std::min(comma + 2, choices.size()));
  }
  return false;
}

std::optional<std::string> NormalizedFixed(const FixedRule& rule, std::string_view text, std::string* refusal) {
  switch (rule.kind) {
    case FixedRule::Kind::kText:
      return std::string(text);
    case FixedRule::Kind::kYesNo:
      if (const std::optional<bool> yes = ParseYesNo(text)) {
        return *yes ? "yes" : "no";
      }
      *refusal = kNotYesNo;
      break;
    case FixedRule::Kind::kMemory:
      if (const std::optional<uint64_t> size = ParseMemorySize(text)) {
        return fmt::format("{}", *size);
      }
      *refusal = kNotMemory;
      break;
    case FixedRule::Kind::kNumber:
      if (const std::optional<int64_t> number = ParseInt64(text)) {
        return fmt::format("{}", *number);
      }
      *refusal = kNotInteger;
      break;
    case FixedRule::Kind::kEnum:
      if (IsChoice(UpToNul(text), rule.choices)) {
        std::string lower(UpToNul(text));
        std::transform(lower.begin(), lower.end(), lower.begin(), ToLowerAscii);
        return lower;
      }
      *refusal = NotOneOfThese(rule.choices);
      break;
  }
  return std::nullopt;
}

std::optional<FixedRule::Unmet> UnmetAtStart(const FixedRule& rule, std::string_view value) {
  if (value == rule.value || rule.unmet == FixedRule::Unmet::kIgnored) {
    return std::nullopt;
  }
  const bool warned = !rule.warned_pairs.empty() && ArePairsOf(value, rule.warned_pairs);
  return warned ? FixedRule::Unmet::kWarned : rule.unmet;
}

}  // namespace reprise
