#include "proptests/oracles/monitor.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <utility>

#include "proptests/model/model.h"
#include "proptests/oracles/client_record.h"
#include "proptests/workload/batch.h"

namespace reprise {
namespace {

constexpr std::string_view kRedacted = "(redacted)";
constexpr std::string_view kGoneAddress = "?:0";  // the network does not know any more

// --- a line ---

// Takes from the front of `text` what reaches up to `end`, which goes, too. Nothing: there is no such end.
std::optional<std::string_view> TakeUpTo(std::string_view& text, std::string_view end) {
  const size_t at = text.find(end);
  if (at == std::string_view::npos) {
    return std::nullopt;
  }
  const std::string_view taken = text.substr(0, at);
  text.remove_prefix(at + end.size());
  return taken;
}

int HexDigit(char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1; }

bool IsPlain(char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; }

// One byte of a quoted word, which may be written in one way only. Nothing: it is not.
std::optional<char> TakeByte(std::string_view& text) {
  static constexpr std::pair<char, char> kLetters[] = {{'"', '"'},  {'\\', '\\'}, {'n', '\n'}, {'r', '\r'},
                                                       {'t', '\t'}, {'a', '\a'},  {'b', '\b'}};
  if (text.empty()) {
    return std::nullopt;
  }
  const char first = text[0];
  text.remove_prefix(1);
  if (first != '\\') {
    return IsPlain(first) ? std::optional(first) : std::nullopt;
  }
  const auto letter = std::find_if(std::begin(kLetters), std::end(kLetters),
                                   [&text](const auto& each) { return text.starts_with(each.first); });
  if (letter != std::end(kLetters)) {
    text.remove_prefix(1);
    return letter->second;
  }
  if (text.size() < 3 || text[0] != 'x' || HexDigit(text[1]) < 0 || HexDigit(text[2]) < 0) {
    return std::nullopt;
  }
  const auto byte = static_cast<char>(HexDigit(text[1]) * 16 + HexDigit(text[2]));
  text.remove_prefix(3);
  const bool has_letter =
      std::any_of(std::begin(kLetters), std::end(kLetters), [byte](const auto& each) { return each.second == byte; });
  return IsPlain(byte) || has_letter ? std::nullopt : std::optional(byte);
}

// A word in quotes. Answers whether it is one.
bool TakeWord(std::string_view& text, std::string& word) {
  if (!text.starts_with('"')) {
    return false;
  }
  text.remove_prefix(1);
  while (!text.starts_with('"')) {
    const std::optional<char> byte = TakeByte(text);
    if (!byte) {
      return false;
    }
    word += *byte;
  }
  text.remove_prefix(1);
  return true;
}

// --- what should be shown ---

// Of administrators, which redis-server shows to nobody.
bool IsHidden(const std::vector<std::string>& words) {
  static constexpr std::string_view kWhole[] = {"monitor", "debug", "shutdown", "save", "bgsave"};
  static constexpr std::string_view kButHelp[] = {"config", "latency"};
  static constexpr std::string_view kOfClient[] = {"list", "kill", "no-evict", "pause", "unpause", "unblock"};
  const auto is = [&words](size_t index) {
    return [&words, index](std::string_view name) { return words.size() > index && IsWord(words[index], name); };
  };
  const bool help = words.size() == 2 && IsWord(words[1], "help");
  return std::any_of(std::begin(kWhole), std::end(kWhole), is(0)) ||
         (std::any_of(std::begin(kButHelp), std::end(kButHelp), is(0)) && !help) ||
         (IsWord(words[0], "client") && std::any_of(std::begin(kOfClient), std::end(kOfClient), is(1)));
}

enum class Shown : uint8_t { kMust, kMay, kMustNot };

Shown ShownOf(const Exchange& exchange, const MonitorView& view) {
  if (exchange.kind == Operation::Kind::kBroken || exchange.words.empty() || IsHidden(exchange.words)) {
    return Shown::kMustNot;
  }
  if (exchange.fate != Exchange::Fate::kAnswered) {
    return Shown::kMay;
  }
  if (exchange.reply.IsError()) {
    // Refused before it was executed; some commands say the same of the number of arguments in the course of it.
    const std::string_view text = exchange.reply.text;
    if (text.starts_with("ERR unknown ") || text == kNotLoggedIn) {
      return Shown::kMustNot;
    }
    if (text.starts_with("ERR wrong number of arguments")) {
      return Shown::kMay;
    }
  }
  const bool meanwhile = exchange.sent_ns >= view.on_ns && (!view.whole || exchange.done_ns <= view.until_ns);
  return meanwhile ? Shown::kMust : Shown::kMay;
}

bool SameWords(const std::vector<std::string>& asked, const std::vector<std::string>& shown) {
  const bool login = IsWord(asked[0], "auth");
  const bool may_have_login = login || IsWord(asked[0], "hello");
  return std::equal(asked.begin(), asked.end(), shown.begin(), shown.end(),
                    [&, first = true](const std::string& word, const std::string& text) mutable {
                      const bool secret = login && !std::exchange(first, false);
                      return secret ? text == kRedacted : text == word || (may_have_login && text == kRedacted);
                    });
}

// One request that a line may be about.
struct Item {
  const std::vector<std::string>* words = nullptr;
  Shown shown = Shown::kMay;
  std::optional<int64_t> db = {};      // after it; nothing: not known
  const Exchange* exchange = nullptr;  // null: it has no answer of its own
};

std::vector<Item> ItemsOf(const ClientRecord& record, const MonitorView& view) {
  std::vector<Item> items;
  for (size_t i = 0; i < record.exchanges.size(); ++i) {
    const Exchange& exchange = *record.exchanges[i];
    const ClientState& state = record.states[record.after[i]];
    if (exchange.kind == Operation::Kind::kBroken) {
      continue;
    }
    for (const std::vector<std::string>& words : UnansweredBefore(exchange.words)) {
      items.push_back({&words});
    }
    items.push_back(
        {&exchange.words, ShownOf(exchange, view), state.sure ? std::optional(state.db) : std::nullopt, &exchange});
  }
  return items;
}

// --- the comparison ---

class MonitorCheck {
 public:
  MonitorCheck(const MonitorView& view, const Moments& moments) : view_(view), moments_(moments) {}

