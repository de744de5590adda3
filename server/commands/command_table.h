// CommandTable: every command that there is, found by name.
#ifndef REPRISE_SERVER_COMMANDS_COMMAND_TABLE_H_
#define REPRISE_SERVER_COMMANDS_COMMAND_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "server/commands/command.h"

namespace reprise {

// One family's commands; defined in the family's file. They live for ever.
std::span<const Command> StringCommands();
std::span<const Command> KeyCommands();
std::span<const Command> ConnectionCommands();
std::span<const Command> ServerCommands();

// A command as the table knows it, with what is worked out once: its place in the table, for counting, and its first
// key, for prefetching.
struct CommandEntry {
  const Command* command = nullptr;
  uint32_t index = 0;  // dense, over commands and subcommands
  // Positions as in COMMAND INFO: the first and last key and the step between them, 0 0 0 where there are none.
  int first_key = 0;
  int last_key = 0;
  int key_step = 0;
  std::vector<CommandEntry> subcommands = {};
};

class CommandTable {
 public:
  // Collects the families.
  CommandTable();

  // By name in any case, or null.
  const CommandEntry* Find(std::string_view name) const;
  // The subcommand that `args` name, the command itself where it is no container; null: no such subcommand.
  // REQUIRES: args is not empty.
  static const CommandEntry* Resolve(const CommandEntry& command, std::span<const std::string_view> args);

  // In the order of the families.
  std::span<const CommandEntry> all() const { return entries_; }
  // One more than the largest index.
  size_t index_count() const { return index_count_; }

 private:
  std::vector<CommandEntry> entries_;
  std::vector<const CommandEntry*> slots_;  // open addressing, a power of two
  size_t index_count_ = 0;
};

}  // namespace reprise

#endif  // REPRISE_SERVER_COMMANDS_COMMAND_TABLE_H_
