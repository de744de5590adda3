#include "proptests/oracles/identity.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "proptests/model/model.h"

namespace reprise {
namespace {

bool IsClient(const Exchange& exchange, std::string_view subcommand) {
  return exchange.kind != Operation::Kind::kBroken && exchange.words.size() == 2 &&
         IsWord(exchange.words[0], "client") && IsWord(exchange.words[1], subcommand);
}

// How many lines of the text begin with this id.
size_t LinesOf(std::string_view text, int64_t id) {
  const std::string start = fmt::format("id={} ", id);
  size_t lines = 0;
  while (!text.empty()) {
    lines += text.starts_with(start) ? 1U : 0U;
    text.remove_prefix(std::min(text.size(), text.find('\n')));
    text.remove_prefix(text.empty() ? 0 : 1);
  }
  return lines;
}

// The id that an answer tells, if it is one that does: to CLIENT ID, or to HELLO among other facts.
std::optional<int64_t> IdIn(const Exchange& exchange) {
  if (IsClient(exchange, "id") && exchange.reply.type == ':') {
    return exchange.reply.integer;
  }
  const std::vector<ReplyValue>& parts = exchange.reply.parts;
  for (size_t i = 0; i + 1 < parts.size() && IsWord(exchange.words[0], "hello"); i += 2) {
    if (parts[i].text == "id") {
      return parts[i + 1].integer;
    }
  }
  return std::nullopt;
}

// What is wrong with a text that tells of the connection `id`; empty: nothing, or it is no such text.
std::string Disagreement(const Exchange& exchange, int64_t id) {
  const ReplyValue& reply = exchange.reply;
  const bool info = IsClient(exchange, "info");
  if (reply.IsError() || !(info || IsClient(exchange, "list"))) {
    return {};
  }
  std::string_view text = reply.text;
  text.remove_prefix(reply.type == '=' ? std::string_view("txt:").size() : 0);
  const bool other_lines = info && std::count(text.begin(), text.end(), '\n') != 1;
  if (LinesOf(text, id) == 1 && !other_lines) {
    return {};
  }
  return fmt::format("has the id {}, and {} {} says: {}", id, exchange.words[0], exchange.words[1], Quoted(text, 400));
}

}  // namespace

Finding CheckIdentity(const ClientHistory& history) {
  Finding finding;
  uint32_t connection = 0;
  int64_t id = 0;      // of that connection; 0: it was not told yet
  int64_t latest = 0;  // of this life of the server
  uint32_t life = history.LifeOf(0);
  for (const Exchange& exchange : history.exchanges) {
    if (exchange.connection != connection) {
      connection = exchange.connection;
      id = 0;
      latest = history.LifeOf(connection) == std::exchange(life, history.LifeOf(connection)) ? latest : 0;
    }
    if (exchange.fate != Exchange::Fate::kAnswered) {
      continue;
    }
    std::string problem;
    const std::optional<int64_t> told = IdIn(exchange);
    if (told && id == 0) {
      id = *told;
      problem = id <= latest ? fmt::format("has the id {}, and an earlier one had {}", id, latest) : std::string();
      latest = std::max(latest, id);
    } else if (told && id != *told) {
      problem = fmt::format("has the id {}, and is told that it is {}", id, *told);
    } else if (id != 0) {
      problem = Disagreement(exchange, id);
    }
    ++finding.checked;
    if (!problem.empty()) {
      finding.problem = fmt::format("client {}, connection {} {}", history.client, connection, problem);
      break;
    }
  }
  finding.definite = finding.checked;
  return finding;
}

}  // namespace reprise
