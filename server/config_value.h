// How redis.conf writes values: memory sizes, yes and no, plain and octal numbers. As redis-server 7.0.15 reads them.
#ifndef REPRISE_SERVER_CONFIG_VALUE_H_
#define REPRISE_SERVER_CONFIG_VALUE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace reprise {

// "1gb", "512kb", "1k" (1000), "100", "" (0), in any case: bytes. Nothing if it is no such thing. What is too large to
// be counted is the largest number.
std::optional<uint64_t> ParseMemorySize(std::string_view text);

// A number in base 8 or 10 as the C library's strtoll reads it, which must be the whole text: white space, a sign and
// zeros may come first, "" is 0. Nothing if it is no such number, or too large.
std::optional<int64_t> ParseLooseInteger(std::string_view text, int base);

// What redis-server 7.0.15 says of a text that is no such value.
inline constexpr std::string_view kNotYesNo = "argument must be 'yes' or 'no'";
inline constexpr std::string_view kNotMemory = "argument must be a memory value";
inline constexpr std::string_view kNotInteger = "argument couldn't be parsed into an integer";
std::string NotOneOfThese(std::string_view choices);

// "yes" or "no", in any case.
std::optional<bool> ParseYesNo(std::string_view text);

// A value of several words given as one: split at each blank, so that two blanks have an empty word between them. ""
// is one empty word.
std::vector<std::string_view> SplitAtBlanks(std::string_view text);

}  // namespace reprise

#endif  // REPRISE_SERVER_CONFIG_VALUE_H_
