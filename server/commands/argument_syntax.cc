#include "server/commands/argument_syntax.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace reprise {
namespace {

// Reads one notation from left to right. A method that fails leaves `failed` set; the rest then means nothing.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  bool failed() const { return failed_; }

  // Arguments with `separator` between them, up to `end`, which is taken too; '\0': up to the end of the text.
  std::vector<Argument> ReadList(char separator, char end) {
    std::vector<Argument> list;
    if (end == '\0' && rest_.empty()) {
      return list;
    }
    do {
      list.push_back(ReadArgument());
    } while (!failed_ && Take(separator));
    if (end == '\0' ? !rest_.empty() : !Take(end)) {
      failed_ = true;
    }
    return list;
  }

 private:
  Argument ReadArgument() {
    const bool optional = Take('[');
    Argument argument = ReadFacts();
    argument.optional = optional;
    argument.multiple_token = Take('+');
    argument.multiple = Take("...");
    if ((optional && !Take(']')) || (argument.multiple_token && !argument.multiple)) {
      failed_ = true;
    }
    return argument;
  }

  Argument ReadFacts() {
    Argument argument;
    argument.name = ReadName();
    argument.token = Take('=') ? ReadWord() : std::string_view();
    argument.type = Take(':') ? ReadWord() : std::string_view();
    argument.since = Take('@') ? ReadWord() : std::string_view();
    argument.deprecated_since = Take('!') ? ReadWord() : std::string_view();
    if (argument.type.starts_with("key")) {
      argument.key_spec = argument.type.size() == 3 ? 0 : argument.type[3] - '0';
      argument.type.remove_suffix(argument.type.size() - 3);
    }
    if (Take('(')) {
      argument.type = "oneof";
      argument.arguments = ReadNested('|', ')');
    } else if (Take('{')) {
      argument.type = "block";
      argument.arguments = ReadNested(' ', '}');
    } else if (argument.type.empty()) {
      argument.type = argument.token.empty() ? "string" : "pure-token";
    }
    return argument;
  }

  // Deep nesting is no notation that anybody wrote.
  std::vector<Argument> ReadNested(char separator, char end) {
    constexpr int kDepthMax = 8;
    ++depth_;
    failed_ = failed_ || depth_ > kDepthMax;
    std::vector<Argument> list = failed_ ? std::vector<Argument>() : ReadList(separator, end);
    --depth_;
    return list;
  }

  std::string_view ReadName() {
    if (!Take('\'')) {
      return ReadWord();
    }
    const size_t quote = rest_.find('\'');
    if (quote == std::string_view::npos) {
      failed_ = true;
      return {};
    }
    const std::string_view name = rest_.substr(0, quote);
    rest_.remove_prefix(quote + 1);
    return name;
  }

  std::string_view ReadWord() {
    const auto is_part = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
             c == '/' || c == '.';
    };
    size_t size = static_cast<size_t>(std::find_if_not(rest_.begin(), rest_.end(), is_part) - rest_.begin());
    if (const size_t dots = rest_.find("..."); dots < size) {
      size = dots;
    }
    failed_ = failed_ || size == 0;
    const std::string_view word = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return word;
  }

  bool Take(char wanted) { return Take(std::string_view(&wanted, 1)); }
  bool Take(std::string_view wanted) {
    if (!rest_.starts_with(wanted)) {
      return false;
    }
    rest_.remove_prefix(wanted.size());
    return true;
  }

  std::string_view rest_;
  int depth_ = 0;
  bool failed_ = false;
};

}  // namespace

std::optional<std::vector<Argument>> ParseArguments(std::string_view syntax) {
  Reader reader(syntax);
  std::vector<Argument> arguments = reader.ReadList(' ', '\0');
  if (reader.failed()) {
    return std::nullopt;
  }
  return arguments;
}

}  // namespace reprise
