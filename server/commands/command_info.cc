#include "server/commands/command_info.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <initializer_list>
#include <string>
#include <utility>

#include "loop/check.h"
#include "server/commands/argument_syntax.h"
#include "server/config_value.h"

namespace reprise {
namespace {

// By bit, from kWrite on.
constexpr std::array<std::string_view, 21> kFlagNames = {
    "write",         "readonly",          "denyoom",          "module",   "admin",
    "pubsub",        "noscript",          "blocking",         "loading",  "stale",
    "skip_monitor",  "skip_slowlog",      "asking",           "fast",     "no_auth",
    "may_replicate", "no_mandatory_keys", "no_async_loading", "no_multi", "movablekeys",
    "allow_busy",
};

std::string_view GroupName(CommandGroup group) {
  switch (group) {
    case CommandGroup::kGeneric:
      return "generic";
    case CommandGroup::kString:
      return "string";
    case CommandGroup::kConnection:
      return "connection";
    case CommandGroup::kServer:
      return "server";
  }
  return {};
}

void WriteFlags(ReplyWriter& reply, uint32_t flags) {
  std::vector<std::string_view> names;
  for (size_t i = 0; i < kFlagNames.size(); ++i) {
    if ((flags >> i & 1) != 0) {
      names.push_back(kFlagNames[i]);
    }
  }
  reply.SetHeader(names.size());
  for (const std::string_view name : names) {
    reply.SimpleString(name);
  }
}

void WriteField(ReplyWriter& reply, std::string_view name, std::string_view value) {
  reply.BulkString(name);
  reply.BulkString(value);
}

void WriteField(ReplyWriter& reply, std::string_view name, int64_t value) {
  reply.BulkString(name);
  reply.Integer(value);
}

void WriteBeginSearch(ReplyWriter& reply, const KeySpec& spec) {
  reply.BulkString("begin_search");
  reply.MapHeader(2);
  WriteField(reply, "type", spec.keyword.empty() ? "index" : "keyword");
  reply.BulkString("spec");
  if (spec.keyword.empty()) {
    reply.MapHeader(1);
    WriteField(reply, "index", spec.index);
  } else {
    reply.MapHeader(2);
    WriteField(reply, "keyword", spec.keyword);
    WriteField(reply, "startfrom", spec.index);
  }
}

void WriteFindKeys(ReplyWriter& reply, const KeySpec& spec) {
  const bool is_range = spec.count_at < 0;
  reply.BulkString("find_keys");
  reply.MapHeader(2);
  WriteField(reply, "type", is_range ? "range" : "keynum");
  reply.BulkString("spec");
  reply.MapHeader(3);
  if (is_range) {
    WriteField(reply, "lastkey", spec.last);
    WriteField(reply, "keystep", spec.step);
    WriteField(reply, "limit", spec.limit);
  } else {
    WriteField(reply, "keynumidx", spec.count_at);
    WriteField(reply, "firstkey", spec.count_first);
    WriteField(reply, "keystep", spec.step);
  }
}

void WriteKeySpec(ReplyWriter& reply, const KeySpec& spec) {
  reply.MapHeader(spec.notes.empty() ? 3 : 4);
  if (!spec.notes.empty()) {
    WriteField(reply, "notes", spec.notes);
  }
  reply.BulkString("flags");
  WriteWordSet(reply, spec.incomplete ? std::string(spec.flags) + " incomplete" : std::string(spec.flags));
  WriteBeginSearch(reply, spec);
  WriteFindKeys(reply, spec);
}

size_t CountTrue(std::initializer_list<bool> facts) {
  return static_cast<size_t>(std::count(facts.begin(), facts.end(), true));
}

void WriteFieldIfAny(ReplyWriter& reply, std::string_view name, std::string_view value) {
  if (!value.empty()) {
    WriteField(reply, name, value);
  }
}

// "2.6.12 what came then; 6.0.0 what came then"
void WriteHistory(ReplyWriter& reply, std::string_view history) {
  const size_t mark = reply.Mark();
  size_t count = 0;
  while (!history.empty()) {
    const std::string_view item = history.substr(0, history.find("; "));
    const size_t blank = item.find(' ');
    CHECK(blank != std::string_view::npos);
    reply.ArrayHeader(2);
    reply.BulkString(item.substr(0, blank));
    reply.BulkString(item.substr(blank + 1));
    history.remove_prefix(std::min(history.size(), item.size() + 2));
    ++count;
  }
  reply.SetHeaderAt(mark, count);
}

void WriteArguments(ReplyWriter& reply, const std::vector<Argument>& arguments);

void WriteArgument(ReplyWriter& reply, const Argument& argument) {
  std::string flags;
  flags += argument.optional ? "optional " : "";
  flags += argument.multiple ? "multiple " : "";
  flags += argument.multiple_token ? "multiple_token " : "";
  reply.MapHeader(CountTrue({true, true, argument.key_spec >= 0, !argument.token.empty(), !argument.since.empty(),
                             !argument.deprecated_since.empty(), !flags.empty(), !argument.arguments.empty()}));
  WriteField(reply, "name", argument.name);
  WriteField(reply, "type", argument.type);
  if (argument.key_spec >= 0) {
    WriteField(reply, "key_spec_index", argument.key_spec);
  }
  WriteFieldIfAny(reply, "token", argument.token);
  WriteFieldIfAny(reply, "since", argument.since);
  WriteFieldIfAny(reply, "deprecated_since", argument.deprecated_since);
  if (!flags.empty()) {
    reply.BulkString("flags");
    flags.pop_back();
    WriteWordSet(reply, flags);
  }
  if (!argument.arguments.empty()) {
    reply.BulkString("arguments");
    WriteArguments(reply, argument.arguments);
  }
}

void WriteArguments(ReplyWriter& reply, const std::vector<Argument>& arguments) {
  reply.ArrayHeader(arguments.size());
  for (const Argument& argument : arguments) {
    WriteArgument(reply, argument);
  }
}

}  // namespace

void WriteWordSet(ReplyWriter& reply, std::string_view words) {
  const std::vector<std::string_view> split = SplitAtBlanks(words);
  reply.SetHeader(split.size());
  for (const std::string_view word : split) {
    reply.SimpleString(word);
  }
}

std::vector<std::string_view> AclCategories(const CommandEntry& entry) {
  const Command& command = *entry.command;
  const uint32_t flags = entry.flags;
  const uint32_t acl = command.acl;
  const bool admin = (flags & kAdmin) != 0 || (acl & kAclAdmin) != 0;
  const bool fast = (flags & kFast) != 0;
  const std::pair<std::string_view, bool> memberships[] = {
      {"keyspace", (acl & kAclKeyspace) != 0},
      {"read", (flags & kReadonly) != 0},
      {"write", (flags & kWrite) != 0},
      {"string", command.group == CommandGroup::kString},
      {"pubsub", (flags & kPubsub) != 0},
      {"admin", admin},
      {"fast", fast},
      {"slow", !fast || (acl & kAclSlow) != 0},
      {"blocking", (flags & kBlocking) != 0},
      {"dangerous", admin || (acl & kAclDangerous) != 0},
      {"connection", (acl & kAclConnection) != 0},
  };
  std::vector<std::string_view> names;
  for (const auto& [name, is_member] : memberships) {
    if (is_member) {
      names.push_back(name);
    }
  }
  return names;
}

void WriteCommandInfo(ReplyWriter& reply, const CommandEntry& entry) {
  const Command& command = *entry.command;
  reply.ArrayHeader(10);
  reply.BulkString(entry.FullName());
  reply.Integer(command.arity);
  WriteFlags(reply, entry.flags);
  reply.Integer(entry.first_key);
  reply.Integer(entry.last_key);
  reply.Integer(entry.key_step);
  const std::vector<std::string_view> categories = AclCategories(entry);
  reply.SetHeader(categories.size());
  for (const std::string_view name : categories) {
    reply.SimpleString(fmt::format("@{}", name));
  }
  reply.SetHeader(command.tips.size());
  for (const std::string_view tip : command.tips) {
    reply.BulkString(tip);
  }
  reply.SetHeader(command.keys.size());
  for (const KeySpec& spec : command.keys) {
    WriteKeySpec(reply, spec);
  }
  if (entry.subcommands.empty()) {
    reply.SetHeader(0);  // so it is in Redis: a set where there are none, else an array
    return;
  }
  reply.ArrayHeader(entry.subcommands.size());
  for (const CommandEntry& subcommand : entry.subcommands) {
    WriteCommandInfo(reply, subcommand);
  }
}

void WriteCommandDocs(ReplyWriter& reply, const CommandEntry& entry) {
  const Command& command = *entry.command;
  const bool deprecated = !command.deprecated_since.empty();
  const std::string_view doc_flag = deprecated ? "deprecated" : (command.flags & kSystemCommand) != 0 ? "syscmd" : "";
  reply.MapHeader(CountTrue({true, true, true, !command.complexity.empty(), !doc_flag.empty(), deprecated, deprecated,
                             !command.history.empty(), !command.arguments.empty(), !entry.subcommands.empty()}));
  WriteField(reply, "summary", command.summary);
  WriteField(reply, "since", command.since);
  WriteField(reply, "group", GroupName(command.group));
  WriteFieldIfAny(reply, "complexity", command.complexity);
  if (!doc_flag.empty()) {
    reply.BulkString("doc_flags");
    WriteWordSet(reply, doc_flag);
  }
  WriteFieldIfAny(reply, "deprecated_since", command.deprecated_since);
  WriteFieldIfAny(reply, "replaced_by", command.replaced_by);
  if (!command.history.empty()) {
    reply.BulkString("history");
    WriteHistory(reply, command.history);
  }
  if (!command.arguments.empty()) {
    const auto arguments = ParseArguments(command.arguments);
    CHECK(arguments.has_value());
    reply.BulkString("arguments");
    WriteArguments(reply, *arguments);
  }
  if (!entry.subcommands.empty()) {
    reply.BulkString("subcommands");
    reply.MapHeader(entry.subcommands.size());
    for (const CommandEntry& subcommand : entry.subcommands) {
      reply.BulkString(subcommand.FullName());
      WriteCommandDocs(reply, subcommand);
    }
  }
}

}  // namespace reprise
