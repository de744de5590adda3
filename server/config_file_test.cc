#include "server/config_file.h"

#include <gtest/gtest.h>

#include <string_view>

namespace reprise {
namespace {

TEST(ConfigFileTest, CommentsAndEmptyLinesSayNothingButAreCounted) {
  const auto lines = ParseConfigText("# a comment\n\n  \t\r\n   # another\nport 7000\n");
  ASSERT_TRUE(lines.ok());
  ASSERT_EQ(lines.value().size(), 1U);
  EXPECT_EQ(lines.value()[0].number, 5);
  EXPECT_EQ(lines.value()[0].text, "port 7000");
  EXPECT_EQ(lines.value()[0].words, (std::vector<std::string>{"port", "7000"}));
}

TEST(ConfigFileTest, LinesEndInEitherWayAndTheLastNeedsNoEnd) {
  const auto lines = ParseConfigText("\tport 1 \r\nbind a b");
  ASSERT_TRUE(lines.ok());
  ASSERT_EQ(lines.value().size(), 2U);
  EXPECT_EQ(lines.value()[0].words, (std::vector<std::string>{"port", "1"}));
  EXPECT_EQ(lines.value()[1].words, (std::vector<std::string>{"bind", "a", "b"}));
}

TEST(ConfigFileTest, QuotesMakeOneWordAndKnowEscapes) {
  const auto lines = ParseConfigText("requirepass \"a\\x41\\n b\"\nx 'it\\'s' \"\"\n");
  ASSERT_TRUE(lines.ok());
  EXPECT_EQ(lines.value()[0].words[1], "aA\n b");
  EXPECT_EQ(lines.value()[1].words, (std::vector<std::string>{"x", "it's", ""}));
}

TEST(ConfigFileTest, ANumberSignWithinALineIsAWord) {
  const auto lines = ParseConfigText("bind 127.0.0.1 # x");
  ASSERT_TRUE(lines.ok());
  EXPECT_EQ(lines.value()[0].words.size(), 4U);
}

TEST(ConfigFileTest, AnOpenQuoteIsReportedWithItsLine) {
  const auto lines = ParseConfigText("port 1\nrequirepass \"a\nport 2");
  ASSERT_FALSE(lines.ok());
  EXPECT_EQ(lines.status().detail(), "line 2, 'requirepass \"a': Unbalanced quotes in configuration line");
}

TEST(ConfigFileTest, ANulByteIsReportedWithItsLine) {
  const auto lines = ParseConfigText(std::string_view("port 1\nx\0y\n", 11));
  ASSERT_FALSE(lines.ok());
  EXPECT_EQ(lines.status().detail(), "line 2, '': a NUL byte in the line");
}

}  // namespace
}  // namespace reprise
