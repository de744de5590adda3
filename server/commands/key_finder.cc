#include "server/commands/key_finder.h"

#include <cstdint>

#include "server/ascii.h"
#include "server/resp/number.h"

namespace reprise {
namespace {

using Words = std::span<const std::string_view>;

struct KeyRange {
  int64_t first;
  int64_t last;
};

// Where the search begins; a keyword is looked for from `index` on, backwards when that counts from the end.
std::optional<int64_t> SearchStart(const KeySpec& spec, Words args) {
  if (spec.keyword.empty()) {
    return spec.index;
  }
  const auto count = static_cast<int64_t>(args.size());
  const bool forward = spec.index > 0;
  for (int64_t i = forward ? spec.index : count + spec.index; i >= 1 && i < count; i += forward ? 1 : -1) {
    if (EqualsFoldedBoth(args[static_cast<size_t>(i)], spec.keyword)) {
      return i + 1;
    }
  }
  return std::nullopt;
}

std::optional<KeyRange> RangeOf(const KeySpec& spec, Words args) {
  const std::optional<int64_t> start = SearchStart(spec, args);
  if (!start) {
    return std::nullopt;
  }
  const auto count = static_cast<int64_t>(args.size());
  if (spec.count_at >= 0) {
    const int64_t at = *start + spec.count_at;
    const std::optional<int64_t> keys = at < count ? ParseInt64(args[static_cast<size_t>(at)]) : std::nullopt;
    if (!keys || *keys < 0 || *keys > count) {
      return std::nullopt;
    }
    const int64_t first = *start + spec.count_first;
    return KeyRange{first, first + (*keys - 1) * spec.step};
  }
  if (spec.last >= 0) {
    return KeyRange{*start, *start + spec.last};
  }
  // A limit of n: only the first nth of what is left can be keys.
  return KeyRange{*start, spec.limit == 0 ? count + spec.last : *start + (count - *start) / spec.limit + spec.last};
}

bool HasWord(std::string_view words, std::string_view word) { return words.find(word) != std::string_view::npos; }

}  // namespace

std::optional<std::vector<FoundKey>> FindKeys(const Command& command, Words args) {
  std::vector<FoundKey> found;
  for (const KeySpec& spec : command.keys) {
    if (HasWord(spec.flags, "not_key")) {
      continue;
    }
    const std::optional<KeyRange> range = RangeOf(spec, args);
    if (!range || range->last < range->first || range->last >= static_cast<int64_t>(args.size())) {
      return std::nullopt;
    }
    const std::string_view flags = spec.flags_of == nullptr ? spec.flags : spec.flags_of(args);
    for (int64_t i = range->first; i <= range->last; i += spec.step) {
      found.push_back({static_cast<size_t>(i), flags});
    }
    if (spec.incomplete) {
      return std::nullopt;
    }
  }
  return found.empty() ? std::nullopt : std::optional(std::move(found));
}

}  // namespace reprise
