#include "server/commands/command_table.h"

#include <algorithm>
#include <array>
#include <bit>
#include <climits>
#include <cstring>

#include "loop/check.h"
#include "server/ascii.h"
#include "server/commands/argument_syntax.h"

namespace reprise {
namespace {

// The folded start of a name in one word: of a name of up to 8 bytes all of it (in an order that depends on its size
// only, so that no load reads beyond it and nothing loops), of a longer one the first 8. REQUIRES: `name` is not empty.
uint64_t FoldedStart(std::string_view name) {
  const char* bytes = name.data();
  const size_t size = name.size();
  if (size >= 8) {
    return FoldAscii8(LoadBytes<uint64_t>(bytes));
  }
  if (size >= 4) {
    return FoldAscii8(uint64_t{LoadBytes<uint32_t>(bytes)} | uint64_t{LoadBytes<uint32_t>(bytes + size - 4)} << 32);
  }
  const auto byte = [&](size_t at) { return uint64_t{static_cast<uint8_t>(bytes[at])}; };
  return FoldAscii8(byte(0) | byte(size / 2) << 8 | byte(size - 1) << 16);
}

size_t SlotOf(uint64_t start, size_t size, size_t slot_count) {
  const uint64_t mixed = (start ^ (uint64_t{size} << 56)) * 0x9E3779B97F4A7C15ULL;
  return static_cast<size_t>(mixed >> 32) & (slot_count - 1);
}

// The arguments that are keys, as COMMAND INFO's first, last and step tell them. Like Redis, one range of keys stands
// as it is; several are merged where they follow on each other; what does not fit makes the keys movable.
void DeriveKeyPositions(CommandEntry& entry) {
  const std::span<const KeySpec> keys = entry.command->keys;
  const auto is_range = [](const KeySpec& spec) { return spec.keyword.empty() && spec.count_at < 0; };
  const auto absolute_last = [](const KeySpec& spec) { return spec.last < 0 ? spec.last : spec.index + spec.last; };
  if (std::any_of(keys.begin(), keys.end(), [](const KeySpec& spec) { return spec.incomplete; })) {
    entry.flags |= kMovableKeys;
  }
  if (keys.size() == 1 && is_range(keys[0])) {
    entry.first_key = keys[0].index;
    entry.last_key = absolute_last(keys[0]);
    entry.key_step = keys[0].step;
    return;
  }
  for (const KeySpec& spec : keys) {
    const bool follows = entry.last_key == 0 || entry.last_key == spec.index - 1;
    if (!is_range(spec) || spec.step != 1 || !follows) {
      entry.flags |= kMovableKeys;
      continue;
    }
    entry.first_key = entry.first_key == 0 ? spec.index : std::min(entry.first_key, spec.index);
    entry.last_key = absolute_last(spec);
    entry.key_step = 1;
  }
}

CommandEntry MakeEntry(const Command& command) {
  CommandEntry entry;
  entry.command = &command;
  entry.flags = command.flags;
  DeriveKeyPositions(entry);
  for (const Command& subcommand : command.subcommands) {
    entry.subcommands.push_back(MakeEntry(subcommand));
  }
  return entry;
}

const CommandEntry* FindSubcommand(const CommandEntry& command, std::string_view name) {
  const auto found = std::find_if(command.subcommands.begin(), command.subcommands.end(),
                                  [&](const CommandEntry& entry) { return EqualsFolded(name, entry.command->name); });
  return found == command.subcommands.end() ? nullptr : &*found;
}

void AddTokens(const std::vector<Argument>& arguments, std::vector<std::string>* words) {
  for (const Argument& argument : arguments) {
    words->emplace_back(argument.token);
    AddTokens(argument.arguments, words);
  }
}

}  // namespace

std::string CommandEntry::FullName() const {
  return command->parent.empty() ? std::string(command->name)
                                 : std::string(command->parent) + "|" + std::string(command->name);
}

CommandTable::CommandTable()
    : CommandTable(std::array{ConnectionCommands(), ClientCommands(), CommandCommands(), ConfigCommands(),
                              ServerCommands(), DebugCommands(), LatencyCommands(), MemoryCommands(),
                              KeyspaceCommands(), KeyCommands(), ExpireCommands(), ObjectCommands(), ScanCommands(),
                              StringCommands(), MultiStringCommands(), StringRangeCommands(), IncrementCommands(),
                              LcsCommands()}) {}

CommandTable::CommandTable(std::span<const std::span<const Command>> families) {
  for (const std::span<const Command> family : families) {
    for (const Command& command : family) {
      entries_.push_back(MakeEntry(command));
    }
  }
  // A quarter full at most: nearly every look-up ends at its first slot.
  slots_.resize(std::bit_ceil(entries_.size() * 4 + 1));
  for (CommandEntry& entry : entries_) {
    Index(entry);
    Insert(entry);
  }
}

void CommandTable::Index(CommandEntry& entry) {
  entry.index = static_cast<uint32_t>(by_index_.size());
  by_index_.push_back(&entry);
  for (CommandEntry& subcommand : entry.subcommands) {
    CHECK(subcommand.command->parent == entry.command->name);
    Index(subcommand);
  }
}

void CommandTable::Insert(const CommandEntry& entry) {
  const std::string_view name = entry.command->name;
  CHECK(!name.empty() && Find(name) == nullptr);
  CHECK(std::none_of(name.begin(), name.end(), [](char c) { return c >= 'A' && c <= 'Z'; }));
  const uint64_t start = FoldedStart(name);
  size_t at = SlotOf(start, name.size(), slots_.size());
  while (slots_[at].size != 0) {
    at = (at + 1) & (slots_.size() - 1);
  }
  slots_[at] = {start, name.size(), &entry};
}

const CommandEntry* CommandTable::Find(std::string_view name) const {
  if (name.empty()) {
    return nullptr;
  }
  const uint64_t start = FoldedStart(name);
  for (size_t at = SlotOf(start, name.size(), slots_.size()); slots_[at].size != 0;
       at = (at + 1) & (slots_.size() - 1)) {
    const Slot& slot = slots_[at];
    if (slot.start == start && slot.size == name.size() &&
        (slot.size <= 8 || EqualsFolded(name.substr(8), slot.entry->command->name.substr(8)))) {
      return slot.entry;
    }
  }
  return nullptr;
}

const CommandEntry* CommandTable::Resolve(const CommandEntry& command, std::span<const std::string_view> args) {
  CHECK(!args.empty());
  return command.subcommands.empty() || args.size() == 1 ? &command : FindSubcommand(command, args[1]);
}

const CommandEntry* CommandTable::FindFullName(std::string_view name) const {
  const size_t bar = name.find('|');
  const CommandEntry* command = Find(name.substr(0, bar));
  return command == nullptr || bar == std::string_view::npos ? command : FindSubcommand(*command, name.substr(bar + 1));
}

std::vector<std::string> CommandWords(const CommandTable& table) {
  std::vector<std::string> words;
  for (size_t i = 0; i < table.index_count(); ++i) {
    const Command& command = *table.at(i).command;
    words.emplace_back(command.name);
    for (const KeySpec& spec : command.keys) {
      words.emplace_back(spec.keyword);
    }
    AddTokens(ParseArguments(command.arguments).value_or(std::vector<Argument>()), &words);
  }
  for (std::string& word : words) {
    std::transform(word.begin(), word.end(), word.begin(), ToLowerAscii);
  }
  words.erase(std::remove(words.begin(), words.end(), std::string()), words.end());
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return words;
}

}  // namespace reprise