  Finding Check(std::span<const ClientHistory* const> histories) {
    finding_.problem = view_.problem;
    for (const std::string& line : view_.lines) {
      MonitorLineParts parts;
      if (const std::string problem = parts.Parse(line); !problem.empty()) {
        Fail(fmt::format("{} in: {}", problem, Quoted(line, 200)));
      } else if (parts.address != kGoneAddress) {
        std::string address = parts.address;
        lines_[std::move(address)].push_back(std::move(parts));
      }
    }
    for (const ClientHistory* history : histories) {
      for (const ClientRecord& record : RecordsOf(*history)) {
        CheckRecord(record, lines_[fmt::format("127.0.0.1:{}", record.link.port)]);
        lines_.erase(fmt::format("127.0.0.1:{}", record.link.port));
      }
    }
    if (!lines_.empty()) {
      Fail(fmt::format("nobody is at {}, who asked for {}", lines_.begin()->first,
                       Quoted(lines_.begin()->second.front().words[0], 40)));
    }
    finding_.definite = finding_.checked;
    return std::move(finding_);
  }

 private:
  void Fail(std::string problem) {
    if (finding_.ok()) {
      finding_.problem = std::move(problem);
    }
  }

  bool Fits(const Item& item, const MonitorLineParts& line) const {
    if (!SameWords(*item.words, line.words) || (item.db && *item.db != line.db)) {
      return false;
    }
    if (item.exchange == nullptr || item.exchange->fate != Exchange::Fate::kAnswered) {
      return true;
    }
    const std::vector<int64_t> shown = moments_.Between(item.exchange->sent_ns, item.exchange->done_ns);
    return std::find(shown.begin(), shown.end(), line.wall_ms) != shown.end();
  }

