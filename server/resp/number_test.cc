// What is expected here was seen from redis-server 7.0.15 (INCRBY, INCRBYFLOAT, ZADD).
#include "server/resp/number.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <string>

namespace reprise {
namespace {

constexpr int64_t kMin = std::numeric_limits<int64_t>::min();
constexpr int64_t kMax = std::numeric_limits<int64_t>::max();

TEST(NumberTest, IntegersHaveOneSpelling) {
  EXPECT_EQ(ParseInt64("0"), 0);
  EXPECT_EQ(ParseInt64("1"), 1);
  EXPECT_EQ(ParseInt64("-1"), -1);
  EXPECT_EQ(ParseInt64("100"), 100);
  for (const std::string text : {"", "-", "+1", "01", "-0", "-01", "00", " 1", "1 ", "1.0", "0x1", "1a", "a", "--1"}) {
    EXPECT_EQ(ParseInt64(text), std::nullopt) << text;
  }
  EXPECT_EQ(ParseInt64(std::string_view("1\0", 2)), std::nullopt);
}

TEST(NumberTest, IntegersKeepToTheirRange) {
  EXPECT_EQ(ParseInt64("9223372036854775807"), kMax);
  EXPECT_EQ(ParseInt64("-9223372036854775808"), kMin);
  EXPECT_EQ(ParseInt64("9223372036854775808"), std::nullopt);
  EXPECT_EQ(ParseInt64("-9223372036854775809"), std::nullopt);
  EXPECT_EQ(ParseInt64("99999999999999999999999"), std::nullopt);
}

TEST(NumberTest, FormattedIntegersAreParsedBack) {
  for (const int64_t value :
       {int64_t{0}, int64_t{7}, int64_t{-7}, int64_t{10}, int64_t{99}, int64_t{12345}, kMin, kMax}) {
    std::array<char, kMaxInt64Digits> text;
    const char* end = FormatInt64(value, text.data());
    EXPECT_EQ(ParseInt64({text.data(), static_cast<size_t>(end - text.data())}), value);
  }
  std::array<char, kMaxInt64Digits> text;
  const char* end = FormatUint64(std::numeric_limits<uint64_t>::max(), text.data());
  EXPECT_EQ(std::string_view(text.data(), static_cast<size_t>(end - text.data())), "18446744073709551615");
}

TEST(NumberTest, FloatsAreTheWholeText) {
  EXPECT_EQ(ParseDouble("3.5"), 3.5);
  EXPECT_EQ(ParseDouble(".5"), 0.5);
  EXPECT_EQ(ParseDouble("5."), 5.0);
  EXPECT_EQ(ParseDouble("+1"), 1.0);
  EXPECT_EQ(ParseDouble("5.0e3"), 5000.0);
  EXPECT_EQ(ParseDouble("0x10"), 16.0);
  EXPECT_EQ(ParseDouble("-inf"), -std::numeric_limits<double>::infinity());
  EXPECT_EQ(ParseLongDouble("inf"), std::numeric_limits<long double>::infinity());
  for (const std::string text : {"", " 1", "\t1", "1 ", "nan", "-nan", "1x", "abc", "1e400000", "1e-400000", "."}) {
    EXPECT_EQ(ParseDouble(text), std::nullopt) << text;
    EXPECT_EQ(ParseLongDouble(text), std::nullopt) << text;
  }
  EXPECT_EQ(ParseDouble(std::string_view("1\0002", 3)), std::nullopt);
}

TEST(NumberTest, LongDoublesReachFurtherThanDoubles) {
  EXPECT_EQ(ParseDouble("1e4000"), std::nullopt);
  EXPECT_EQ(ParseLongDouble("1e4000"), 1e4000L);
  EXPECT_EQ(ParseLongDouble("1e5000"), std::nullopt);
  EXPECT_TRUE(ParseLongDouble(std::string(5119, '0')).has_value());
  EXPECT_FALSE(ParseLongDouble(std::string(5120, '0')).has_value());
}

TEST(NumberTest, DoublesHaveSeventeenDigits) {
  EXPECT_EQ(FormatDouble(3), "3");
  EXPECT_EQ(FormatDouble(3.141), "3.141");
  EXPECT_EQ(FormatDouble(0.1), "0.10000000000000001");
  EXPECT_EQ(FormatDouble(1e300), "1.0000000000000001e+300");
  EXPECT_EQ(FormatDouble(1e-7), "9.9999999999999995e-08");
  EXPECT_EQ(FormatDouble(123456789012345678.0), "1.2345678901234568e+17");
  EXPECT_EQ(FormatDouble(std::numeric_limits<double>::infinity()), "inf");
  EXPECT_EQ(FormatDouble(-std::numeric_limits<double>::infinity()), "-inf");
}

TEST(NumberTest, LongDoublesAreFormattedForPeople) {
  EXPECT_EQ(FormatLongDouble(10.6L), "10.6");
  EXPECT_EQ(FormatLongDouble(5200.0L), "5200");
  EXPECT_EQ(FormatLongDouble(100.0L), "100");
  EXPECT_EQ(FormatLongDouble(0.0L), "0");
  EXPECT_EQ(FormatLongDouble(-0.0L), "0");
  EXPECT_EQ(FormatLongDouble(-1e-30L), "0");
  EXPECT_EQ(FormatLongDouble(100000000000000001.5L), "100000000000000001.5");
  EXPECT_EQ(FormatLongDouble(std::numeric_limits<long double>::infinity()), "inf");
  EXPECT_EQ(FormatLongDouble(std::numeric_limits<long double>::max()).size(), 4933U);
}

}  // namespace
}  // namespace reprise
