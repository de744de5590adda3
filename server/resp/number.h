// Numbers as text, by the rules of redis-server 7.0.15: what counts as one in a request, and how it looks in a reply.
//
// All functions are pure and independent of the locale as long as the program never sets LC_NUMERIC.
#ifndef REPRISE_SERVER_RESP_NUMBER_H_
#define REPRISE_SERVER_RESP_NUMBER_H_

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace reprise {

// The strict decimal integer that Redis takes as one: "0", or an optional '-', a digit from 1 to 9 and more digits,
// within int64. No '+', no blank, no leading zero, no "-0", so that each number has one spelling.
std::optional<int64_t> ParseInt64(std::string_view text);

// A floating-point number as strtod and strtold read it (decimal or hexadecimal, "inf", "infinity"), which must be the
// whole text. Refused: nothing, leading white space, NaN, what overflows, what underflows to zero.
std::optional<double> ParseDouble(std::string_view text);
// The same, as INCRBYFLOAT reads its arguments. Text of 5,120 bytes or more is refused.
std::optional<long double> ParseLongDouble(std::string_view text);

// "-9223372036854775808" has 20 bytes.
inline constexpr size_t kMaxInt64Digits = 20;

// Writes `value` in decimal to `out` and answers the end. REQUIRES: kMaxInt64Digits bytes at `out`.
inline char* FormatInt64(int64_t value, char* out) { return std::to_chars(out, out + kMaxInt64Digits, value).ptr; }
inline char* FormatUint64(uint64_t value, char* out) { return std::to_chars(out, out + kMaxInt64Digits, value).ptr; }

// What "%.17g" prints, "inf" and "-inf": the value of a RESP3 double and of its RESP2 bulk string.
std::string FormatDouble(double value);

// The form of INCRBYFLOAT: 17 digits after the point, without trailing zeros, without a bare point, without an
// exponent; never "-0". "inf" and "-inf" for these.
std::string FormatLongDouble(long double value);

}  // namespace reprise

#endif  // REPRISE_SERVER_RESP_NUMBER_H_
