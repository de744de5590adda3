#include "proptests/workload/script.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "proptests/model/model.h"

namespace reprise {
namespace {

constexpr std::array<std::string_view, kTemperCount> kTemperNames = {"one-at-a-time", "pipelining",   "byte-at-a-time",
                                                                     "never-reading", "half-closing", "vanishing",
                                                                     "reconnecting",  "malformed"};
constexpr std::array<std::string_view, kKeysCount> kKeysNames = {"own", "shared", "blind"};

Status Bad(std::string what) { return Status(ErrorCode::kInvalidArgument, std::move(what)); }

template <typename Enum, size_t N>
bool ByName(const std::array<std::string_view, N>& names, std::string_view name, Enum& value) {
  const auto at = std::find(names.begin(), names.end(), name);
  value = static_cast<Enum>(at - names.begin());
  return at != names.end();
}

bool IsPlain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-+.:_*?[]^{}/,@").find(c) != std::string_view::npos;
}

// A word that reads back as itself: bare, or in quotes with all but printable bytes as \xNN.
std::string WordText(std::string_view word) {
  if (!word.empty() && word[0] != '"' && std::all_of(word.begin(), word.end(), IsPlain)) {
    return std::string(word);
  }
  std::string text = "\"";
  for (const char c : word) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\' || byte < 0x20 || byte >= 0x7f) {
      text += fmt::format("\\x{:02x}", byte);
    } else {
      text += c;
    }
  }
  return text + '"';
}

// Takes the quoted word off `text`, which begins behind the opening quote.
std::optional<std::string> TakeQuoted(std::string_view& text) {
  std::string word;
  while (!text.empty() && text[0] != '"') {
    if (text[0] != '\\') {
      word += text[0];
      text.remove_prefix(1);
      continue;
    }
    unsigned byte = 0;
    const char* const digits = text.data() + 2;
    if (text.size() < 4 || text[1] != 'x' || std::from_chars(digits, digits + 2, byte, 16).ptr != digits + 2) {
      return std::nullopt;
    }
    word += static_cast<char>(byte);
    text.remove_prefix(4);
  }
  if (text.empty()) {
    return std::nullopt;
  }
  text.remove_prefix(1);
  return word;
}

Result<std::vector<std::string>> ParseWords(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    if (text[0] == ' ') {
      text.remove_prefix(1);
    } else if (text[0] == '"') {
      text.remove_prefix(1);
      std::optional<std::string> word = TakeQuoted(text);
      if (!word) {
        return Bad("a quoted word that does not end, or with an escape that is not \\xNN");
      }
      words.push_back(*std::move(word));
    } else {
      const size_t end = std::min(text.find(' '), text.size());
      words.emplace_back(text.substr(0, end));
      text.remove_prefix(end);
    }
  }
  return words;
}

bool ParseInt(std::string_view text, int64_t& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

std::string ClientText(const ScriptClient& client) {
  return fmt::format("{} {} resp{} window {} pause_ns {} start_ns {}", TemperName(client.temper), KeysName(client.keys),
                     client.resp3 ? 3 : 2, client.window, client.pause_ns, client.start_ns);
}

constexpr int64_t kPauseNsMax = 86'400'000'000'000;  // a day

Result<ScriptClient> ParseClient(std::string_view text) {
  const Result<std::vector<std::string>> words = ParseWords(text);
  if (!words.ok() || words.value().size() != 9) {
    return Bad("a client is written `temper keys resp2 window N pause_ns N start_ns N`");
  }
  const std::vector<std::string>& w = words.value();
  ScriptClient client;
  int64_t window = 0;
  const bool named = ByName(kTemperNames, w[0], client.temper) && ByName(kKeysNames, w[1], client.keys);
  if (!named || !ParseInt(w[4], window) || !ParseInt(w[6], client.pause_ns) || !ParseInt(w[8], client.start_ns) ||
      window < 1 || window > 1'000'000 || client.pause_ns < 0 || client.pause_ns > kPauseNsMax || client.start_ns < 0 ||
      client.start_ns > kPauseNsMax) {
    return Bad(fmt::format("not a client: {}", text));
  }
  client.window = static_cast<uint32_t>(window);
  client.resp3 = w[2] == "resp3";
  return client;
}

// "client.2" or "client.2/5"
bool ParseName(std::string_view name, uint32_t& client, std::optional<uint32_t>& operation) {
  constexpr std::string_view kPrefix = "client.";
  if (!name.starts_with(kPrefix)) {
    return false;
  }
  name.remove_prefix(kPrefix.size());
  const size_t slash = name.find('/');
  int64_t id = 0;
  int64_t number = 0;
  if (!ParseInt(name.substr(0, slash), id) || id < 0 || id > 1'000'000) {
    return false;
  }
  client = static_cast<uint32_t>(id);
  operation.reset();
  if (slash == std::string_view::npos) {
    return true;
  }
  if (!ParseInt(name.substr(slash + 1), number) || number < 0 || number > 100'000'000) {
    return false;
  }
  operation = static_cast<uint32_t>(number);
  return true;
}

}  // namespace

std::string_view TemperName(Temper temper) { return kTemperNames[static_cast<size_t>(temper)]; }
std::string_view KeysName(Keys keys) { return kKeysNames[static_cast<size_t>(keys)]; }

bool Script::HasPauses() const {
  const auto is_pause = [](const Operation& operation) {
    return operation.words.size() > 1 && LowerCase(operation.words[0]) == "client" &&
           LowerCase(operation.words[1]) == "pause";
  };
  return std::any_of(clients.begin(), clients.end(), [&](const ScriptClient& client) {
    return std::any_of(client.operations.begin(), client.operations.end(), is_pause);
  });
}

