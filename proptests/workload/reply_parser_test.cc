#include "proptests/workload/reply_parser.h"

#include <gtest/gtest.h>

namespace reprise {
namespace {

std::vector<ReplyValue> ParseAll(ReplyParser& parser) {
  std::vector<ReplyValue> replies;
  while (std::optional<ReplyValue> reply = parser.Next()) {
    replies.push_back(*std::move(reply));
  }
  return replies;
}

constexpr std::string_view kStream =
    "+OK\r\n-ERR "
    "no\r\n:-42\r\n$-1\r\n*-1\r\n$0\r\n\r\n*2\r\n$3\r\na\r\n\r\n%1\r\n+k\r\n_\r\n#t\r\n,1.5\r\n(123\r\n=7\r\n"
    "txt:abc\r\n~1\r\n:1\r\n*3\r\n*0\r\n%1\r\n$1\r\nk\r\n*2\r\n:1\r\n:2\r\n+end\r\n";

TEST(ReplyParser, GivesTheSameRepliesUnderEverySplit) {
  ReplyParser whole;
  whole.Feed(kStream);
  const std::vector<ReplyValue> expected = ParseAll(whole);
  ASSERT_EQ(whole.error(), "");
  ASSERT_EQ(expected.size(), 13u);
  EXPECT_EQ(expected.back().ToString(), "[[], %[\"k\", [1, 2]], +end]");
  for (size_t cut = 0; cut <= kStream.size(); ++cut) {
    ReplyParser parser;
    parser.Feed(kStream.substr(0, cut));
    std::vector<ReplyValue> replies = ParseAll(parser);
    parser.Feed(kStream.substr(cut));
    for (ReplyValue& reply : ParseAll(parser)) {
      replies.push_back(std::move(reply));
    }
    EXPECT_EQ(replies, expected) << "cut at " << cut;
  }
}

TEST(ReplyParser, WaitsForTheLastByte) {
  ReplyParser parser;
  for (const char c : kStream.substr(0, kStream.size() - 1)) {
    parser.Feed(std::string_view(&c, 1));
    (void)ParseAll(parser);
  }
  EXPECT_TRUE(parser.midway());
  EXPECT_EQ(parser.error(), "");
}

TEST(ReplyParser, ForgivesNothing) {
  for (const std::string_view wrong :
       {"OK\r\n", "+OK\n", "+a\rb\r\n", ":x\r\n", ":01\r\n", ":+1\r\n", "$-2\r\n", "$03\r\nabc\r\n", "$3\r\nabcde\r\n",
        "*-2\r\n", "_x\r\n", "#x\r\n", "-\r\n", "%-1\r\n", ",abc\r\n", "(-\r\n", "*1\r\nx\r\n"}) {
    ReplyParser parser;
    parser.Feed(wrong);
    EXPECT_EQ(parser.Next(), std::nullopt) << wrong;
    EXPECT_NE(parser.error(), "") << wrong;
  }
}

TEST(ReplyParser, NestingWithoutEndIsAnError) {
  ReplyParser parser;
  for (int i = 0; i < 100; ++i) {
    parser.Feed("*1\r\n");
  }
  EXPECT_EQ(parser.Next(), std::nullopt);
  EXPECT_NE(parser.error(), "");
}

}  // namespace
}  // namespace reprise
