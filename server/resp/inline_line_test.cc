// What is expected here was seen from redis-server 7.0.15.
#include "server/resp/inline_line.h"

#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace reprise {
namespace {

using Words = std::vector<std::string>;

std::optional<Words> Split(std::string_view line) {
  const std::unique_ptr<char[]> exact(new char[line.size()]);
  std::memcpy(exact.get(), line.data(), line.size());
  ArgumentList args;
  if (!SplitInlineLine({exact.get(), line.size()}, &args)) {
    return std::nullopt;
  }
  return Words(args.all().begin(), args.all().end());
}

TEST(InlineLineTest, WhiteSpaceSeparatesWords) {
  EXPECT_EQ(Split(""), Words());
  EXPECT_EQ(Split(" \t "), Words());
  EXPECT_EQ(Split("a"), Words({"a"}));
  EXPECT_EQ(Split("  GET\tkey\rmore  "), Words({"GET", "key", "more"}));
}

TEST(InlineLineTest, VerticalTabAndFormFeedPrecedeWordsButDoNotEndThem) {
  EXPECT_EQ(Split("\v\fECHO\v a\fb"), Words({"ECHO\v", "a\fb"}));
  EXPECT_EQ(Split("\"a\"\v"), Words({"a"}));
}

TEST(InlineLineTest, DoubleQuotesKnowEscapes) {
  EXPECT_EQ(Split(R"("\x41\n\r\t\b\a\q\\\"\xZZ\x4")"), Words({"A\n\r\t\b\aq\\\"xZZx4"}));
  EXPECT_EQ(Split(R"("\x00\xfF\xAb")"), Words({std::string("\0\xff\xab", 3)}));
  EXPECT_EQ(Split(R"("a b 'c'" "")"), Words({"a b 'c'", ""}));
}

TEST(InlineLineTest, CutOffHexEscapesAreNotReadOver) {
  EXPECT_EQ(Split(R"("\x4")"), Words({"x4"}));
  EXPECT_EQ(Split(R"("\x")"), Words({"x"}));
  EXPECT_EQ(Split(R"("\x4)"), std::nullopt);
  EXPECT_EQ(Split(R"("\)"), std::nullopt);
}

TEST(InlineLineTest, SingleQuotesKnowOneEscape) {
  EXPECT_EQ(Split(R"('a\'b\n\x41 "c"')"), Words({R"(a'b\n\x41 "c")"}));
  EXPECT_EQ(Split(R"('a\\')"), std::nullopt) << "the second backslash escapes the quote";
  EXPECT_EQ(Split(R"('a\\'')"), Words({R"(a\')"}));
  EXPECT_EQ(Split(R"('a\')"), std::nullopt);
}

TEST(InlineLineTest, BackslashOutsideOfQuotesIsPlain) { EXPECT_EQ(Split(R"(a\n \x41)"), Words({R"(a\n)", R"(\x41)"})); }

TEST(InlineLineTest, QuoteMayOpenWithinAWord) { EXPECT_EQ(Split(R"(foo"b r" x'y z')"), Words({"foob r", "xy z"})); }

TEST(InlineLineTest, TextBehindAClosingQuoteIsAnError) {
  EXPECT_EQ(Split(R"("a"b)"), std::nullopt);
  EXPECT_EQ(Split(R"('a'b)"), std::nullopt);
  EXPECT_EQ(Split(R"("a"'b')"), std::nullopt);
}

TEST(InlineLineTest, UnclosedQuoteIsAnError) {
  EXPECT_EQ(Split(R"("a)"), std::nullopt);
  EXPECT_EQ(Split(R"(a ')"), std::nullopt);
  EXPECT_EQ(Split(R"("a\")"), std::nullopt);
}

}  // namespace
}  // namespace reprise
