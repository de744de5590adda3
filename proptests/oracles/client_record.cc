#include "proptests/oracles/client_record.h"

#include <algorithm>
#include <string_view>

#include "proptests/model/model.h"
#include "proptests/workload/batch.h"
#include "server/commands/command_table.h"

namespace reprise {
namespace {

// What a request makes of the state. `reply`: null, it may or may not have been executed.
void Advance(const std::vector<std::string>& words, const ReplyValue* reply, ClientState& state) {
  state.words = &words;
  // By far the most have another beginning.
  constexpr std::string_view kBeginnings = "cChHqQrRsS";
  if (words[0].empty() || kBeginnings.find(words[0][0]) == std::string_view::npos || words[0].size() > 6 ||
      words[0].size() < 4) {
    return;
  }
  const std::string command = CommandOf(words);
  const bool changes = command == "select" || command == "client|setname" || command == "hello" ||
                       command == "client|no-evict" || command == "quit" || command == "reset";
  if (!changes) {
    return;
  }
  const bool in_part = command == "hello" && words.size() > 2;  // a name that was given before an error stays
  if (reply == nullptr || in_part) {
    state.sure = false;
  } else if (reply->IsError()) {
    return;
  } else if (command == "select") {
    state.db = StrictInteger(words[1]).value_or(-1);
  } else if (command == "client|setname") {
    state.name = &words[2];
  } else if (command == "client|no-evict") {
    state.no_evict = LowerCase(words[2]) == "on";
  } else if (command == "quit") {
    state.ending = true;
  } else if (command == "hello" && words.size() == 2) {
    state.resp = words[1] == "3" ? 3 : 2;
  } else if (command == "reset") {
    state.db = 0;
    state.name = nullptr;
    state.resp = 2;
  }
}

void AddStates(const Exchange& exchange, ClientRecord& record) {
  ClientState state = record.states.back();
  const ReplyValue* const reply = exchange.fate == Exchange::Fate::kAnswered ? &exchange.reply : nullptr;
  if (exchange.kind == Operation::Kind::kBroken) {
    state.ending = true;
    record.states.push_back(state);
    return;
  }
  for (const std::vector<std::string>& words : UnansweredBefore(exchange.words)) {
    static const ReplyValue kNone;
    Advance(words, &kNone, state);
    record.states.push_back(state);
  }
  Advance(exchange.words, reply, state);
  record.states.push_back(state);
}

// The server has closed a connection before it is known to: by the answer to the request that ends it, or by the end of
// its stream, which it makes only by closing.
int64_t GoneAt(const ClientRecord& record) {
  int64_t gone_ns = INT64_MAX;
  if (record.ending != nullptr && record.ending->code == ErrorCode::kEndOfStream) {
    gone_ns = record.ending->time_ns;
  }
  for (const Exchange* exchange : record.exchanges) {
    const bool ends = exchange->kind == Operation::Kind::kBroken ||
                      (exchange->words[0].size() == 4 && LowerCase(exchange->words[0]) == "quit");
    if (ends && exchange->fate == Exchange::Fate::kAnswered && !exchange->reply.text.starts_with("ERR wrong number")) {
      gone_ns = std::min(gone_ns, exchange->done_ns);
    }
  }
  return gone_ns;
}

}  // namespace

std::string ClientState::Command() const {
  const std::string command = words == nullptr ? std::string() : CommandOf(*words);
  return command.empty() ? "NULL" : command;
}

std::string CommandOf(const std::vector<std::string>& words) {
  static const CommandTable kTable;
  const CommandEntry* const entry = kTable.Find(words[0]);
  if (entry == nullptr) {
    return {};
  }
  std::string name(entry->command->name);
  if (entry->subcommands.empty() || words.size() == 1) {
    return name;
  }
  name += "|" + LowerCase(words[1]);
  return kTable.FindFullName(name) == nullptr ? std::string() : name;
}

std::vector<ClientRecord> RecordsOf(const ClientHistory& history) {
  std::vector<ClientRecord> records(history.links.size());
  for (size_t i = 0; i < records.size(); ++i) {
    records[i].client = history.client;
    records[i].number = static_cast<uint32_t>(i);
    records[i].link = history.links[i];
    records[i].states.emplace_back();
  }
  for (const Exchange& exchange : history.exchanges) {
    ClientRecord& record = records[exchange.connection];
    AddStates(exchange, record);
    record.exchanges.push_back(&exchange);
    record.after.push_back(record.states.size() - 1);
    const bool tells = exchange.fate == Exchange::Fate::kAnswered && exchange.reply.type == ':';
    if (tells && exchange.words.size() == 2 && exchange.words[1].size() == 2 &&
        CommandOf(exchange.words) == "client|id") {
      record.id = exchange.reply.integer;
    }
  }
  for (const Ending& ending : history.endings) {
    records[ending.connection].ending = &ending;
  }
  for (ClientRecord& record : records) {
    record.gone_ns = GoneAt(record);
  }
  return records;
}

size_t ClientRecord::DoneBy(int64_t time_ns) const {
  const auto open = std::find_if(exchanges.begin(), exchanges.end(), [time_ns](const Exchange* exchange) {
    return exchange->fate != Exchange::Fate::kAnswered || exchange->done_ns > time_ns;
  });
  return static_cast<size_t>(open - exchanges.begin());
}

size_t ClientRecord::SentBy(int64_t time_ns) const {
  const auto later = std::find_if(exchanges.begin(), exchanges.end(),
                                  [time_ns](const Exchange* exchange) { return exchange->sent_ns > time_ns; });
  return static_cast<size_t>(later - exchanges.begin());
}

std::span<const ClientState> ClientRecord::StatesIn(const Window& window) const {
  const size_t done = DoneBy(window.from_ns);
  const size_t sent = SentBy(window.to_ns);
  const size_t first = done == 0 ? 0 : after[done - 1];
  const size_t last = sent == 0 ? 0 : after[sent - 1];
  return std::span(states).subspan(first, last - first + 1);
}

bool ClientRecord::QuietIn(const Window& window) const {
  const size_t done = DoneBy(window.from_ns);
  return done > 0 && done == SentBy(window.to_ns);
}

}  // namespace reprise