  // The lines have to be the requests in their order, of which some may be left out. `reached`: how many lines the
  // requests up to here may explain, which are several numbers where there is a choice.
  void CheckRecord(const ClientRecord& record, const std::vector<MonitorLineParts>& lines) {
    std::vector<size_t> reached = {0};
    for (const Item& item : ItemsOf(record, view_)) {
      if (reached.back() == lines.size() && !view_.whole) {
        break;  // it may have stopped to listen before this one
      }
      if (item.shown == Shown::kMustNot) {
        continue;
      }
      std::vector<size_t> next;
      for (const size_t at : reached) {
        if (item.shown == Shown::kMay && (next.empty() || next.back() != at)) {
          next.push_back(at);
        }
        if (at < lines.size() && Fits(item, lines[at])) {
          next.push_back(at + 1);
        }
      }
      if (next.empty()) {
        return Miss(record, *item.words, item.exchange,
                    reached.back() < lines.size() ? &lines[reached.back()] : nullptr);
      }
      finding_.checked += item.shown == Shown::kMust ? 1U : 0U;
      reached = std::move(next);
    }
    if (reached.back() < lines.size()) {
      Miss(record, {}, nullptr, &lines[reached.back()]);
    }
  }

  void Miss(const ClientRecord& record, const std::vector<std::string>& words, const Exchange* exchange,
            const MonitorLineParts* line) {
    std::string problem = fmt::format("client {}, connection {}: ", record.client, record.number);
    if (exchange != nullptr) {
      problem += fmt::format("{}, sent at {} us and answered at {} us, is not shown to who monitors",
                             QuotedWords(words), exchange->sent_ns / 1000, exchange->done_ns / 1000);
    } else {
      problem += "who monitors is shown what it has not asked for then";
    }
    if (line != nullptr) {
      problem += fmt::format("; the next line is {} in database {} at {} ms", QuotedWords(line->words), line->db,
                             line->wall_ms);
    }
    Fail(std::move(problem));
  }

  const MonitorView& view_;
  const Moments& moments_;
  std::map<std::string, std::vector<MonitorLineParts>> lines_;  // by address
  Finding finding_;
};

}  // namespace

std::string MonitorLineParts::Parse(std::string_view line) {
  constexpr size_t kMicroDigits = 6;
  const std::optional<std::string_view> seconds = TakeUpTo(line, ".");
  const std::optional<std::string_view> micros = TakeUpTo(line, " [");
  const std::optional<std::string_view> database = TakeUpTo(line, " ");
  const std::optional<std::string_view> from = TakeUpTo(line, "] ");
  if (!seconds || !micros || !database || !from) {
    return "not a moment, a database and an address";
  }
  const std::optional<int64_t> whole = StrictInteger(*seconds);
  uint32_t parts_us = 0;
  const auto [end, error] = std::from_chars(micros->data(), micros->data() + micros->size(), parts_us);
  const bool digits = error == std::errc() && end == micros->data() + micros->size();
  const std::optional<int64_t> number = StrictInteger(*database);
  if (!whole || micros->size() != kMicroDigits || !digits || !number) {
    return "a moment or a database that is no number";
  }
  wall_ms = *whole * 1000 + parts_us / 1000;
  db = *number;
  address = *from;
  for (;;) {
    words.emplace_back();
    if (!TakeWord(line, words.back())) {
      return "a word that is not quoted as it should be";
    }
    if (line.empty()) {
      return {};
    }
    if (!line.starts_with(' ')) {
      return "words that are not parted by a space";
    }
    line.remove_prefix(1);
  }
}

Finding CheckMonitor(const MonitorView& view, std::span<const ClientHistory* const> histories, const Moments& moments) {
  return MonitorCheck(view, moments).Check(histories);
}

}  // namespace reprise
