#include "proptests/oracles/pause.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "loop/clock.h"
#include "proptests/model/model.h"
#include "server/commands/command.h"
#include "server/commands/command_table.h"

namespace reprise {
namespace {

// A time in which requests wait for sure.
struct Pause {
  const ClientHistory* by = nullptr;
  const Exchange* asked = nullptr;
  bool writes_only = false;
  int64_t from_ns = 0;
  int64_t to_ns = 0;
};

bool IsClient(const Exchange& exchange, std::string_view subcommand) {
  return exchange.kind != Operation::Kind::kBroken && exchange.words.size() >= 2 &&
         LowerCase(exchange.words[0]) == "client" && LowerCase(exchange.words[1]) == subcommand;
}

std::optional<Pause> PauseOf(const ClientHistory& history, const Exchange& exchange) {
  const bool begun = exchange.fate == Exchange::Fate::kAnswered && exchange.reply == ReplyValue::Ok();
  if (!begun || !IsClient(exchange, "pause") || exchange.words.size() < 3) {
    return std::nullopt;
  }
  // Ends beyond what a clock can count are over at once.
  constexpr int64_t kLongestMs = int64_t{365} * 24 * 3600 * 1000;
  const int64_t duration_ms = StrictInteger(exchange.words[2]).value_or(0);
  if (duration_ms > kLongestMs) {
    return std::nullopt;
  }
  return Pause{&history, &exchange, exchange.words.size() == 4 && LowerCase(exchange.words[3]) == "write",
               exchange.done_ns, exchange.sent_ns + duration_ms * kNanosPerMilli};
}

// `exchange` may end the pause as soon as it may be executed.
void EndBy(const Exchange& exchange, Pause& pause) {
  const bool before = exchange.fate == Exchange::Fate::kAnswered && exchange.done_ns <= pause.asked->sent_ns;
  if (!before) {
    pause.to_ns = std::min(pause.to_ns, exchange.sent_ns);
  }
}

template <typename Function>
void ForEach(std::span<const ClientHistory* const> histories, Function&& function) {
  for (const ClientHistory* history : histories) {
    for (const Exchange& exchange : history->exchanges) {
      function(*history, exchange);
    }
  }
}

// Whether it is a request that a pause holds back: what is refused for its form, or before login, is not.
bool IsHeld(const Exchange& exchange, bool writes_only, const CommandTable& commands) {
  const bool refused = exchange.reply.IsError() && exchange.reply.text == kNotLoggedIn;
  if (exchange.kind == Operation::Kind::kBroken || exchange.words.empty() || refused) {
    return false;
  }
  const std::vector<std::string_view> words(exchange.words.begin(), exchange.words.end());
  const CommandEntry* const entry = commands.Find(words[0]);
  const CommandEntry* const resolved = entry == nullptr ? nullptr : CommandTable::Resolve(*entry, words);
  return resolved != nullptr && resolved->AritySuits(words.size()) &&
         (!writes_only || (resolved->command->flags & (kWrite | kMayReplicate)) != 0);
}

}  // namespace

Finding CheckPause(std::span<const ClientHistory* const> histories) {
  Finding finding;
  std::vector<Pause> pauses;
  ForEach(histories, [&](const ClientHistory& history, const Exchange& exchange) {
    if (const std::optional<Pause> pause = PauseOf(history, exchange)) {
      pauses.push_back(*pause);
    }
  });
  if (pauses.empty()) {
    return finding;
  }
  ForEach(histories, [&](const ClientHistory&, const Exchange& exchange) {
    if (IsClient(exchange, "unpause")) {
      std::for_each(pauses.begin(), pauses.end(), [&](Pause& pause) { EndBy(exchange, pause); });
    }
  });
  const CommandTable commands;
  for (const Pause& pause : pauses) {
    ForEach(histories, [&](const ClientHistory& history, const Exchange& exchange) {
      const bool same_life = history.LifeOf(exchange.connection) == pause.by->LifeOf(pause.asked->connection);
      const bool behind =
          pause.by == &history && exchange.connection == pause.asked->connection && &exchange > pause.asked;
      const bool meanwhile = exchange.fate == Exchange::Fate::kAnswered && exchange.done_ns < pause.to_ns &&
                             (behind || exchange.sent_ns >= pause.from_ns);
      if (!finding.ok() || !same_life || !meanwhile || !IsHeld(exchange, pause.writes_only, commands)) {
        return;
      }
      finding.problem = fmt::format(
          "client {}: {} was sent at {} us and answered at {} us, in the midst of a pause ({}) that had begun at {} us",
          history.client, QuotedWords(exchange.words), exchange.sent_ns / 1000, exchange.done_ns / 1000,
          QuotedWords(pause.asked->words), pause.from_ns / 1000);
    });
    ++finding.checked;
    ++finding.definite;
  }
  return finding;
}

}  // namespace reprise
