#include "proptests/oracles/pause.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "proptests/model/model.h"

namespace reprise {
namespace {

constexpr int64_t kNanosPerMilli = 1'000'000;

struct Pause {
  const ClientHistory* by = nullptr;
  size_t exchange = 0;  // of `by`
  int64_t confirmed_ns = 0;
  int64_t until_ns = 0;
  bool all = true;
};

bool IsClient(const Exchange& exchange, std::string_view subcommand) {
  return exchange.kind != Operation::Kind::kBroken && exchange.words.size() > 1 &&
         LowerCase(exchange.words[0]) == "client" && LowerCase(exchange.words[1]) == subcommand;
}

bool MayChangeSomething(std::string_view name) {
  static constexpr auto kWrites = std::to_array<std::string_view>(
      {"append",  "copy",   "decr",    "decrby",   "del",       "expire", "expireat",    "flushall",
       "flushdb", "getdel", "getex",   "getset",   "incr",      "incrby", "incrbyfloat", "move",
       "mset",    "msetnx", "persist", "pexpire",  "pexpireat", "psetex", "rename",      "renamenx",
       "set",     "setex",  "setnx",   "setrange", "unlink"});
  return std::find(kWrites.begin(), kWrites.end(), LowerCase(name)) != kWrites.end();
}

bool IsHeldBy(const Pause& pause, const ClientHistory& history, size_t index) {
  const Exchange& exchange = history.exchanges[index];
  if (exchange.fate != Exchange::Fate::kAnswered || exchange.kind == Operation::Kind::kBroken ||
      exchange.reply.IsError() || exchange.done_ns >= pause.until_ns) {
    return false;
  }
  const Exchange& made = pause.by->exchanges[pause.exchange];
  const bool behind = pause.by == &history && exchange.connection == made.connection && index > pause.exchange;
  return (behind || exchange.sent_ns >= pause.confirmed_ns) && (pause.all || MayChangeSomething(exchange.words[0]));
}

// When the earliest CLIENT UNPAUSE that may have been executed after `from_ns` was sent.
int64_t EarliestUnpause(std::span<const ClientHistory* const> histories, int64_t from_ns) {
  int64_t earliest = INT64_MAX;
  for (const ClientHistory* history : histories) {
    for (const Exchange& exchange : history->exchanges) {
      if (IsClient(exchange, "unpause") && (exchange.done_ns < 0 || exchange.done_ns >= from_ns)) {
        earliest = std::min(earliest, exchange.sent_ns);
      }
    }
  }
  return earliest;
}

std::vector<Pause> PausesIn(std::span<const ClientHistory* const> histories) {
  std::vector<Pause> pauses;
  for (const ClientHistory* history : histories) {
    for (size_t i = 0; i < history->exchanges.size(); ++i) {
      const Exchange& exchange = history->exchanges[i];
      if (!IsClient(exchange, "pause") || exchange.reply != ReplyValue::Ok()) {
        continue;
      }
      const int64_t end_ns = exchange.sent_ns + StrictInteger(exchange.words[2]).value_or(0) * kNanosPerMilli;
      const bool all = exchange.words.size() == 3 || LowerCase(exchange.words[3]) == "all";
      pauses.push_back(
          {history, i, exchange.done_ns, std::min(end_ns, EarliestUnpause(histories, exchange.sent_ns)), all});
    }
  }
  return pauses;
}

}  // namespace

Finding CheckPauses(std::span<const ClientHistory* const> histories) {
  Finding finding;
  for (const Pause& pause : PausesIn(histories)) {
    ++finding.checked;
    for (const ClientHistory* history : histories) {
      for (size_t i = 0; i < history->exchanges.size(); ++i) {
        if (IsHeldBy(pause, *history, i)) {
          const Exchange& early = history->exchanges[i];
          finding.problem = fmt::format(
              "client {}: {} was sent at {} us and answered at {} us, within a pause of {} from {} to {} us or later",
              history->client, Quoted(early.words[0], 40), early.sent_ns / 1000, early.done_ns / 1000,
              pause.all ? "all requests" : "writes", pause.confirmed_ns / 1000, pause.until_ns / 1000);
          return finding;
        }
      }
    }
  }
  finding.definite = finding.checked;
  return finding;
}

}  // namespace reprise
