#include "proptests/oracles/log_lines.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace reprise {
namespace {

enum Kind : size_t { kStopping, kBye, kNotWatched, kOutputLimit, kIdle, kLost };

// How the lines begin and end.
struct Known {
  LogLevel level;
  std::string_view begin;
  std::string_view end;
};
constexpr std::array kKnown = std::to_array<Known>({
    {LogLevel::kWarning, "Received a request to stop, shutting down...", ""},
    {LogLevel::kWarning, "Reprise is now ready to exit, bye bye...", ""},
    {LogLevel::kWarning, "Could not watch a new connection: ", ""},
    {LogLevel::kWarning, "Client ", " bytes unsent)."},
    {LogLevel::kVerbose, "Closing idle client", ""},
    {LogLevel::kVerbose, "Client ", ""},
});

uint64_t NumberBehind(std::string_view line, std::string_view mark) {
  const size_t at = line.find(mark);
  uint64_t number = 0;
  if (at != std::string_view::npos) {
    (void)std::from_chars(line.data() + at + mark.size(), line.data() + line.size(), number);
  }
  return number;
}

}  // namespace

void LogWatch::Note(LogLevel level, std::string_view line) {
  const auto known = std::find_if(kKnown.begin(), kKnown.end(), [&](const Known& one) {
    return level == one.level && line.starts_with(one.begin) && line.ends_with(one.end);
  });
  if (known == kKnown.end()) {
    unknown_ = unknown_.empty() ? std::string(line) : unknown_;
    return;
  }
  const auto kind = static_cast<size_t>(known - kKnown.begin());
  ++counts_[kind];
  if (kind == kOutputLimit) {
    least_unsent_ = std::min(least_unsent_, NumberBehind(line, "limits ("));
  }
}

std::string LogWatch::Problem(const Causes& causes) const {
  if (!unknown_.empty()) {
    return fmt::format("nothing explains the line: {}", unknown_);
  }
  const LoopCounters& loop = causes.loop;
  const uint64_t stops = causes.stopped ? 1 : 0;
  const uint64_t broken = loop.reads_failed + loop.writes_failed;
  const bool verbose = causes.level <= LogLevel::kVerbose;
  struct Expectation {
    Kind kind;
    uint64_t low;
    uint64_t high;
  };
  const Expectation expectations[] = {
      {kStopping, stops, stops},
      {kBye, stops, stops},
      {kNotWatched, causes.watches_refused, causes.watches_refused},
      {kOutputLimit, causes.output_limit_disconnections, causes.output_limit_disconnections},
      {kIdle, 0, verbose && causes.timeout_s > 0 ? UINT64_MAX : 0},
      {kLost, verbose ? broken : 0, verbose ? broken + loop.changes_refused : 0},
  };
  for (const Expectation& expected : expectations) {
    const uint64_t count = Count(expected.kind);
    if (count < expected.low || count > expected.high) {
      return fmt::format("{} times in the log, with {} to {} causes: {}{}", count, expected.low, expected.high,
                         kKnown[expected.kind].begin, kKnown[expected.kind].end);
    }
  }
  const uint64_t hard = causes.limit.hard_bytes == 0 ? UINT64_MAX : causes.limit.hard_bytes;
  const uint64_t soft = causes.limit.soft_bytes == 0 ? UINT64_MAX : causes.limit.soft_bytes;
  if (Count(kOutputLimit) > 0 && least_unsent_ <= std::min(hard, soft)) {
    return fmt::format("a client was ended for {} bytes of unsent output, and may have {}", least_unsent_,
                       std::min(hard, soft));
  }
  return {};
}

}  // namespace reprise
