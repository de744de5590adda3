#include "server/config_value.h"

#include <gtest/gtest.h>

#include <limits>

namespace reprise {
namespace {

TEST(ConfigValueTest, MemorySizesTakeUnitsInAnyCase) {
  EXPECT_EQ(ParseMemorySize("0"), 0U);
  EXPECT_EQ(ParseMemorySize("100"), 100U);
  EXPECT_EQ(ParseMemorySize("100b"), 100U);
  EXPECT_EQ(ParseMemorySize("1k"), 1000U);
  EXPECT_EQ(ParseMemorySize("1kb"), 1024U);
  EXPECT_EQ(ParseMemorySize("1M"), 1'000'000U);
  EXPECT_EQ(ParseMemorySize("1Mb"), 1U << 20);
  EXPECT_EQ(ParseMemorySize("1g"), 1'000'000'000U);
  EXPECT_EQ(ParseMemorySize("2GB"), 2ULL << 30);
}

TEST(ConfigValueTest, AnEmptyMemorySizeIsZeroAsInRedis) {
  EXPECT_EQ(ParseMemorySize(""), 0U);
  EXPECT_EQ(ParseMemorySize("kb"), 0U);
}

TEST(ConfigValueTest, WhatIsNoMemorySizeIsRefused) {
  for (const char* text : {"-1", "+1", " 1", "1 ", "1 mb", "1tb", "1.5mb", "x", "1kbb", "0x10"}) {
    EXPECT_EQ(ParseMemorySize(text), std::nullopt) << text;
  }
}

TEST(ConfigValueTest, AMemorySizeTooLargeToCountIsTheLargest) {
  constexpr uint64_t kMost = std::numeric_limits<uint64_t>::max();
  EXPECT_EQ(ParseMemorySize("18446744073709551615"), kMost);
  EXPECT_EQ(ParseMemorySize("18446744073709551616"), kMost);
  EXPECT_EQ(ParseMemorySize("17179869183gb"), 17179869183ULL << 30);
  EXPECT_EQ(ParseMemorySize("17179869184gb"), kMost);
}

TEST(ConfigValueTest, LooseIntegersAreThoseOfStrtoll) {
  EXPECT_EQ(ParseLooseInteger("755", 8), 0755);
  EXPECT_EQ(ParseLooseInteger("0755", 8), 0755);
  EXPECT_EQ(ParseLooseInteger("-7", 8), -7);
  EXPECT_EQ(ParseLooseInteger("", 8), 0);
  EXPECT_EQ(ParseLooseInteger(" \t+05", 10), 5);
  for (const char* text : {"8", "x", "7x", "7 ", "+-7", "-", "+", " "}) {
    EXPECT_EQ(ParseLooseInteger(text, 8), std::nullopt) << text;
  }
  EXPECT_EQ(ParseLooseInteger("9223372036854775808", 10), std::nullopt);
}

TEST(ConfigValueTest, YesAndNoAreTakenInAnyCase) {
  EXPECT_EQ(ParseYesNo("yes"), true);
  EXPECT_EQ(ParseYesNo("No"), false);
  for (const char* text : {"", "y", "true", "1", "yes ", "on"}) {
    EXPECT_EQ(ParseYesNo(text), std::nullopt) << text;
  }
}

TEST(ConfigValueTest, EveryBlankSeparates) {
  using Words = std::vector<std::string_view>;
  EXPECT_EQ(SplitAtBlanks("a b"), (Words{"a", "b"}));
  EXPECT_EQ(SplitAtBlanks("a  b "), (Words{"a", "", "b", ""}));
  EXPECT_EQ(SplitAtBlanks(""), (Words{""}));
}

}  // namespace
}  // namespace reprise
