// Finding keys without knowing them: KEYS, SCAN, RANDOMKEY.
#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/ascii.h"
#include "server/commands/command_context.h"
#include "server/commands/glob.h"
#include "server/commands/value_type_name.h"

namespace reprise {
namespace {

constexpr size_t kBucketsPerCount = 10;
// Room for the keys that most calls find: one bucket more than the usual COUNT needs.
constexpr size_t kFoundReserved = 24;
constexpr int kRandomDrawsMax = 1000;

// Null: every key matches, the empty one included.
using Pattern = std::optional<std::string_view>;

Pattern PatternFrom(std::string_view text) { return text == "*" ? Pattern() : Pattern(text); }

bool Matches(const Pattern& pattern, std::string_view key) { return !pattern || GlobMatches(*pattern, key); }

void Keys(CommandContext& ctx) {
  const Pattern pattern = PatternFrom(ctx.args[1]);
  const size_t mark = ctx.reply.Mark();
  size_t count = 0;
  ctx.db().ForEach([&](Ref ref) {
    if (Matches(pattern, ref.key()) && !Database::IsExpired(ref, ctx.now_ms)) {
      ctx.reply.BulkString(ref.key());
      ++count;
    }
  });
  ctx.reply.ArrayHeaderAt(mark, count);
}

struct ScanOptions {
  Pattern pattern;
  std::optional<std::string_view> type;
  size_t count = 10;
};

std::optional<ScanOptions> ScanOptionsOrError(CommandContext& ctx) {
  ScanOptions options;
  for (size_t i = 2; i < ctx.args.size(); i += 2) {
    const std::string_view word = ctx.args[i];
    const bool has_value = i + 1 < ctx.args.size();
    if (EqualsFolded(word, "match") && has_value) {
      options.pattern = PatternFrom(ctx.args[i + 1]);
    } else if (EqualsFolded(word, "type") && has_value) {
      options.type = ctx.args[i + 1];
    } else if (EqualsFolded(word, "count") && has_value) {
      const auto count = ParseInt64(ctx.args[i + 1]);
      if (!count) {
        ctx.NotAnInteger();
        return std::nullopt;
      }
      if (*count < 1) {
        ctx.SyntaxError();
        return std::nullopt;
      }
      options.count = static_cast<size_t>(*count);
    } else {
      ctx.SyntaxError();
      return std::nullopt;
    }
  }
  return options;
}

// A cursor as the C library's strtoul reads one: a sign may stand in front, a minus wraps around, nothing at all is 0,
// and a zero byte is the end.
std::optional<uint64_t> ParseCursor(std::string_view argument) {
  const std::string_view text = UpToNul(argument);
  if (text.empty()) {
    return 0;
  }
  const bool negative = text[0] == '-';
  const std::string_view digits = text.substr(negative || text[0] == '+' ? 1 : 0);
  uint64_t value = 0;
  const char* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, value);
  if (error != std::errc() || stop != end) {
    return std::nullopt;
  }
  return negative ? 0 - value : value;
}

// What a step of an iteration came upon.
struct ScanStep {
  std::vector<std::string_view> found;
  std::vector<std::string> expired;  // of keys that match the pattern
  uint64_t next = 0;
};

// Goes through buckets until so many keys were met, or so many buckets.
ScanStep ScanSome(const Database& db, uint64_t cursor, const ScanOptions& options, int64_t now_ms) {
  ScanStep step;
  step.found.reserve(kFoundReserved);
  const size_t most = std::numeric_limits<size_t>::max();
  size_t buckets_left = options.count > most / kBucketsPerCount ? most : options.count * kBucketsPerCount;
  size_t met = 0;
  do {
    cursor = db.Scan(cursor, [&](Ref ref) {
      ++met;
      if (!Matches(options.pattern, ref.key())) {
        return;
      }
      if (Database::IsExpired(ref, now_ms)) {
        step.expired.emplace_back(ref.key());
      } else if (!options.type || EqualsFolded(*options.type, ValueTypeName(ref.type()))) {
        step.found.push_back(ref.key());
      }
    });
    --buckets_left;
  } while (cursor != 0 && buckets_left > 0 && met < options.count);
  step.next = cursor;
  return step;
}

void Scan(CommandContext& ctx) {
  const auto cursor = ParseCursor(ctx.args[1]);
  if (!cursor) {
    ctx.Error("ERR invalid cursor");
    return;
  }
  const auto options = ScanOptionsOrError(ctx);
  if (!options) {
    return;
  }
  Database& db = ctx.db();
  const ScanStep step = ScanSome(db, *cursor, *options, ctx.now_ms);
  char text[kMaxInt64Digits];
  ctx.reply.ArrayHeader(2);
  ctx.reply.BulkString({text, static_cast<size_t>(FormatUint64(step.next, text) - text)});
  ctx.reply.ArrayHeader(step.found.size());
  for (const std::string_view key : step.found) {
    ctx.reply.BulkString(key);
  }
  for (const std::string& key : step.expired) {
    (void)db.FindLive(key, db.Hash(key), ctx.now_ms);  // met, so it goes
  }
}

// Draws again when an expired key comes up, which is removed. Where next to all keys are expired it gives up after a
// while and answers as for an empty database, rather than to keep everybody waiting.
void RandomKey(CommandContext& ctx) {
  Database& db = ctx.db();
  for (int draws = 0; draws < kRandomDrawsMax && db.size() > 0; ++draws) {
    const uint64_t random = ctx.server.world().entropy.Next();
    const Ref drawn = db.RandomEntry(random);
    if (const Ref live = db.FindLive(drawn.key(), db.Hash(drawn.key()), ctx.now_ms)) {
      ctx.reply.BulkString(live.key());
      return;
    }
  }
  ctx.reply.Null();
}

constexpr std::string_view kRandomKeyTips[] = {"request_policy:all_shards", "nondeterministic_output"};
constexpr std::string_view kKeysTips[] = {"request_policy:all_shards", "nondeterministic_output_order"};
constexpr std::string_view kScanTips[] = {"nondeterministic_output", "request_policy:special"};

constexpr Command kCommands[] = {
    {.name = "keys",
     .arity = 2,
     .flags = kReadonly,
     .group = CommandGroup::kGeneric,
     .function = Keys,
     .summary = "Tells all keys that match a pattern",
     .since = "1.0.0",
     .complexity = "O(N) for N keys in the database",
     .arguments = "pattern:pattern",
     .acl = kAclKeyspace | kAclDangerous,
     .tips = kKeysTips},
    {.name = "scan",
     .arity = -2,
     .flags = kReadonly,
     .group = CommandGroup::kGeneric,
     .function = Scan,
     .summary = "Goes through all keys, some with each call",
     .since = "2.8.0",
     .complexity = "O(1) for a call, O(N) for all N keys",
     .arguments = "cursor:integer [pattern=MATCH:pattern] [count=COUNT:integer] [type=TYPE:string@6.0.0]",
     .history = "6.0.0 TYPE",
     .acl = kAclKeyspace,
     .tips = kScanTips},
    {.name = "randomkey",
     .arity = 1,
     .flags = kReadonly,
     .group = CommandGroup::kGeneric,
     .function = RandomKey,
     .summary = "Tells one of the keys, drawn at random",
     .since = "1.0.0",
     .complexity = "O(1)",
     .acl = kAclKeyspace,
     .tips = kRandomKeyTips},
};

}  // namespace

std::span<const Command> ScanCommands() { return kCommands; }

}  // namespace reprise
