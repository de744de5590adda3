#include "proptests/oracles/client_line.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "proptests/model/reply_value.h"

namespace reprise {
namespace {

constexpr std::array<std::string_view, ClientLine::kFieldCount> kNames = {
    "id",   "addr", "laddr",   "fd",     "name",      "age",      "idle",      "flags", "db",  "sub",
    "psub", "ssub", "multi",   "qbuf",   "qbuf-free", "argv-mem", "multi-mem", "rbs",   "rbp", "obl",
    "oll",  "omem", "tot-mem", "events", "cmd",       "user",     "redir",     "resp"};

}  // namespace

std::string_view ClientLine::NameOf(Field field) { return kNames[static_cast<size_t>(field)]; }

std::string ClientLine::Parse(std::string_view line) {
  const std::string_view all = line;
  for (size_t i = 0; i < kFieldCount; ++i) {
    const std::string_view name = kNames[i];
    if (!line.starts_with(name) || line.substr(name.size(), 1) != "=") {
      return fmt::format("where {}= should be, there is {}", name, Quoted(line.empty() ? all : line, 40));
    }
    const size_t end = std::min(line.find(' '), line.size());
    values_[i] = line.substr(name.size() + 1, end - name.size() - 1);
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  return line.empty() ? std::string() : fmt::format("behind all fields there is {}", Quoted(line, 40));
}

int64_t ClientLine::Number(Field field) const {
  const std::string_view text = Text(field);
  int64_t value = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? value : -1;
}

std::vector<std::string_view> LinesOf(std::string_view text, bool* whole) {
  std::vector<std::string_view> lines;
  while (!text.empty() && text.find('\n') != std::string_view::npos) {
    lines.push_back(text.substr(0, text.find('\n')));
    text.remove_prefix(lines.back().size() + 1);
  }
  *whole = text.empty();
  return lines;
}

}  // namespace reprise
