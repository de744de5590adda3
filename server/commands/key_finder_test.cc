#include "server/commands/key_finder.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace reprise {
namespace {

using Words = std::vector<std::string_view>;

// The indices of the keys, "none" if they can't be told.
std::string Find(std::span<const KeySpec> keys, const Words& args) {
  const Command command = {
      .name = "x", .arity = -1, .flags = 0, .group = CommandGroup::kGeneric, .function = nullptr, .keys = keys};
  const auto found = FindKeys(command, args);
  if (!found) {
    return "none";
  }
  std::string text;
  for (const FoundKey& key : *found) {
    text += (text.empty() ? "" : " ") + std::to_string(key.index);
  }
  return text;
}

TEST(KeyFinderTest, ARangeMayBeOneKeyAFewOrTheRest) {
  constexpr KeySpec kOne[] = {{.flags = "RO"}};
  constexpr KeySpec kTwo[] = {{.flags = "RO", .last = 1}};
  constexpr KeySpec kRest[] = {{.flags = "RO", .last = -1}};
  constexpr KeySpec kAllButOne[] = {{.flags = "RO", .last = -2}};
  constexpr KeySpec kEveryOther[] = {{.flags = "RO", .last = -1, .step = 2}};
  const Words args = {"x", "a", "b", "c", "d"};
  EXPECT_EQ(Find(kOne, args), "1");
  EXPECT_EQ(Find(kTwo, args), "1 2");
  EXPECT_EQ(Find(kRest, args), "1 2 3 4");
  EXPECT_EQ(Find(kAllButOne, args), "1 2 3");
  EXPECT_EQ(Find(kEveryOther, args), "1 3");
}

TEST(KeyFinderTest, ALimitTakesAShareOfTheRest) {
  constexpr KeySpec kStreams[] = {{.flags = "RO", .index = 1, .keyword = "STREAMS", .last = -1, .limit = 2}};
  EXPECT_EQ(Find(kStreams, {"xread", "count", "2", "streams", "a", "b", "0", "0"}), "4 5");
  EXPECT_EQ(Find(kStreams, {"xread", "streams", "a", "0"}), "2");
  EXPECT_EQ(Find(kStreams, {"xread", "a", "0"}), "none");
}

TEST(KeyFinderTest, AKeywordIsLookedForFromEitherEnd) {
  constexpr KeySpec kForward[] = {{.flags = "RO", .index = 2, .keyword = "key"}};
  constexpr KeySpec kBackward[] = {{.flags = "RO", .index = -2, .keyword = "key"}};
  EXPECT_EQ(Find(kForward, {"x", "key", "a", "KEY", "b"}), "4");
  EXPECT_EQ(Find(kBackward, {"x", "key", "a", "key", "b", "c"}), "4");
  EXPECT_EQ(Find(kBackward, {"x", "a", "b", "key"}), "none");
}

TEST(KeyFinderTest, ACountTellsHowManyAndIsNotTrusted) {
  constexpr KeySpec kCounted[] = {{.flags = "RO", .index = 1, .count_at = 0, .count_first = 1}};
  EXPECT_EQ(Find(kCounted, {"x", "2", "a", "b", "c"}), "2 3");
  EXPECT_EQ(Find(kCounted, {"x", "4", "a", "b", "c"}), "none");
  EXPECT_EQ(Find(kCounted, {"x", "0", "a"}), "none");
  EXPECT_EQ(Find(kCounted, {"x", "-1", "a"}), "none");
  EXPECT_EQ(Find(kCounted, {"x", "two", "a"}), "none");
  EXPECT_EQ(Find(kCounted, {"x", "9223372036854775807", "a"}), "none");
  EXPECT_EQ(Find(kCounted, {"x"}), "none");
}

TEST(KeyFinderTest, SpecificationsAddUpAndOneThatDoesNotFitSpoilsAll) {
  constexpr KeySpec kBoth[] = {{.flags = "OW"}, {.flags = "RO", .index = 2, .count_at = 0, .count_first = 1}};
  EXPECT_EQ(Find(kBoth, {"x", "to", "2", "a", "b"}), "1 3 4");
  EXPECT_EQ(Find(kBoth, {"x", "to", "3", "a", "b"}), "none");
  EXPECT_EQ(Find(kBoth, {"x", "to", "0", "a", "b"}), "none");
}

TEST(KeyFinderTest, WhatIsNoKeyOrNotAllOfThemIsNotAnswered) {
  constexpr KeySpec kNotKey[] = {{.flags = "not_key"}};
  constexpr KeySpec kIncomplete[] = {{.flags = "RO access", .incomplete = true}};
  EXPECT_EQ(Find(kNotKey, {"x", "a"}), "none");
  EXPECT_EQ(Find(kIncomplete, {"x", "a"}), "none");
  EXPECT_EQ(Find({}, {"x", "a"}), "none");
}

TEST(KeyFinderTest, FlagsMayDependOnTheRequest) {
  constexpr KeySpec kVariable[] = {
      {.flags = "RW variable_flags", .flags_of = [](std::span<const std::string_view> args) -> std::string_view {
         return args.size() > 2 ? "RW" : "RO";
       }}};
  const Command command = {
      .name = "x", .arity = -1, .flags = 0, .group = CommandGroup::kGeneric, .function = nullptr, .keys = kVariable};
  const Words shorter = {"x", "a"};
  const Words longer = {"x", "a", "b"};
  EXPECT_EQ(FindKeys(command, shorter)->front().flags, "RO");
  EXPECT_EQ(FindKeys(command, longer)->front().flags, "RW");
}

}  // namespace
}  // namespace reprise
