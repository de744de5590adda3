// Command: all that is known of a command, in one place.
//
// Each family of commands has a table of these (string_commands.cc, key_commands.cc ...). What COMMAND tells, the ACL
// categories, the arity check, the keys that are prefetched, the fuzzers' dictionary and the generators of the property
// tests all come from here. The facts are those of redis-server 7.0.15's COMMAND INFO and COMMAND DOCS.
#ifndef REPRISE_SERVER_COMMANDS_COMMAND_H_
#define REPRISE_SERVER_COMMANDS_COMMAND_H_

#include <cstdint>
#include <span>
#include <string_view>

namespace reprise {

class CommandContext;

// Flags as COMMAND INFO names them, in the order in which it lists them.
enum CommandFlag : uint32_t {
  kWrite = 1U << 0,
  kReadonly = 1U << 1,
  kDenyOom = 1U << 2,
  kModule = 1U << 3,
  kAdmin = 1U << 4,
  kPubsub = 1U << 5,
  kNoscript = 1U << 6,
  kBlocking = 1U << 7,
  kLoading = 1U << 8,
  kStale = 1U << 9,
  kSkipMonitor = 1U << 10,
  kSkipSlowlog = 1U << 11,
  kAsking = 1U << 12,
  kFast = 1U << 13,
  kNoAuth = 1U << 14,
  kMayReplicate = 1U << 15,
  kNoMandatoryKeys = 1U << 16,
  kNoAsyncLoading = 1U << 17,
  kNoMulti = 1U << 18,
  kMovableKeys = 1U << 19,
  kAllowBusy = 1U << 20,
  // Not shown: the command may change how the bytes behind it are to be read, so nothing parsed ahead may be used.
  kChangesParsing = 1U << 30,
  // Not shown but by COMMAND DOCS: not meant for clients.
  kSystemCommand = 1U << 29,
};

enum class CommandGroup : uint8_t { kGeneric, kString, kConnection, kServer };

// ACL categories that don't follow from the flags and the group (those are derived as Redis does).
enum AclCategory : uint32_t {
  kAclKeyspace = 1U << 0,
  kAclDangerous = 1U << 1,
  kAclAdmin = 1U << 2,
  kAclSlow = 1U << 3,
  kAclConnection = 1U << 4,
};

// Where keys stand among the arguments, as the key specifications of Redis 7 say it.
struct KeySpec {
  std::string_view flags;  // words separated by blanks: "RW access update"
  std::string_view notes;
  // Where the search begins: at argument `index`, or behind the word `keyword`, looked for from `index` on.
  int index = 1;
  std::string_view keyword;
  // Which arguments are keys from there on: up to `last` (counted from the first one found, or from the end when
  // negative), every `step`th; or, when `count_at` >= 0, as many as the argument at that offset says.
  int last = 0;
  int step = 1;
  int limit = 0;
  int count_at = -1;
  int count_first = 0;
  bool incomplete = false;
  // With "variable_flags" among the flags: those of a certain request, which is right but for its arguments' values.
  std::string_view (*flags_of)(std::span<const std::string_view> args) = nullptr;
};

using CommandFunction = void (*)(CommandContext&);

struct Command {
  std::string_view name;  // in lower case; of a subcommand its own part: "setname"
  int arity = 0;          // arguments with the name; negative: at least so many
  uint32_t flags = 0;
  CommandGroup group = CommandGroup::kGeneric;
  CommandFunction function = nullptr;  // null: a container, that has subcommands only
  std::string_view summary = {};
  std::string_view since = {};
  std::string_view complexity = {};
  std::string_view arguments = {};  // in the notation of argument_syntax.h
  std::string_view history = {};    // "2.6.12 what came then; 6.0.0 what came then"
  std::string_view deprecated_since = {};
  std::string_view replaced_by = {};
  std::span<const KeySpec> keys = {};
  uint32_t acl = 0;
  std::span<const std::string_view> tips = {};
  std::span<const Command> subcommands = {};
  std::string_view parent = {};                 // of a subcommand, its container's name
  std::span<const std::string_view> help = {};  // of a container, what its HELP tells of each subcommand but HELP
};

}  // namespace reprise

#endif  // REPRISE_SERVER_COMMANDS_COMMAND_H_
