// CommandTable: every command that there is, found by name.
#ifndef REPRISE_SERVER_COMMANDS_COMMAND_TABLE_H_
#define REPRISE_SERVER_COMMANDS_COMMAND_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/commands/command.h"

namespace reprise {

// One family's commands; defined in the family's file. They live for ever.
std::span<const Command> ConnectionCommands();
std::span<const Command> ClientCommands();
std::span<const Command> CommandCommands();
std::span<const Command> ConfigCommands();
std::span<const Command> DebugCommands();
std::span<const Command> LatencyCommands();
std::span<const Command> MemoryCommands();
std::span<const Command> ServerCommands();
std::span<const Command> KeyspaceCommands();
std::span<const Command> KeyCommands();
std::span<const Command> ExpireCommands();
std::span<const Command> ObjectCommands();
std::span<const Command> ScanCommands();
std::span<const Command> StringCommands();
std::span<const Command> MultiStringCommands();
std::span<const Command> StringRangeCommands();
std::span<const Command> IncrementCommands();
std::span<const Command> LcsCommands();

// A command as the table knows it, with what is worked out once: its place in the table, for counting, and its first
// key, for prefetching.
struct CommandEntry {
  const Command* command = nullptr;
  uint32_t index = 0;  // dense, over commands and subcommands
  uint32_t flags = 0;  // the command's, and kMovableKeys where the key specifications imply it
  // Positions as in COMMAND INFO: the first and last key and the step between them, 0 0 0 where there are none.
  int first_key = 0;
  int last_key = 0;
  int key_step = 0;
  std::vector<CommandEntry> subcommands = {};

  // "get", "config|set"
  std::string FullName() const;
  // Whether a request of `count` arguments, with the names, has as many as it should.
  bool AritySuits(size_t count) const {
    const auto given = static_cast<int64_t>(count);
    return command->arity >= 0 ? given == command->arity : given >= -command->arity;
  }
};

class CommandTable {
 public:
  // Collects the families.
  CommandTable();
  // REQUIRES: every name is in lower case, and there once.
  explicit CommandTable(std::span<const std::span<const Command>> families);
  CommandTable(const CommandTable&) = delete;
  CommandTable& operator=(const CommandTable&) = delete;

  // By name in any case, or null. Allocates nothing.
  const CommandEntry* Find(std::string_view name) const;
  // The subcommand that `args` name, the command itself where it is no container or named alone; null: no such
  // subcommand. REQUIRES: args is not empty.
  static const CommandEntry* Resolve(const CommandEntry& command, std::span<const std::string_view> args);
  // By a name as COMMAND INFO takes it, "get" or "config|set", in any case, or null.
  const CommandEntry* FindFullName(std::string_view name) const;

  // In the order of the families.
  std::span<const CommandEntry> all() const { return entries_; }
  // One more than the largest index.
  size_t index_count() const { return by_index_.size(); }
  // REQUIRES: index < index_count().
  const CommandEntry& at(size_t index) const { return *by_index_[index]; }

 private:
  // The first eight bytes of the name, all of it for most commands, stand in the slot itself.
  struct Slot {
    uint64_t start = 0;
    uint64_t size = 0;  // of the name, 0: the slot is free
    const CommandEntry* entry = nullptr;
  };

  void Index(CommandEntry& entry);
  void Insert(const CommandEntry& entry);

  std::vector<CommandEntry> entries_;
  std::vector<const CommandEntry*> by_index_;
  std::vector<Slot> slots_;  // open addressing, a power of two
};

// The words, in lower case, that a request for anything in `table` may consist of beside keys and values: names of
// commands and subcommands, the words that their key specifications look for, and their options. For fuzzers'
// dictionaries.
std::vector<std::string> CommandWords(const CommandTable& table);

}  // namespace reprise

#endif  // REPRISE_SERVER_COMMANDS_COMMAND_TABLE_H_
