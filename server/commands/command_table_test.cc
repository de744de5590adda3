#include "server/commands/command_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <set>
#include <string>
#include <vector>

#include "server/commands/command_info.h"

namespace reprise {
namespace {

void Nothing(CommandContext&) {}

constexpr KeySpec kOneKey[] = {{.flags = "RO"}};
constexpr KeySpec kAllKeys[] = {{.flags = "RO", .last = -1}};
constexpr KeySpec kTwoSpecs[] = {{.flags = "RO", .index = 1}, {.flags = "OW", .index = 2}};
constexpr KeySpec kApart[] = {{.flags = "RO", .index = 1}, {.flags = "OW", .index = 4}};
constexpr KeySpec kCounted[] = {{.flags = "RO", .index = 1, .count_at = 0, .count_first = 1}};
constexpr KeySpec kDestinationAndCounted[] = {{.flags = "OW"}, {.index = 2, .count_at = 0, .count_first = 1}};
constexpr KeySpec kPairs[] = {{.flags = "OW", .last = -1, .step = 2}};

constexpr Command kSubs[] = {
    {.name = "first", .arity = 2, .flags = kFast, .group = CommandGroup::kServer, .function = Nothing, .parent = "box"},
    {.name = "second", .arity = 2, .flags = 0, .group = CommandGroup::kServer, .function = Nothing, .parent = "box"},
};

constexpr Command MakeCommand(std::string_view name, std::span<const KeySpec> keys = {}) {
  return {.name = name, .arity = -2, .flags = 0, .group = CommandGroup::kGeneric, .function = Nothing, .keys = keys};
}

constexpr Command kFamily[] = {
    MakeCommand("a"),
    MakeCommand("get", kOneKey),
    MakeCommand("mget", kAllKeys),
    MakeCommand("copies", kTwoSpecs),
    MakeCommand("exactly8", kApart),
    MakeCommand("exactly8plus", kCounted),
    MakeCommand("exactly8minus", kDestinationAndCounted),
    MakeCommand("a-very-long-name-of-27-bytes", kPairs),
    {.name = "box", .arity = -2, .flags = 0, .group = CommandGroup::kServer, .function = nullptr, .subcommands = kSubs},
};

const CommandTable& Table() {
  static const CommandTable table(std::array<std::span<const Command>, 1>{kFamily});
  return table;
}

std::array<int, 3> Positions(std::string_view name) {
  const CommandEntry* entry = Table().Find(name);
  return {entry->first_key, entry->last_key, entry->key_step};
}

TEST(CommandTableTest, FindsEveryNameInAnyCase) {
  for (const Command& command : kFamily) {
    std::string name(command.name);
    for (size_t i = 0; i < name.size(); i += 2) {
      name[i] = static_cast<char>(std::toupper(name[i]));
    }
    ASSERT_NE(Table().Find(name), nullptr) << name;
    EXPECT_EQ(Table().Find(name)->command, &command);
  }
}

TEST(CommandTableTest, FindsNothingElse) {
  EXPECT_EQ(Table().Find(""), nullptr);
  for (const Command& command : kFamily) {
    for (size_t i = 0; i < command.name.size(); ++i) {
      for (int byte = 0; byte < 256; ++byte) {
        std::string name(command.name);
        name[i] = static_cast<char>(byte);
        const bool same = std::tolower(byte) == command.name[i];
        ASSERT_EQ(Table().Find(name) == nullptr, !same) << name;
      }
    }
    EXPECT_EQ(Table().Find(std::string(command.name) + "x"), nullptr);
    EXPECT_EQ(Table().Find(std::string(command.name) + std::string(1, '\0')), nullptr);
    EXPECT_EQ(Table().Find(" " + std::string(command.name)), nullptr);
  }
}

TEST(CommandTableTest, KeyPositionsFollowFromTheSpecifications) {
  using Three = std::array<int, 3>;
  EXPECT_EQ(Positions("a"), (Three{0, 0, 0}));
  EXPECT_EQ(Positions("get"), (Three{1, 1, 1}));
  EXPECT_EQ(Positions("mget"), (Three{1, -1, 1}));
  EXPECT_EQ(Positions("copies"), (Three{1, 2, 1}));
  EXPECT_EQ(Positions("exactly8"), (Three{1, 1, 1}));
  EXPECT_EQ(Positions("exactly8plus"), (Three{0, 0, 0}));
  EXPECT_EQ(Positions("exactly8minus"), (Three{1, 1, 1}));
  EXPECT_EQ(Positions("a-very-long-name-of-27-bytes"), (Three{1, -1, 2}));
}

TEST(CommandTableTest, KeysThatPositionsDoNotCoverAreMovable) {
  std::set<std::string> movable;
  for (const CommandEntry& entry : Table().all()) {
    if ((entry.flags & kMovableKeys) != 0) {
      movable.insert(entry.FullName());
    }
  }
  EXPECT_EQ(movable, (std::set<std::string>{"exactly8", "exactly8plus", "exactly8minus"}));
}

TEST(CommandTableTest, ResolvesSubcommandsInAnyCase) {
  const CommandEntry* box = Table().Find("box");
  const auto resolve = [&](std::vector<std::string_view> args) { return CommandTable::Resolve(*box, args); };
  EXPECT_EQ(resolve({"BOX", "SECOND", "x"})->FullName(), "box|second");
  EXPECT_EQ(resolve({"box", "third"}), nullptr);
  EXPECT_EQ(resolve({"box"}), box);
  const CommandEntry* get = Table().Find("get");
  const std::string_view args[] = {"get", "second"};
  EXPECT_EQ(CommandTable::Resolve(*get, args), get);
}

TEST(CommandTableTest, FindsFullNames) {
  EXPECT_EQ(Table().FindFullName("GET"), Table().Find("get"));
  EXPECT_EQ(Table().FindFullName("Box|First")->FullName(), "box|first");
  EXPECT_EQ(Table().FindFullName("box|third"), nullptr);
  EXPECT_EQ(Table().FindFullName("box|"), nullptr);
  EXPECT_EQ(Table().FindFullName("get|first"), nullptr);
  EXPECT_EQ(Table().FindFullName("|first"), nullptr);
}

TEST(CommandTableTest, IndicesAreDenseOverCommandsAndSubcommands) {
  ASSERT_EQ(Table().index_count(), std::size(kFamily) + std::size(kSubs));
  for (size_t i = 0; i < Table().index_count(); ++i) {
    EXPECT_EQ(Table().at(i).index, i);
  }
}

TEST(CommandTableTest, ArityIsExactOrAMinimum) {
  const CommandEntry* first = Table().FindFullName("box|first");
  EXPECT_FALSE(first->AritySuits(1));
  EXPECT_TRUE(first->AritySuits(2));
  EXPECT_FALSE(first->AritySuits(3));
  const CommandEntry* get = Table().Find("get");
  EXPECT_FALSE(get->AritySuits(1));
  EXPECT_TRUE(get->AritySuits(2));
  EXPECT_TRUE(get->AritySuits(200));
}

TEST(CommandTableTest, WordsAreSortedAndOnce) {
  const std::vector<std::string> words = CommandWords(Table());
  EXPECT_TRUE(std::is_sorted(words.begin(), words.end()));
  EXPECT_EQ(std::adjacent_find(words.begin(), words.end()), words.end());
  EXPECT_EQ(std::count(words.begin(), words.end(), "first"), 1);
  EXPECT_EQ(std::count(words.begin(), words.end(), "get"), 1);
}

// ---- The server's own table ----

TEST(ServerCommandsTest, WordsHaveTheOptionsToo) {
  const std::vector<std::string> words = CommandWords(CommandTable());
  for (const std::string word : {"set", "keepttl", "pxat", "skipme", "minmatchlen", "setname"}) {
    EXPECT_TRUE(std::binary_search(words.begin(), words.end(), word)) << word;
  }
  EXPECT_FALSE(words.front().empty());
}

TEST(ServerCommandsTest, EveryCommandIsDescribed) {
  const CommandTable table;
  for (size_t i = 0; i < table.index_count(); ++i) {
    const Command& command = *table.at(i).command;
    const std::string name = table.at(i).FullName();
    EXPECT_FALSE(command.summary.empty()) << name;
    EXPECT_FALSE(command.since.empty()) << name;
    EXPECT_NE(command.arity, 0) << name;
    EXPECT_TRUE(command.function != nullptr || !command.subcommands.empty()) << name;
  }
}

// What the command is named alone with must not reach a function that isn't there.
TEST(ServerCommandsTest, AContainerWithoutAFunctionAsksForASubcommand) {
  const CommandTable table;
  for (const CommandEntry& entry : table.all()) {
    if (entry.command->function == nullptr) {
      EXPECT_LE(entry.command->arity, -2) << entry.FullName();
    }
  }
}

TEST(ServerCommandsTest, KeysLieWithinWhatTheArityAsksFor) {
  const CommandTable table;
  for (size_t i = 0; i < table.index_count(); ++i) {
    const CommandEntry& entry = table.at(i);
    EXPECT_LT(entry.first_key, std::abs(entry.command->arity)) << entry.FullName();
    EXPECT_LT(entry.last_key, std::abs(entry.command->arity)) << entry.FullName();
    EXPECT_EQ(entry.first_key == 0, entry.key_step == 0) << entry.FullName();
  }
}

TEST(ServerCommandsTest, WhatTouchesKeysReadsOrWrites) {
  const CommandTable table;
  for (size_t i = 0; i < table.index_count(); ++i) {
    const CommandEntry& entry = table.at(i);
    const uint32_t kinds = entry.flags & (kWrite | kReadonly);
    EXPECT_NE(kinds, kWrite | kReadonly) << entry.FullName();
    EXPECT_TRUE(entry.first_key == 0 || kinds != 0) << entry.FullName();
  }
}

TEST(ServerCommandsTest, WhatChangesHowBytesAreReadSaysSo) {
  const CommandTable table;
  for (const char* name : {"auth", "hello", "reset", "config"}) {
    EXPECT_NE(table.Find(name)->flags & kChangesParsing, 0U) << name;
  }
  EXPECT_EQ(table.Find("get")->flags & kChangesParsing, 0U);
}

TEST(ServerCommandsTest, CategoriesFollowFromFlagsAndGroup) {
  const CommandTable table;
  using Categories = std::vector<std::string_view>;
  EXPECT_EQ(AclCategories(*table.Find("get")), (Categories{"read", "string", "fast"}));
  EXPECT_EQ(AclCategories(*table.Find("set")), (Categories{"write", "string", "slow"}));
  EXPECT_EQ(AclCategories(*table.Find("flushall")), (Categories{"keyspace", "write", "slow", "dangerous"}));
  EXPECT_EQ(AclCategories(*table.Find("info")), (Categories{"slow", "dangerous"}));
  EXPECT_EQ(AclCategories(*table.FindFullName("client|kill")),
            (Categories{"admin", "slow", "dangerous", "connection"}));
}

}  // namespace
}  // namespace reprise
