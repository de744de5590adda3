// LCS: the longest common subsequence of two strings.
#include <optional>

#include "server/ascii.h"
#include "server/commands/command_context.h"
#include "server/commands/key_access.h"
#include "server/commands/lcs.h"

namespace reprise {
namespace {

struct LcsOptions {
  bool length = false;
  bool ranges = false;
  bool range_lengths = false;
  int64_t range_length_min = 0;
};

std::optional<LcsOptions> ParseOptionsOrError(CommandContext& ctx) {
  LcsOptions options;
  for (size_t i = 3; i < ctx.args.size(); ++i) {
    const std::string_view word = ctx.args[i];
    if (EqualsFolded(word, "len")) {
      options.length = true;
    } else if (EqualsFolded(word, "idx")) {
      options.ranges = true;
    } else if (EqualsFolded(word, "withmatchlen")) {
      options.range_lengths = true;
    } else if (EqualsFolded(word, "minmatchlen") && i + 1 < ctx.args.size()) {
      const auto minimum = ParseInt64(ctx.args[++i]);
      if (!minimum) {
        ctx.NotAnInteger();
        return std::nullopt;
      }
      options.range_length_min = *minimum;
    } else {
      ctx.SyntaxError();
      return std::nullopt;
    }
  }
  if (options.length && options.ranges) {
    ctx.Error("ERR If you want both the length and indexes, please just use IDX.");
    return std::nullopt;
  }
  return options;
}

// Refuses what Redis refuses: it needs four bytes for each pair of a place in `a` and one in `b`, ends included, and
// allows no more for them than a bulk may have. We need less, but the same requests shall be taken.
bool FitsOrError(CommandContext& ctx, std::string_view a, std::string_view b) {
  const auto max_bytes = static_cast<uint64_t>(ctx.server.values().proto_max_bulk_len);
  if ((a.size() + 1) <= max_bytes / 4 / (b.size() + 1)) {
    return true;
  }
  ctx.Error("ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len");
  return false;
}

void ReplyEnds(ReplyWriter& reply, size_t begin, size_t length) {
  reply.ArrayHeader(2);
  reply.Integer(static_cast<int64_t>(begin));
  reply.Integer(static_cast<int64_t>(begin + length - 1));
}

void ReplyRanges(ReplyWriter& reply, const LcsMatch& match, const LcsOptions& options) {
  reply.MapHeader(2);
  reply.BulkString("matches");
  const size_t mark = reply.Mark();
  size_t count = 0;
  for (const LcsRange& range : match.ranges) {
    if (static_cast<int64_t>(range.length) < options.range_length_min) {
      continue;
    }
    ++count;
    reply.ArrayHeader(options.range_lengths ? 3 : 2);
    ReplyEnds(reply, range.a_begin, range.length);
    ReplyEnds(reply, range.b_begin, range.length);
    if (options.range_lengths) {
      reply.Integer(static_cast<int64_t>(range.length));
    }
  }
  reply.ArrayHeaderAt(mark, count);
  reply.BulkString("len");
  reply.Integer(static_cast<int64_t>(match.common.size()));
}

void Lcs(CommandContext& ctx) {
  Ref a_ref = ReadKey(ctx, 1);
  const Ref b_ref = ReadKey(ctx, 2);
  if (a_ref) {
    a_ref = ctx.db().Find(ctx.args[1], ctx.HashOf(1));  // an expired second key may have been removed in between
  }
  for (const Ref ref : {a_ref, b_ref}) {
    if (ref && ref.type() != ValueType::kString) {
      ctx.Error("ERR The specified keys must contain string values");
      return;
    }
  }
  const std::string_view a = a_ref ? a_ref.value() : std::string_view();
  const std::string_view b = b_ref ? b_ref.value() : std::string_view();
  const auto options = ParseOptionsOrError(ctx);
  if (!options || !FitsOrError(ctx, a, b)) {
    return;
  }
  if (options->length) {
    ctx.reply.Integer(static_cast<int64_t>(LcsLength(a, b)));
    return;
  }
  const LcsMatch match = FindLcs(a, b);
  if (options->ranges) {
    ReplyRanges(ctx.reply, match, *options);
  } else {
    ctx.reply.BulkString(match.common);
  }
}

constexpr KeySpec kTwoKeys[] = {{.flags = "RO access", .last = 1}};

constexpr Command kCommands[] = {
    {.name = "lcs",
     .arity = -3,
     .flags = kReadonly,
     .group = CommandGroup::kString,
     .function = Lcs,
     .summary = "Finds what two string values have in common, in order",
     .since = "7.0.0",
     .complexity = "O(N*M) for lengths N and M",
     .arguments = "key1:key key2:key [len=LEN] [idx=IDX] [len=MINMATCHLEN:integer] [withmatchlen=WITHMATCHLEN]",
     .keys = kTwoKeys},
};

}  // namespace

std::span<const Command> LcsCommands() { return kCommands; }

}  // namespace reprise