size_t Script::OperationCount() const {
  size_t count = 0;
  for (const ScriptClient& client : clients) {
    count += client.operations.size();
  }
  return count;
}

void Script::Omit(const Tape& tape) {
  for (ScriptClient& client : clients) {
    std::erase_if(client.operations, [&](const Operation& operation) {
      return tape.Omits(OperationId{ActorName{ActorKind::kClient, client.id, 0}, operation.number});
    });
  }
}

void Script::AddTo(Tape& tape) const {
  for (const ScriptClient& client : clients) {
    tape.options.emplace_back(fmt::format("client.{}", client.id), ClientText(client));
    for (const Operation& operation : client.operations) {
      tape.options.emplace_back(fmt::format("client.{}/{}", client.id, operation.number), OperationText(operation));
    }
  }
}

Result<Script> Script::FromTape(const Tape& tape) {
  Script script;
  for (const auto& [name, value] : tape.options) {
    uint32_t id = 0;
    std::optional<uint32_t> number;
    if (!name.starts_with("client.")) {
      continue;
    }
    if (!ParseName(name, id, number)) {
      return Bad(fmt::format("neither a client nor an operation of one: {}", name));
    }
    if (!number) {
      Result<ScriptClient> client = ParseClient(value);
      if (!client.ok()) {
        return client.status();
      }
      script.clients.push_back(std::move(client).value());
      script.clients.back().id = id;
      continue;
    }
    Result<Operation> operation = ParseOperation(value);
    if (!operation.ok()) {
      return operation.status();
    }
    if (script.clients.empty() || script.clients.back().id != id) {
      return Bad(fmt::format("operation {} does not follow on its client", name));
    }
    script.clients.back().operations.push_back(std::move(operation).value());
    script.clients.back().operations.back().number = *number;
  }
  if (script.clients.empty()) {
    return Status(ErrorCode::kNotFound, "no script");
  }
  return script;
}

std::string OperationText(const Operation& operation) {
  std::string text = operation.audit ? "audit" : "do";
  if (operation.kind == Operation::Kind::kInline) {
    text = operation.audit ? "audit-inline" : "inline";
  } else if (operation.kind == Operation::Kind::kBroken) {
    text = "broken " + WordText(operation.raw);
  }
  for (const std::string& word : operation.words) {
    text += ' ' + WordText(word);
  }
  return text;
}

Result<Operation> ParseOperation(std::string_view text) {
  Result<std::vector<std::string>> parsed = ParseWords(text);
  if (!parsed.ok()) {
    return parsed.status();
  }
  std::vector<std::string> words = std::move(parsed).value();
  if (words.size() < 2) {
    return Bad(fmt::format("not an operation: {}", text));
  }
  const std::string how = words[0];
  Operation operation;
  operation.audit = how.starts_with("audit");
  words.erase(words.begin());
  if (how == "inline" || how == "audit-inline") {
    operation.kind = Operation::Kind::kInline;
  } else if (how == "broken" && words.size() == 2) {
    operation.kind = Operation::Kind::kBroken;
    operation.raw = words[0];
    words.erase(words.begin());
  } else if (how != "do" && how != "audit") {
    return Bad(fmt::format("not an operation: {}", text));
  }
  operation.words = std::move(words);
  return operation;
}

void AppendRequest(const std::vector<std::string>& words, std::string& out) {
  const auto header = [&out](char type, size_t count) {
    char line[24] = {type};
    char* end = std::to_chars(line + 1, line + sizeof line - 2, count).ptr;
    *end++ = '\r';
    *end++ = '\n';
    out.append(line, static_cast<size_t>(end - line));
  };
  constexpr size_t kAroundWord = sizeof "$12345\r\n\r\n";
  size_t bytes = out.size() + kAroundWord;
  for (const std::string& word : words) {
    bytes += word.size() + kAroundWord;
  }
  out.reserve(bytes);
  header('*', words.size());
  for (const std::string& word : words) {
    header('$', word.size());
    out += word;
    out += "\r\n";
  }
}

// In single quotes all stands for itself but for the quote.
void AppendInSingleQuotes(std::string_view word, std::string& out) {
  out += '\'';
  for (const char c : word) {
    out += c == '\'' ? "\\'" : std::string(1, c);
  }
  out += '\'';
}

// In double quotes with every escape that there is: letters, and capital hex digits for what has none.
void AppendInDoubleQuotes(std::string_view word, std::string& out) {
  constexpr std::string_view kSpecial = "\n\r\t\b\a\"\\";
  constexpr std::string_view kLetters = "nrtba\"\\";
  out += '"';
  for (const char c : word) {
    const size_t special = kSpecial.find(c);
    if (special != std::string_view::npos) {
      out += {'\\', kLetters[special]};
    } else {
      out += c >= ' ' && c <= '~' ? std::string(1, c) : fmt::format("\\x{:02X}", static_cast<unsigned char>(c));
    }
  }
  out += '"';
}

// One of the forms in which an inline line may have the word; which follows from the word.
void AppendInlineWord(std::string_view word, std::string& out) {
  constexpr std::string_view kEndsLine("\r\n\0", 3);
  const bool single = word.find_first_of(kEndsLine) == std::string_view::npos && !word.ends_with('\\');
  if (word.size() % 4 == 0) {
    AppendInDoubleQuotes(word, out);
  } else if (word.size() % 4 == 1 && single) {
    AppendInSingleQuotes(word, out);
  } else {
    out += WordText(word);
  }
}

void AppendInline(const std::vector<std::string>& words, std::string& out) {
  for (const std::string& word : words) {
    AppendInlineWord(word, out);
    out += word.size() % 3 == 0 ? "  " : " ";
  }
  if (words.size() % 2 == 0) {
    out.back() = '\r';
  }
  out += '\n';
}

}  // namespace reprise
