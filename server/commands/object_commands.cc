// OBJECT: what is known of a value beside the value.
#include <string_view>

#include "server/commands/command_context.h"
#include "server/commands/help_reply.h"
#include "server/commands/key_access.h"
#include "server/commands/key_specs.h"
#include "server/commands/value_encoding.h"

namespace reprise {
namespace {

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
    ctx.reply.BulkString(EncodingName(ref));
  }
}

void IdleTime(CommandContext& ctx) {
  if (const Ref ref = FindOrNull(ctx)) {
    ctx.reply.Integer(IdleSeconds(ref, ctx.now_ms));
  }
}

void RefCount(CommandContext& ctx) {
  if (const Ref ref = FindOrNull(ctx)) {
    ctx.reply.Integer(ReferenceCount(ref));
  }
}

void Freq(CommandContext& ctx) {
  if (FindOrNull(ctx)) {
    ctx.Error(
        "ERR An LFU maxmemory policy is not selected, access frequency not tracked. Please note that when switching "
        "between policies at runtime LRU and LFU data will take some time to adjust.");
  }
}

constexpr std::string_view kHelp[] = {
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

constexpr KeySpec kSubjectKey[] = {{.flags = "RO", .index = 2}};

// The subcommands that tell something of a key have all but three facts in common.
constexpr Command AboutKey(std::string_view name, CommandFunction function, std::string_view summary,
                           std::string_view since = "2.2.3") {
  return {.name = name,
          .arity = 3,
          .flags = kReadonly,
          .function = function,
          .summary = summary,
          .since = since,
          .complexity = "O(1)",
          .arguments = "key:key",
          .keys = kSubjectKey,
          .acl = kAclKeyspace,
          .tips = kNondeterministic,
          .parent = "object"};
}

constexpr Command kSubcommands[] = {
    AboutKey("encoding", Encoding, "Tells how a key's value is kept"),
    AboutKey("freq", Freq, "Tells how often a key is used", "4.0.0"),
    {.name = "help",
     .arity = 2,
     .flags = kLoading | kStale,
     .function = ReplyHelp,
     .summary = "Tells what the subcommands do",
     .since = "6.2.0",
     .complexity = "O(1)",
     .acl = kAclKeyspace,
     .parent = "object"},
    AboutKey("idletime", IdleTime, "Tells the seconds since a key was last used"),
    AboutKey("refcount", RefCount, "Tells how many share a key's value"),
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
     .subcommands = kSubcommands,
     .help = kHelp},
};

}  // namespace

std::span<const Command> ObjectCommands() { return kCommands; }

}  // namespace reprise
