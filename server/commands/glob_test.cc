#include "server/commands/glob.h"

#include <gtest/gtest.h>

#include <string>

namespace reprise {
namespace {

bool Folded(std::string_view pattern, std::string_view text) { return GlobMatches(pattern, text, GlobCase::kIgnore); }

TEST(GlobTest, PlainBytesMatchThemselvesAlone) {
  EXPECT_TRUE(GlobMatches("hello", "hello"));
  EXPECT_FALSE(GlobMatches("hello", "hell"));
  EXPECT_FALSE(GlobMatches("hello", "hellos"));
  EXPECT_FALSE(GlobMatches("hello", "Hello"));
  EXPECT_TRUE(GlobMatches("", ""));
  EXPECT_FALSE(GlobMatches("", "a"));
  EXPECT_TRUE(GlobMatches(std::string("a\0b", 3), std::string("a\0b", 3)));
}

TEST(GlobTest, AStarTakesAnyBytes) {
  EXPECT_TRUE(GlobMatches("*", "anything"));
  EXPECT_TRUE(GlobMatches("h*o", "hello"));
  EXPECT_TRUE(GlobMatches("h*o", "ho"));
  EXPECT_TRUE(GlobMatches("hello*", "hello"));
  EXPECT_TRUE(GlobMatches("hello***", "hello"));
  EXPECT_TRUE(GlobMatches("***o***", "hello"));
  EXPECT_TRUE(GlobMatches("*ab*ab", "abxabyab"));
  EXPECT_FALSE(GlobMatches("*ab*ab", "xaby"));
  EXPECT_FALSE(GlobMatches("h*z", "hello"));
}

TEST(GlobTest, EmptyTextIsMatchedByTheEmptyPatternAlone) {
  EXPECT_FALSE(GlobMatches("*", ""));
  EXPECT_FALSE(GlobMatches("**", ""));
  EXPECT_FALSE(GlobMatches("?", ""));
  EXPECT_FALSE(GlobMatches("[", ""));
}

TEST(GlobTest, AQuestionMarkTakesOneByte) {
  EXPECT_TRUE(GlobMatches("h?llo", "hello"));
  EXPECT_TRUE(GlobMatches("???", "\xff\x80z"));
  EXPECT_FALSE(GlobMatches("h?llo", "hllo"));
  EXPECT_FALSE(GlobMatches("??", "abc"));
}

TEST(GlobTest, BracketsTakeOneOfTheirBytes) {
  EXPECT_TRUE(GlobMatches("h[ae]llo", "hallo"));
  EXPECT_FALSE(GlobMatches("h[ae]llo", "hillo"));
  EXPECT_FALSE(GlobMatches("h[^e]llo", "hello"));
  EXPECT_TRUE(GlobMatches("h[^e]llo", "hbllo"));
  EXPECT_FALSE(GlobMatches("h[]llo", "hllo"));
  EXPECT_TRUE(GlobMatches("h[^]llo", "hxllo"));
  EXPECT_TRUE(GlobMatches("[[]", "["));
}

TEST(GlobTest, ARangeMayStandInEitherOrder) {
  EXPECT_TRUE(GlobMatches("[a-c]", "b"));
  EXPECT_TRUE(GlobMatches("[c-a]", "b"));
  EXPECT_FALSE(GlobMatches("[a-c]", "d"));
  EXPECT_TRUE(GlobMatches("[^a-c]", "d"));
  EXPECT_TRUE(GlobMatches("[-a]", "-"));
  EXPECT_TRUE(GlobMatches("[\xf0-\xff]", "\xf5"));
}

TEST(GlobTest, BytesInARangeCompareAsSignedOnes) {
  EXPECT_TRUE(GlobMatches("[a-\xff]", "A"));
  EXPECT_FALSE(GlobMatches("[a-\xff]", "z"));
}

// "]" behind the dash is the range's end, not the bracket's.
TEST(GlobTest, ARangeTakesTheClosingBracketAsItsEnd) {
  EXPECT_TRUE(GlobMatches("[a-]", "^"));
  EXPECT_TRUE(GlobMatches("[a-]x]", "x"));
  EXPECT_FALSE(GlobMatches("[a-]", "-"));
  EXPECT_TRUE(GlobMatches("[a-", "-"));
}

TEST(GlobTest, AnOpenBracketEndsWithThePattern) {
  EXPECT_TRUE(GlobMatches("h[e", "he"));
  EXPECT_FALSE(GlobMatches("h[e", "hello"));
  EXPECT_FALSE(GlobMatches("h[", "h["));
  EXPECT_TRUE(GlobMatches("h[^", "hx"));
  EXPECT_TRUE(GlobMatches("[\\", "\\"));
}

TEST(GlobTest, ABackslashMakesAByteStandForItself) {
  EXPECT_TRUE(GlobMatches("h\\*llo", "h*llo"));
  EXPECT_FALSE(GlobMatches("h\\*llo", "hello"));
  EXPECT_TRUE(GlobMatches("\\a", "a"));
  EXPECT_TRUE(GlobMatches("a\\", "a\\"));
  EXPECT_TRUE(GlobMatches("[\\]]", "]"));
  EXPECT_TRUE(GlobMatches("[\\^]", "^"));
}

TEST(GlobTest, LettersCanMatchInEitherCase) {
  EXPECT_TRUE(Folded("MAX*", "maxclients"));
  EXPECT_TRUE(Folded("[A-C]x", "bX"));
  EXPECT_TRUE(Folded("[aB]", "b"));
  EXPECT_TRUE(Folded("\\A", "a"));
  EXPECT_FALSE(Folded("[\\A]", "a"));
  EXPECT_FALSE(Folded("[", "{"));
}

// Backtracking into every star would take longer than the universe has.
TEST(GlobTest, ManyStarsCostNoMoreThanTheProductOfTheSizes) {
  std::string pattern;
  for (int i = 0; i < 1000; ++i) {
    pattern += "a*";
  }
  EXPECT_FALSE(GlobMatches(pattern + "b", std::string(5000, 'a')));
  EXPECT_TRUE(GlobMatches(pattern, std::string(5000, 'a')));
  EXPECT_TRUE(GlobMatches(std::string(1000000, '*'), "a"));
}

}  // namespace
}  // namespace reprise
