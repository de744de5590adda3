// What is expected here was seen from redis-server 7.0.15, unless a test says that we differ.
#include "server/resp/parser.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "server/resp/parse_pieces_testing.h"

namespace reprise {
namespace {

using namespace std::string_literals;
using Requests = std::vector<std::vector<std::string>>;

constexpr std::string_view kPing = "*1\r\n$4\r\nPING\r\n";

// The stream as read at once; every other way to cut it (in two anywhere, and bytewise) must give the same.
ParsedStream Parse(const std::string& bytes, const ParseLimits& limits = {}) {
  ParsedStream whole = ParseInPieces(bytes, {}, limits);
  EXPECT_EQ(ParseInPieces(bytes, CutEverywhere(bytes.size()), limits), whole);
  for (size_t cut = 1; cut < bytes.size() && bytes.size() < 2000; ++cut) {
    EXPECT_EQ(ParseInPieces(bytes, std::vector<size_t>{cut}, limits), whole) << "cut at " << cut;
  }
  return whole;
}

std::string ErrorOf(const std::string& bytes, const ParseLimits& limits = {}) {
  return Parse(bytes, limits).error.Text();
}

Requests RequestsOf(const std::string& bytes, const ParseLimits& limits = {}) {
  ParsedStream stream = Parse(bytes, limits);
  EXPECT_EQ(stream.error.Text(), "");
  return stream.requests;
}

// The parser waits for more in the midst of the last request.
void ExpectWaiting(const std::string& bytes) {
  const ParsedStream stream = Parse(bytes);
  EXPECT_EQ(stream.error.Text(), "");
  EXPECT_EQ(stream.complete_bytes, 0U);
  EXPECT_EQ(stream.requests, Requests());
}

std::string Bulk(const std::string& payload) {
  return "$" + std::to_string(payload.size()) + "\r\n" + payload + "\r\n";
}

TEST(ParserTest, ArraysOfBulkStringsAreRequests) {
  EXPECT_EQ(RequestsOf("*1\r\n$4\r\nPING\r\n*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$0\r\n\r\n"),
            (Requests{{"PING"}, {"SET", "k", ""}}));
}

TEST(ParserTest, PayloadMayHoldAnyByte) {
  EXPECT_EQ(RequestsOf("*1\r\n$6\r\n\r\n\0*1$\r\n"s), (Requests{{"\r\n\0*1$"s}}));
}

TEST(ParserTest, LengthsOfAllDigitCountsAreRead) {
  for (const size_t size :
       std::initializer_list<size_t>{0, 1, 9, 10, 11, 99, 100, 101, 999, 1000, 1001, 9999, 10000, 123456}) {
    const std::string payload(size, 'x');
    EXPECT_EQ(RequestsOf("*1\r\n" + Bulk(payload)), (Requests{{payload}}));
  }
  for (const size_t count : std::initializer_list<size_t>{1, 9, 10, 99, 100, 999, 1000, 1025, 12345}) {
    std::string bytes = "*" + std::to_string(count) + "\r\n";
    for (size_t i = 0; i < count; ++i) {
      bytes += Bulk("a");
    }
    EXPECT_EQ(RequestsOf(bytes), (Requests{std::vector<std::string>(count, "a")}));
  }
}

TEST(ParserTest, ByteAfterCarriageReturnOfACountLineIsSkippedUnseen) {
  EXPECT_EQ(RequestsOf("*1\rX$4\rYPING\r\nPING\r\n"), (Requests{{"PING"}, {"PING"}}));
  ExpectWaiting("*1\r");
}

TEST(ParserTest, TwoBytesAfterThePayloadAreSkippedUnseen) {
  EXPECT_EQ(RequestsOf("*2\r\n$4\r\nECHO\r\n$3\r\nabc$$PING\r\n"), (Requests{{"ECHO", "abc"}, {"PING"}}));
  ExpectWaiting("*1\r\n$4\r\nPING\r");
}

TEST(ParserTest, CountsOfZeroAndLessAreEmptyRequests) {
  EXPECT_EQ(RequestsOf("*0\r\n*-1\r\n*-77\r\n*-9223372036854775808\r\nPING\r\n"), (Requests{{}, {}, {}, {}, {"PING"}}));
}

TEST(ParserTest, MalformedCountsAreRefused) {
  for (const auto& count : {""s, "0x"s, "+1"s, "01"s, " 1"s, "1 "s, "-0"s, "-01"s, "-"s, "1\n"s, "\n1"s, "a"s,
                            "2147483648"s, "9223372036854775808"s, "-9223372036854775809"s}) {
    EXPECT_EQ(ErrorOf("*" + count + "\r\n$4\r\nPING\r\n"), "ERR Protocol error: invalid multibulk length") << count;
  }
  ExpectWaiting("*2147483647\r\n$4\r\nPING\r\n");
}

TEST(ParserTest, MalformedBulkLengthsAreRefused) {
  for (const auto& length : {""s, "0x"s, "+4"s, "04"s, "00"s, " 4"s, "4 "s, "-1"s, "-0"s, "4\n"s, "4x"s, "44x"s,
                             "444x"s, "536870913"s, "9223372036854775808"s}) {
    EXPECT_EQ(ErrorOf("*1\r\n$" + length + "\r\nPING\r\n"), "ERR Protocol error: invalid bulk length") << length;
  }
  ExpectWaiting("*1\r\n$536870912\r\nPING\r\n");
}

TEST(ParserTest, BulkLimitIsTheCallers) {
  ParseLimits limits;
  limits.max_bulk_bytes = 10;
  EXPECT_EQ(RequestsOf("*1\r\n$10\r\n0123456789\r\n", limits), (Requests{{"0123456789"}}));
  EXPECT_EQ(ErrorOf("*1\r\n$11\r\n", limits), "ERR Protocol error: invalid bulk length");
}

TEST(ParserTest, LargestPossibleBulkLimitDoesNotOverflow) {
  ParseLimits limits;
  limits.max_bulk_bytes = std::numeric_limits<int64_t>::max();
  const ParsedStream stream = Parse("*1\r\n$9223372036854775807\r\nabc", limits);
  EXPECT_EQ(stream.error.Text(), "");
  EXPECT_EQ(stream.requests.size(), 0U);
}

TEST(ParserTest, DollarIsExpectedOnceTheLineIsComplete) {
  EXPECT_EQ(ErrorOf("*1\r\nX4\r\nPING\r\n"), "ERR Protocol error: expected '$', got 'X'");
  EXPECT_EQ(ErrorOf("*1\r\nXX\r\n"), "ERR Protocol error: expected '$', got 'X'");
  EXPECT_EQ(ErrorOf("*1\r\n\xff\r\n"), "ERR Protocol error: expected '$', got '\xff'");
  EXPECT_EQ(ErrorOf("*2\r\n$1\r\na\r\n*1\r\n"), "ERR Protocol error: expected '$', got '*'");
  ExpectWaiting("*1\r\nX");
  ExpectWaiting("*1\r\nX4\r");
}

TEST(ParserTest, LineEndWhereDollarIsExpectedIsShownAsABlank) {
  EXPECT_EQ(ErrorOf("*1\r\n\r\n"), "ERR Protocol error: expected '$', got ' '");
  EXPECT_EQ(ErrorOf("*1\r\n\n\r\n"), "ERR Protocol error: expected '$', got ' '");
}

TEST(ParserTest, NulHidesTheEndOfALine) {
  ExpectWaiting("*1\0\r\n$4\r\nPING\r\nPING\r\n"s);
  ExpectWaiting("*1\r\n\0\r\nPING\r\n"s);
  ExpectWaiting("*1\r\n\0004\r\nPING\r\n"s);
  ExpectWaiting("*1\r\n\00012\r\nPING\r\n"s + std::string(65525, 'x'));
  EXPECT_EQ(ErrorOf("*1\r\n\00012\r\nPING\r\n"s + std::string(65526, 'x')),
            "ERR Protocol error: too big bulk count string");
  ExpectWaiting("PI\0NG\r\nPING\r\n"s);
  ExpectWaiting("PI\0NG\r\n"s + std::string(65529, 'x'));
  EXPECT_EQ(ErrorOf("PI\0NG\r\n"s + std::string(65530, 'x')), "ERR Protocol error: too big inline request");
}

TEST(ParserTest, RequestsBeforeAnErrorCount) {
  const ParsedStream stream = Parse(std::string(kPing) + "*x\r\n" + std::string(kPing));
  EXPECT_EQ(stream.requests, (Requests{{"PING"}}));
  EXPECT_EQ(stream.error.Text(), "ERR Protocol error: invalid multibulk length");
  EXPECT_EQ(stream.complete_bytes, kPing.size());
}

TEST(ParserTest, InlineLinesEndWithNewlineAndAnOptionalCarriageReturn) {
  EXPECT_EQ(RequestsOf("PING\r\nPING\nECHO  a\t b \r\nECHO a\r\r\n"),
            (Requests{{"PING"}, {"PING"}, {"ECHO", "a", "b"}, {"ECHO", "a"}}));
  ExpectWaiting("PING\r");
}

TEST(ParserTest, LinesWithoutAWordAreEmptyRequests) {
  EXPECT_EQ(RequestsOf("\r\n\n  \t \r\nPING\r\n"), (Requests{{}, {}, {}, {"PING"}}));
}

TEST(ParserTest, StarBehindABlankIsInline) { EXPECT_EQ(RequestsOf(" *1\r\n"), (Requests{{"*1"}})); }

TEST(ParserTest, UnbalancedQuotesAreRefused) {
  for (const auto& line : {"SET \"a\r\n"s, "ECHO \"a\"b\r\n"s, "ECHO 'a'b\r\n"s, "ECHO \"a\\\r\n"s, "'\r\n"s}) {
    EXPECT_EQ(ErrorOf(line), "ERR Protocol error: unbalanced quotes in request") << line;
  }
}

TEST(ParserTest, ArgumentsWithQuotesAreDecoded) {
  EXPECT_EQ(RequestsOf("SET \"a\\x41\\n\" 'it\\'s' foo\"b r\"\r\n"), (Requests{{"SET", "aA\n", "it's", "foob r"}}));
}

// Redis takes longer lines when they come with their end in one piece; we never do.
TEST(ParserTest, InlineLineIsRefusedIfAndOnlyIfLongerThanTheLimit) {
  const std::string longest(65536, 'A');
  for (const auto& end : {"\n"s, "\r\n"s}) {
    EXPECT_EQ(RequestsOf(longest + end), (Requests{{longest}}));
    EXPECT_EQ(ErrorOf(longest + "A" + end), "ERR Protocol error: too big inline request");
    EXPECT_EQ(ErrorOf(longest + longest + end), "ERR Protocol error: too big inline request");
  }
  ExpectWaiting(longest);
  ExpectWaiting(longest + "\r");
  EXPECT_EQ(ErrorOf(longest + "A"), "ERR Protocol error: too big inline request");
  EXPECT_EQ(ErrorOf(longest + "\rA"), "ERR Protocol error: too big inline request");
  EXPECT_EQ(ErrorOf(longest + "\r\r\n"), "ERR Protocol error: too big inline request");
  EXPECT_EQ(ErrorOf("\"" + longest + "\n"), "ERR Protocol error: too big inline request");
}

TEST(ParserTest, OverlongCountLinesAreRefused) {
  const std::string digits(65535, '1');
  ExpectWaiting("*" + digits);
  ExpectWaiting("*1\r\n$" + digits);
  EXPECT_EQ(ErrorOf("*" + digits + "\r\n"), "ERR Protocol error: invalid multibulk length");
  EXPECT_EQ(ErrorOf("*1\r\n$" + digits + "\r\n"), "ERR Protocol error: invalid bulk length");
  EXPECT_EQ(ErrorOf("*1" + digits), "ERR Protocol error: too big mbulk count string");
  EXPECT_EQ(ErrorOf("*1\r\n$1" + digits), "ERR Protocol error: too big bulk count string");
  EXPECT_EQ(ErrorOf("*1\r\nX1" + digits), "ERR Protocol error: too big bulk count string");
  // With its end in the same piece Redis would find the number malformed: again we don't let the cut decide.
  EXPECT_EQ(ErrorOf("*1" + digits + "\r\n"), "ERR Protocol error: too big mbulk count string");
  EXPECT_EQ(ErrorOf("*1\r\n$1" + digits + "\r\n"), "ERR Protocol error: too big bulk count string");
}

TEST(ParserTest, SmallerLimitsHoldBeforeAuthentication) {
  const ParseLimits limits = ParseLimits::Unauthenticated();
  std::string ten = "*10\r\n";
  for (int i = 0; i < 10; ++i) {
    ten += Bulk("a");
  }
  EXPECT_EQ(RequestsOf(ten, limits).size(), 1U);
  EXPECT_EQ(ErrorOf("*11\r\n", limits), "ERR Protocol error: unauthenticated multibulk length");
  EXPECT_EQ(ErrorOf("*2147483648\r\n", limits), "ERR Protocol error: invalid multibulk length");
  EXPECT_EQ(RequestsOf("*1\r\n" + Bulk(std::string(16384, 'x')), limits).size(), 1U);
  EXPECT_EQ(ErrorOf("*1\r\n$16385\r\n", limits), "ERR Protocol error: unauthenticated bulk length");
  EXPECT_EQ(ErrorOf("*1\r\n$600000000\r\n", limits), "ERR Protocol error: invalid bulk length");
}

TEST(ParserTest, InlineRequestsAreNotLimitedBeforeAuthentication) {
  const ParseLimits limits = ParseLimits::Unauthenticated();
  EXPECT_EQ(RequestsOf("a a a a a a a a a a a a\r\n", limits)[0].size(), 12U);
  EXPECT_EQ(RequestsOf("ECHO " + std::string(20000, 'x') + "\r\n", limits)[0][1].size(), 20000U);
}

TEST(ParserTest, RequestsAddUpInOneList) {
  const std::string bytes = "*1\r\n$4\r\nPING\r\n*2\r\n$4\r\nECHO\r\n$1\r\na\r\n*1\r\n$4\r\nPI";
  ArgumentList args;
  ProtocolError error;
  size_t pos = 0;
  EXPECT_EQ(ParseNext(bytes, &pos, {}, &args, &error), ParseOutcome::kRequest);
  EXPECT_EQ(ParseNext(bytes, &pos, {}, &args, &error), ParseOutcome::kRequest);
  EXPECT_EQ(ParseNext(bytes, &pos, {}, &args, &error), ParseOutcome::kNeedMore);
  ASSERT_EQ(args.size(), 3U);
  EXPECT_EQ(args[2], "a");
  EXPECT_EQ(args.subspan(1, 2)[0], "ECHO");
  EXPECT_EQ(args[0].data(), bytes.data() + 8) << "an argument should be a view of the input";
  EXPECT_EQ(bytes.substr(pos), "*1\r\n$4\r\nPI");
}

TEST(ParserTest, ClearedListOwnsNothing) {
  ArgumentList args;
  ProtocolError error;
  size_t pos = 0;
  EXPECT_EQ(ParseNext("ECHO \"a b\"\n", &pos, {}, &args, &error), ParseOutcome::kRequest);
  EXPECT_EQ(args.memory_bytes(), 2 * sizeof(std::string_view) + 3);
  args.Clear();
  EXPECT_EQ(args.memory_bytes(), 0U);
}

TEST(ParserTest, EmptyInputNeedsMore) {
  ArgumentList args;
  ProtocolError error;
  size_t pos = 0;
  EXPECT_EQ(ParseNext("", &pos, {}, &args, &error), ParseOutcome::kNeedMore);
}

}  // namespace
}  // namespace reprise
