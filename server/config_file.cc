#include "server/config_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "server/resp/inline_line.h"

namespace reprise {
namespace {

std::string_view Trimmed(std::string_view line) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const size_t begin = std::min(line.find_first_not_of(kBlanks), line.size());
  line.remove_prefix(begin);
  return line.substr(0, line.find_last_not_of(kBlanks) + 1);
}

}  // namespace

std::string ConfigLineError(int number, std::string_view text, std::string_view reason) {
  return fmt::format("line {}, '{}': {}", number, text, reason);
}

Result<std::vector<ConfigLine>> ParseConfigText(std::string_view text) {
  std::vector<ConfigLine> lines;
  ArgumentList words;
  for (int number = 1; !text.empty(); ++number) {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = Trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty() || line.front() == '#') {
      continue;
    }
    words.Clear();
    if (line.find('\0') != std::string_view::npos) {
      return Status(ErrorCode::kInvalidArgument, ConfigLineError(number, "", "a NUL byte in the line"));
    }
    if (!SplitInlineLine(line, &words)) {
      return Status(ErrorCode::kInvalidArgument,
                    ConfigLineError(number, line, "Unbalanced quotes in configuration line"));
    }
    if (words.size() > 0) {
      lines.push_back({number, std::string(line), {words.all().begin(), words.all().end()}});
    }
  }
  return lines;
}

}  // namespace reprise
