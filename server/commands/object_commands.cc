// OBJECT: what is known of a value beside the value.
#include <limits>
#include <optional>
#include <string_view>

#include "server/commands/command_context.h"
#include "server/commands/help_reply.h"
#include "server/commands/key_access.h"
#include "server/commands/key_specs.h"

namespace reprise {
namespace {

// The names are those of Redis's ways to keep a string; the rules are the ones by which it chooses.
constexpr size_t kEmbeddedBytesMax = 44;
constexpr int64_t kSharedIntegers = 10000;

std::optional<int64_t> AsInteger(Ref ref) { return ref.edited() ? std::nullopt : ParseInt64(ref.value()); }

std::string_view EncodingOf(Ref ref) {
  if (AsInteger(ref)) {
    return "int";
  }
  return ref.edited() || ref.value().size() > kEmbeddedBytesMax ? "raw" : "embstr";
}

// Finds the key of a subcommand; null, and answers so, if there is none.
Ref FindOrNull(CommandContext& ctx) {
  const Ref ref = ctx.FindToRead(2);
  if (!ref) {
    ctx.reply.Null();
  }
  return ref;
}

void Encoding(CommandContext& ctx) {
  if (const Ref ref = FindOrNull(ctx)) {
    ctx.reply.BulkString(EncodingOf(ref));
  }
}

void IdleTime(CommandContext& ctx) {
  if (const Ref ref = FindOrNull(ctx)) {
    ctx.reply.Integer(IdleSeconds(ref, ctx.now_ms));
  }
}

// Redis shares the objects of small integers, and says so by the largest count there is.
void RefCount(CommandContext& ctx) {
  if (const Ref ref = FindOrNull(ctx)) {
    const auto number = AsInteger(ref);
    const bool shared = number && *number >= 0 && *number < kSharedIntegers;
    ctx.reply.Integer(shared ? std::numeric_limits<int32_t>::max() : 1);
  }
}

void Freq(CommandContext& ctx) {
  if (FindOrNull(ctx)) {
    ctx.Error(
        "ERR An LFU maxmemory policy is not selected, access frequency not tracked. Please note that when switching "
        "between policies at runtime LRU and LFU data will take some time to adjust.");
  }
}

void Help(CommandContext& ctx) {
  static constexpr std::string_view kLines[] = {
      "ENCODING <key>",
      "    Tell how the value of <key> is kept.",
      "FREQ <key>",
      "    Tell how often <key> is used, on a logarithmic scale; only under an LFU",
      "    policy.",
      "IDLETIME <key>",
      "    Tell the seconds since <key> was last used.",
      "REFCOUNT <key>",
      "    Tell how many share the value of <key>.",
  };
  ReplyHelp(ctx, kLines);
}

constexpr KeySpec kSubjectKey[] = {{.flags = "RO", .index = 2}};

constexpr Command kSubcommands[] = {
    {.name = "encoding",
     .arity = 3,
     .flags = kReadonly,
     .group = CommandGroup::kGeneric,
     .function = Encoding,
     .summary = "Tells how a key's value is kept",
     .since = "2.2.3",
     .complexity = "O(1)",
     .keys = kSubjectKey,
     .acl = kAclKeyspace,
     .tips = kNondeterministic,
     .parent = "object"},
    {.name = "freq",
     .arity = 3,
     .flags = kReadonly,
     .group = CommandGroup::kGeneric,
     .function = Freq,
     .summary = "Tells how often a key is used",
     .since = "4.0.0",
     .complexity = "O(1)",
     .keys = kSubjectKey,
     .acl = kAclKeyspace,
     .tips = kNondeterministic,
     .parent = "object"},
    {.name = "help",
     .arity = 2,
     .flags = kLoading | kStale,
     .group = CommandGroup::kGeneric,
     .function = Help,
     .summary = "Tells what the subcommands do",
     .since = "6.2.0",
     .complexity = "O(1)",
     .acl = kAclKeyspace,
     .parent = "object"},
    {.name = "idletime",
     .arity = 3,
     .flags = kReadonly,
     .group = CommandGroup::kGeneric,
     .function = IdleTime,
     .summary = "Tells the seconds since a key was last used",
     .since = "2.2.3",
     .complexity = "O(1)",
     .keys = kSubjectKey,
     .acl = kAclKeyspace,
     .tips = kNondeterministic,
     .parent = "object"},
    {.name = "refcount",
     .arity = 3,
     .flags = kReadonly,
     .group = CommandGroup::kGeneric,
     .function = RefCount,
     .summary = "Tells how many share a key's value",
     .since = "2.2.3",
     .complexity = "O(1)",
     .keys = kSubjectKey,
     .acl = kAclKeyspace,
     .tips = kNondeterministic,
     .parent = "object"},
};

constexpr Command kCommands[] = {
    {.name = "object",
     .arity = -2,
     .flags = 0,
     .group = CommandGroup::kGeneric,
     .function = nullptr,
     .summary = "Tells what is known of a value beside the value",
     .since = "2.2.3",
     .complexity = "Depends on subcommand.",
     .subcommands = kSubcommands},
};

}  // namespace

std::span<const Command> ObjectCommands() { return kCommands; }

}  // namespace reprise
