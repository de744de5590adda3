// What is expected here was seen from redis-server 7.0.15 (DEBUG PROTOCOL under HELLO 2 and HELLO 3).
#include "server/resp/reply.h"

#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <string>

namespace reprise {
namespace {

using Write = std::function<void(ReplyWriter&)>;

std::string Bytes(RespVersion version, const Write& write) {
  ByteBuffer out;
  ReplyWriter writer(&out, version);
  write(writer);
  return std::string(out.view());
}

void ExpectBytes(const Write& write, const std::string& resp2, const std::string& resp3) {
  EXPECT_EQ(Bytes(RespVersion::kResp2, write), resp2);
  EXPECT_EQ(Bytes(RespVersion::kResp3, write), resp3);
}

void ExpectBytes(const Write& write, const std::string& both) { ExpectBytes(write, both, both); }

TEST(ReplyTest, SimpleStrings) {
  ExpectBytes([](ReplyWriter& w) { w.Ok(); }, "+OK\r\n");
  ExpectBytes([](ReplyWriter& w) { w.SimpleString("PONG"); }, "+PONG\r\n");
  ExpectBytes([](ReplyWriter& w) { w.SimpleString(""); }, "+\r\n");
  ExpectBytes([](ReplyWriter& w) { w.Raw(":7\r\n"); }, ":7\r\n");
}

TEST(ReplyTest, LineEndsInErrorsCannotBreakTheLine) {
  ExpectBytes([](ReplyWriter& w) { w.Error("ERR no"); }, "-ERR no\r\n");
  ExpectBytes([](ReplyWriter& w) { w.Error("ERR unknown command 'ab\r\ncd'"); }, "-ERR unknown command 'ab  cd'\r\n");
  ExpectBytes([](ReplyWriter& w) { w.Error("ERR end\r\n\n"); }, "-ERR end\r\n");
  ExpectBytes(
      [](ReplyWriter& w) {
        w.Ok();
        w.Error("ERR a\nb");
      },
      "+OK\r\n-ERR a b\r\n");
}

TEST(ReplyTest, Integers) {
  for (const int64_t value :
       {int64_t{0}, int64_t{1}, int64_t{9}, int64_t{10}, int64_t{99}, int64_t{100}, int64_t{-1}, int64_t{-100},
        std::numeric_limits<int64_t>::max(), std::numeric_limits<int64_t>::min()}) {
    const std::string digits = std::to_string(value);
    ExpectBytes([value](ReplyWriter& w) { w.Integer(value); }, ":" + digits + "\r\n");
    ExpectBytes([value](ReplyWriter& w) { w.BulkInteger(value); },
                "$" + std::to_string(digits.size()) + "\r\n" + digits + "\r\n");
  }
}

TEST(ReplyTest, BulkStrings) {
  for (const size_t size : std::initializer_list<size_t>{0, 1, 9, 10, 99, 100, 1000, 70000}) {
    const std::string text(size, 'x');
    const std::string expected = "$" + std::to_string(size) + "\r\n" + text + "\r\n";
    ExpectBytes([&](ReplyWriter& w) { w.BulkString(text); }, expected);
    ExpectBytes(
        [&](ReplyWriter& w) {
          w.BulkHeader(text.size());
          w.out().Append(text);
          w.BulkEnd();
        },
        expected);
  }
}

TEST(ReplyTest, Nulls) {
  ExpectBytes([](ReplyWriter& w) { w.Null(); }, "$-1\r\n", "_\r\n");
  ExpectBytes([](ReplyWriter& w) { w.NullArray(); }, "*-1\r\n", "_\r\n");
}

TEST(ReplyTest, Aggregates) {
  ExpectBytes([](ReplyWriter& w) { w.ArrayHeader(123); }, "*123\r\n");
  ExpectBytes([](ReplyWriter& w) { w.SetHeader(3); }, "*3\r\n", "~3\r\n");
  ExpectBytes([](ReplyWriter& w) { w.MapHeader(3); }, "*6\r\n", "%3\r\n");
  ExpectBytes([](ReplyWriter& w) { w.PushHeader(2); }, "*2\r\n", ">2\r\n");
  EXPECT_EQ(Bytes(RespVersion::kResp3, [](ReplyWriter& w) { w.AttributeHeader(1); }), "|1\r\n");
}

TEST(ReplyTest, HeaderCanBePutInFrontOfItsParts) {
  const auto write = [](ReplyWriter& w) {
    w.Ok();
    const size_t outer = w.Mark();
    w.Integer(1);
    const size_t inner = w.Mark();
    for (int i = 0; i < 12; ++i) {
      w.Integer(i % 10);
    }
    w.SetHeaderAt(inner, 12);
    w.ArrayHeaderAt(outer, 2);
    w.MapHeaderAt(w.Mark(), 0);
  };
  const std::string members = ":0\r\n:1\r\n:2\r\n:3\r\n:4\r\n:5\r\n:6\r\n:7\r\n:8\r\n:9\r\n:0\r\n:1\r\n";
  ExpectBytes(write, "+OK\r\n*2\r\n:1\r\n*12\r\n" + members + "*0\r\n",
              "+OK\r\n*2\r\n:1\r\n~12\r\n" + members + "%0\r\n");
}

TEST(ReplyTest, Doubles) {
  ExpectBytes([](ReplyWriter& w) { w.Double(3.141); }, "$5\r\n3.141\r\n", ",3.141\r\n");
  ExpectBytes([](ReplyWriter& w) { w.Double(0.1); }, "$19\r\n0.10000000000000001\r\n", ",0.10000000000000001\r\n");
  ExpectBytes([](ReplyWriter& w) { w.Double(-std::numeric_limits<double>::infinity()); }, "$4\r\n-inf\r\n",
              ",-inf\r\n");
  ExpectBytes([](ReplyWriter& w) { w.HumanLongDouble(10.6L); }, "$4\r\n10.6\r\n", ",10.6\r\n");
}

TEST(ReplyTest, OtherTypesOfResp3) {
  ExpectBytes([](ReplyWriter& w) { w.Boolean(true); }, ":1\r\n", "#t\r\n");
  ExpectBytes([](ReplyWriter& w) { w.Boolean(false); }, ":0\r\n", "#f\r\n");
  ExpectBytes([](ReplyWriter& w) { w.BigNumber("1234567999999999999999999999999999999"); },
              "$37\r\n1234567999999999999999999999999999999\r\n", "(1234567999999999999999999999999999999\r\n");
  ExpectBytes([](ReplyWriter& w) { w.Verbatim("txt", "This is a verbatim\nstring"); },
              "$25\r\nThis is a verbatim\nstring\r\n", "=29\r\ntxt:This is a verbatim\nstring\r\n");
}

}  // namespace
}  // namespace reprise
