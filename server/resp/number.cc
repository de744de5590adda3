#include "server/resp/number.h"

#include <array>
#include <cctype>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace reprise {
namespace {

// Redis's MAX_LONG_DOUBLE_CHARS: 4,932 digits before the point, 17 behind it, and room.
constexpr size_t kMaxFloatTextBytes = 5120;

bool IsSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// Reads `text` with Strto, one of strtod and strtold, by the rules that are common to both.
template <typename Float, Float (*Strto)(const char*, char**)>
std::optional<Float> ParseFloat(const char* text, size_t size) {
  if (size == 0 || IsSpace(text[0])) {
    return std::nullopt;
  }
  char* end = nullptr;
  errno = 0;
  const Float value = Strto(text, &end);
  const bool out_of_range = errno == ERANGE && (std::isinf(value) || std::fpclassify(value) == FP_ZERO);
  if (static_cast<size_t>(end - text) != size || out_of_range || std::isnan(value)) {
    return std::nullopt;
  }
  return value;
}

}  // namespace

std::optional<int64_t> ParseInt64(std::string_view text) {
  if (text == "0") {
    return 0;
  }
  const size_t first_digit = !text.empty() && text[0] == '-' ? 1 : 0;
  if (first_digit >= text.size() || text[first_digit] < '1' || text[first_digit] > '9') {
    return std::nullopt;
  }
  int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end) {
    return std::nullopt;
  }
  return value;
}

std::optional<double> ParseDouble(std::string_view text) {
  const std::string terminated(text);
  return ParseFloat<double, std::strtod>(terminated.c_str(), text.size());
}

std::optional<long double> ParseLongDouble(std::string_view text) {
  if (text.size() >= kMaxFloatTextBytes) {
    return std::nullopt;
  }
  const std::string terminated(text);
  return ParseFloat<long double, std::strtold>(terminated.c_str(), text.size());
}

std::string FormatDouble(double value) {
  if (std::isinf(value)) {
    return value > 0 ? "inf" : "-inf";
  }
  std::array<char, 40> text;
  const int size = std::snprintf(text.data(), text.size(), "%.17g", value);
  return {text.data(), static_cast<size_t>(size)};
}

std::string FormatLongDouble(long double value) {
  if (std::isinf(value)) {
    return value > 0 ? "inf" : "-inf";
  }
  std::array<char, kMaxFloatTextBytes> buffer;
  const int size = std::snprintf(buffer.data(), buffer.size(), "%.17Lf", value);
  std::string text(buffer.data(), static_cast<size_t>(size));
  if (text.find('.') != std::string::npos) {
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') {
      text.pop_back();
    }
  }
  return text == "-0" ? "0" : text;
}

}  // namespace reprise
