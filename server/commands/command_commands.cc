// COMMAND: what the command table knows.
#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "server/ascii.h"
#include "server/commands/command_context.h"
#include "server/commands/command_info.h"
#include "server/commands/glob.h"
#include "server/commands/help_reply.h"
#include "server/commands/key_finder.h"

namespace reprise {
namespace {

void InfoOfAll(CommandContext& ctx) {
  const auto all = ctx.server.commands().all();
  ctx.reply.ArrayHeader(all.size());
  for (const CommandEntry& entry : all) {
    WriteCommandInfo(ctx.reply, entry);
  }
}

void Count(CommandContext& ctx) { ctx.reply.Integer(static_cast<int64_t>(ctx.server.commands().all().size())); }

void Info(CommandContext& ctx) {
  if (ctx.args.size() == 2) {
    InfoOfAll(ctx);
    return;
  }
  const auto names = ctx.args.subspan(2);
  ctx.reply.ArrayHeader(names.size());
  for (const std::string_view name : names) {
    if (const CommandEntry* entry = ctx.server.commands().FindFullName(name)) {
      WriteCommandInfo(ctx.reply, *entry);
    } else {
      ctx.reply.Null();
    }
  }
}

void Docs(CommandContext& ctx) {
  std::vector<const CommandEntry*> entries;
  for (const std::string_view name : ctx.args.subspan(2)) {
    if (const CommandEntry* entry = ctx.server.commands().FindFullName(name)) {
      entries.push_back(entry);
    }
  }
  if (ctx.args.size() == 2) {
    for (const CommandEntry& entry : ctx.server.commands().all()) {
      entries.push_back(&entry);
    }
  }
  ctx.reply.MapHeader(entries.size());
  for (const CommandEntry* entry : entries) {
    ctx.reply.BulkString(entry->FullName());
    WriteCommandDocs(ctx.reply, *entry);
  }
}

using EntryFilter = std::function<bool(const CommandEntry&)>;

// What "FILTERBY `kind` `value`" lets through; nothing if there is no such kind.
std::optional<EntryFilter> MakeFilter(std::string_view kind, std::string_view value) {
  if (IsOption(kind, "module")) {
    return [](const CommandEntry&) { return false; };  // there are no modules
  }
  if (IsOption(kind, "aclcat")) {
    return [value](const CommandEntry& entry) {
      const std::vector<std::string_view> categories = AclCategories(entry);
      return std::any_of(categories.begin(), categories.end(),
                         [&](std::string_view category) { return IsOption(value, category); });
    };
  }
  if (IsOption(kind, "pattern")) {
    return [value](const CommandEntry& entry) { return GlobMatches(value, entry.FullName(), GlobCase::kIgnore); };
  }
  return std::nullopt;
}

void List(CommandContext& ctx) {
  std::optional<EntryFilter> filter = [](const CommandEntry&) { return true; };
  if (ctx.args.size() > 2) {
    const bool is_filter = ctx.args.size() == 5 && IsOption(ctx.args[2], "filterby");
    filter = is_filter ? MakeFilter(ctx.args[3], ctx.args[4]) : std::nullopt;
  }
  if (!filter) {
    ctx.SyntaxError();
    return;
  }
  const CommandTable& commands = ctx.server.commands();
  const size_t mark = ctx.reply.Mark();
  size_t count = 0;
  for (size_t i = 0; i < commands.index_count(); ++i) {
    if ((*filter)(commands.at(i))) {
      ctx.reply.BulkString(commands.at(i).FullName());
      ++count;
    }
  }
  ctx.reply.ArrayHeaderAt(mark, count);
}

// The keys of the request that stands behind "COMMAND GETKEYS"; nothing: answered with an error.
std::optional<std::vector<FoundKey>> KeysOfRequest(CommandContext& ctx) {
  const auto request = ctx.args.subspan(2);
  const CommandEntry* entry = ctx.server.commands().Find(request[0]);
  entry = entry == nullptr ? nullptr : CommandTable::Resolve(*entry, request);
  if (entry == nullptr) {
    ctx.Error("ERR Invalid command specified");
    return std::nullopt;
  }
  const Command& command = *entry->command;
  if (command.keys.empty()) {
    ctx.Error("ERR The command has no key arguments");
    return std::nullopt;
  }
  if (!entry->AritySuits(request.size())) {
    ctx.Error("ERR Invalid number of arguments specified for command");
    return std::nullopt;
  }
  std::optional<std::vector<FoundKey>> keys = FindKeys(command, request);
  if (!keys && (command.flags & kNoMandatoryKeys) != 0) {
    keys.emplace();
  }
  if (!keys) {
    ctx.Error("ERR Invalid arguments specified for command");
  }
  return keys;
}

void GetKeys(CommandContext& ctx) {
  if (const auto keys = KeysOfRequest(ctx)) {
    ctx.reply.ArrayHeader(keys->size());
    for (const FoundKey& key : *keys) {
      ctx.reply.BulkString(ctx.args[2 + key.index]);
    }
  }
}

void GetKeysAndFlags(CommandContext& ctx) {
  if (const auto keys = KeysOfRequest(ctx)) {
    ctx.reply.ArrayHeader(keys->size());
    for (const FoundKey& key : *keys) {
      ctx.reply.ArrayHeader(2);
      ctx.reply.BulkString(ctx.args[2 + key.index]);
      WriteWordSet(ctx.reply, key.flags);
    }
  }
}

constexpr std::string_view kHelp[] = {
    "(no subcommand)",
    "    All commands with their arity, flags, keys and categories.",
    "COUNT",
    "    How many commands there are.",
    "DOCS [<command-name> ...]",
    "    What commands are for: those named, or all.",
    "GETKEYS <full-command>",
    "    Which arguments of a request are keys.",
    "GETKEYSANDFLAGS <full-command>",
    "    The same, with what is done to each key.",
    "INFO [<command-name> ...]",
    "    Arity, flags, keys and categories: of those named, or all.",
    "LIST [FILTERBY (MODULE <name>|ACLCAT <category>|PATTERN <pattern>)]",
    "    The commands' names.",
};

constexpr uint32_t kFlags = kLoading | kStale;
constexpr std::string_view kTips[] = {"nondeterministic_output_order"};

// What all subcommands have in common.
constexpr Command Subcommand(Command facts) {
  facts.group = CommandGroup::kServer;
  facts.flags = kFlags;
  facts.acl = kAclConnection;
  facts.parent = "command";
  return facts;
}

constexpr std::string_view kByNames = "O(N) where N is the number of commands asked for";
constexpr std::string_view kByArguments = "O(N) where N is the number of arguments";
constexpr std::string_view kByCommands = "O(N) where N is the number of commands";

constexpr Command kSubcommands[] = {
    Subcommand({.name = "count",
                .arity = 2,
                .function = Count,
                .summary = "How many commands there are",
                .since = "2.8.13",
                .complexity = "O(1)"}),
    Subcommand({.name = "docs",
                .arity = -2,
                .function = Docs,
                .summary = "What commands are for",
                .since = "7.0.0",
                .complexity = kByNames,
                .arguments = "[command-name...]",
                .tips = kTips}),
    Subcommand({.name = "getkeys",
                .arity = -4,
                .function = GetKeys,
                .summary = "Which arguments of a request are keys",
                .since = "2.8.13",
                .complexity = kByArguments}),
    Subcommand({.name = "getkeysandflags",
                .arity = -4,
                .function = GetKeysAndFlags,
                .summary = "Which arguments are keys, and what is done to them",
                .since = "7.0.0",
                .complexity = kByArguments}),
    Subcommand({.name = "help",
                .arity = 2,
                .function = ReplyHelp,
                .summary = "What COMMAND can do",
                .since = "5.0.0",
                .complexity = "O(1)"}),
    Subcommand({.name = "info",
                .arity = -2,
                .function = Info,
                .summary = "Commands with their arity, flags and keys",
                .since = "2.8.13",
                .complexity = kByNames,
                .arguments = "[command-name...]",
                .history = "7.0.0 without a name: all commands",
                .tips = kTips}),
    Subcommand(
        {.name = "list",
         .arity = -2,
         .function = List,
         .summary = "The names of commands",
         .since = "7.0.0",
         .complexity = kByCommands,
         .arguments = "[filterby=FILTERBY(module-name=MODULE:string|category=ACLCAT:string|pattern=PATTERN:pattern)]",
         .tips = kTips}),
};

constexpr Command kCommands[] = {
    {
        .name = "command",
        .arity = -1,
        .flags = kFlags,
        .group = CommandGroup::kServer,
        .function = InfoOfAll,
        .summary = "Learn about the commands",
        .since = "2.8.13",
        .complexity = kByCommands,
        .acl = kAclConnection,
        .tips = kTips,
        .subcommands = kSubcommands,
        .help = kHelp,
    },
};

}  // namespace

std::span<const Command> CommandCommands() { return kCommands; }

}  // namespace reprise
