#include "proptests/model/reply_value.h"

#include <fmt/format.h>

namespace reprise {

std::string Quoted(std::string_view bytes, size_t most) {
  std::string text = "\"";
  for (const char c : bytes.substr(0, most)) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      text += '\\';
      text += c;
    } else if (c == '\r') {
      text += "\\r";
    } else if (c == '\n') {
      text += "\\n";
    } else if (byte < 0x20 || byte >= 0x7f) {
      text += fmt::format("\\x{:02x}", byte);
    } else {
      text += c;
    }
  }
  text += '"';
  if (bytes.size() > most) {
    text += fmt::format("... ({} bytes)", bytes.size());
  }
  return text;
}

std::string QuotedWords(const std::vector<std::string>& words) {
  constexpr size_t kMost = 60;
  std::string text;
  for (const std::string& word : words) {
    text += (text.empty() ? "" : " ") + Quoted(word, kMost);
  }
  return text;
}

std::string ReplyValue::ToString() const {
  if (IsNull()) {
    return type == '_' ? "null" : fmt::format("null ({}-1)", type);
  }
  switch (type) {
    case ':':
      return std::to_string(integer);
    case '$':
      return Quoted(text);
    case '*':
    case '%':
    case '~':
    case '>': {
      std::string all = type == '*' ? "[" : fmt::format("{}[", type);
      for (size_t i = 0; i < parts.size(); ++i) {
        all += (i == 0 ? "" : ", ") + parts[i].ToString();
        if (all.size() > 400) {
          return all + fmt::format("... ({} parts)", parts.size());
        }
      }
      return all + "]";
    }
    default:
      return type + text;
  }
}

}  // namespace reprise
