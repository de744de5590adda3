#include "proptests/workload/reply_parser.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace reprise {
namespace {

constexpr int64_t kBulkMax = int64_t{512} << 20;
constexpr int64_t kPartsMax = 1 << 24;
// For more parts than this no room is made before they come.
constexpr uint64_t kPartsExpected = 256;
// What was parsed stays in the buffer until it is more than this.
constexpr size_t kForgetAboveBytes = 64 * 1024;

// Whether the text is a decimal number as RESP has them: no sign but '-', no zero in front.
bool IsInteger(std::string_view text, int64_t& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool padded = text.substr(text.starts_with('-') ? 1 : 0).starts_with('0') && text != "0";
  return error == std::errc() && end == text.data() + text.size() && !padded;
}

bool IsBigNumber(std::string_view text) {
  text.remove_prefix(text.starts_with('-') ? 1 : 0);
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool IsDouble(std::string_view text) {
  if (text == "inf" || text == "-inf" || text == "nan") {
    return true;
  }
  const size_t digits = text.find_first_of("0123456789");
  return digits != std::string_view::npos && text.find_first_not_of("0123456789+-.eE") == std::string_view::npos;
}

}  // namespace

void ReplyParser::Feed(std::string_view bytes) {
  if (at_ == buffer_.size() || at_ > kForgetAboveBytes) {
    buffer_.erase(0, at_);
    forgotten_ += at_;
    need_ -= std::min(need_, at_);
    at_ = 0;
  }
  buffer_.append(bytes);
}

std::optional<ReplyValue> ReplyParser::Next() {
  while (error_.empty() && buffer_.size() >= need_) {
    ReplyValue value;
    uint64_t parts = 0;
    if (!ParseOne(value, parts)) {
      return std::nullopt;
    }
    if (parts > 0) {
      value.parts.reserve(static_cast<size_t>(std::min(parts, kPartsExpected)));
      open_.push_back({std::move(value), parts});
    } else if (Close(value)) {
      return value;
    }
  }
  return std::nullopt;
}

bool ReplyParser::Close(ReplyValue& value) {
  while (!open_.empty()) {
    Open& around = open_.back();
    around.value.parts.push_back(std::move(value));
    if (--around.missing > 0) {
      return false;
    }
    value = std::move(around.value);
    open_.pop_back();
  }
  return true;
}

void ReplyParser::Reset() {
  buffer_.clear();
  at_ = 0;
  forgotten_ = 0;
  need_ = 0;
  open_.clear();
  error_.clear();
}

bool ReplyParser::Fail(std::string what) {
  error_ = std::move(what);
  return false;
}

bool ReplyParser::ParseLine(size_t& at, std::string_view& line) {
  const size_t end = buffer_.find('\n', at);
  if (end == std::string::npos) {
    need_ = buffer_.size() + 1;
    return false;
  }
  if (end == at || buffer_[end - 1] != '\r') {
    return Fail(fmt::format("a line that ends with a lone line feed: {}",
                            Quoted(std::string_view(buffer_).substr(at, end - at + 1))));
  }
  line = std::string_view(buffer_).substr(at, end - 1 - at);
  if (line.find('\r') != std::string_view::npos) {
    return Fail(fmt::format("a carriage return within a line: {}", Quoted(line)));
  }
  at = end + 1;
  return true;
}

bool ReplyParser::ParseLength(std::string_view text, int64_t& length) {
  if (!IsInteger(text, length) || length < -1) {
    return Fail(fmt::format("not a length: {}", Quoted(text)));
  }
  return true;
}

bool ReplyParser::ParseBulk(size_t& at, int64_t length, ReplyValue& value) {
  if (length == -1 || length > kBulkMax) {
    value.null = length == -1 && value.type == '$';
    return value.null || Fail(fmt::format("a length of {} for the type {}", length, value.type));
  }
  const auto size = static_cast<size_t>(length);
  if (buffer_.size() < at + size + 2) {
    need_ = at + size + 2;
    return false;
  }
  if (buffer_[at + size] != '\r' || buffer_[at + size + 1] != '\n') {
    return Fail("a bulk string without its line end");
  }
  value.text.assign(buffer_, at, size);
  at += size + 2;
  return true;
}

bool ReplyParser::ParseCount(int64_t count, ReplyValue& value, uint64_t& parts) {
  if (count == -1 || count > kPartsMax) {
    value.null = count == -1 && value.type == '*';
    return value.null || Fail(fmt::format("a count of {} for the type {}", count, value.type));
  }
  parts = static_cast<uint64_t>(count) * (value.type == '%' ? 2 : 1);
  return true;
}

bool ReplyParser::ParseScalar(std::string_view line, ReplyValue& value) {
  value.text = line;
  switch (value.type) {
    case '+':
      return true;
    case '-':
      return !line.empty() || Fail("an error without a text");
    case ':':
      value.text.clear();
      return IsInteger(line, value.integer) || Fail(fmt::format("not an integer: {}", Quoted(line)));
    case '_':
      return line.empty() || Fail("a null with a text");
    case '#':
      return line == "t" || line == "f" || Fail(fmt::format("not a boolean: {}", Quoted(line)));
    case ',':
      return IsDouble(line) || Fail(fmt::format("not a double: {}", Quoted(line)));
    case '(':
      return IsBigNumber(line) || Fail(fmt::format("not a big number: {}", Quoted(line)));
    default:
      return Fail(fmt::format("not a type: {}", Quoted(std::string(1, value.type))));
  }
}

bool ReplyParser::ParseOne(ReplyValue& value, uint64_t& parts) {
  if (open_.size() > kDepthMax) {
    return Fail("nested too deeply");
  }
  if (at_ == buffer_.size()) {
    return false;
  }
  value.type = buffer_[at_];
  if (std::string_view("+-:$*_,#(=%~>").find(value.type) == std::string_view::npos) {
    return Fail(fmt::format("not a type: {}", Quoted(std::string_view(buffer_).substr(at_, 20))));
  }
  size_t at = at_ + 1;
  std::string_view line;
  if (!ParseLine(at, line) || !ParseValue(at, line, value, parts)) {
    return false;
  }
  at_ = at;
  return true;
}

bool ReplyParser::ParseValue(size_t& at, std::string_view line, ReplyValue& value, uint64_t& parts) {
  int64_t length = 0;
  switch (value.type) {
    case '$':
    case '=':
      return ParseLength(line, length) && ParseBulk(at, length, value);
    case '*':
    case '%':
    case '~':
    case '>':
      return ParseLength(line, length) && ParseCount(length, value, parts);
    default:
      return ParseScalar(line, value);
  }
}

}  // namespace reprise
