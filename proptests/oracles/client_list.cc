#include "proptests/oracles/client_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "proptests/model/model.h"
#include "proptests/oracles/client_line.h"
#include "proptests/oracles/client_line_check.h"
#include "proptests/oracles/client_record.h"

namespace reprise {
namespace {

using Field = ClientLine::Field;

constexpr std::string_view kGoneAddress = "?:0";  // the network does not know any more

// The port in "127.0.0.1:50000"; 0: it is no address of a client.
int64_t PortOf(std::string_view address) {
  constexpr std::string_view kHost = "127.0.0.1:";
  return address.starts_with(kHost) ? StrictInteger(address.substr(kHost.size())).value_or(0) : 0;
}

bool Is(const Exchange& exchange, std::string_view subcommand) {
  return exchange.words.size() >= 2 && exchange.words[0].size() == 6 && LowerCase(exchange.words[0]) == "client" &&
         LowerCase(exchange.words[1]) == subcommand && exchange.kind != Operation::Kind::kBroken;
}

class ClientListCheck {
 public:
  ClientListCheck(std::span<const ClientHistory* const> histories, const Moments& moments, const ClientListTerms& terms)
      : moments_(moments), terms_(terms) {
    for (const ClientHistory* history : histories) {
      std::vector<ClientRecord> records = RecordsOf(*history);
      std::move(records.begin(), records.end(), std::back_inserter(records_));
    }
    for (ClientRecord& record : records_) {
      for (const Exchange* exchange : record.exchanges) {
        NoteKill(*exchange);
      }
    }
  }

  Finding Check() {
    for (ClientRecord& record : records_) {
      CheckEnd(record);
      for (size_t i = 0; i < record.exchanges.size() && finding_.ok(); ++i) {
        if (record.exchanges[i]->fate == Exchange::Fate::kAnswered) {
          CheckAnswer(record, i);
        }
      }
    }
    return finding_;
  }

 private:
  enum class Presence : uint8_t { kMust, kMay, kMustNot };

  // --- who is there ---

  ClientRecord* FindId(int64_t id) {
    const auto at = std::find_if(records_.begin(), records_.end(),
                                 [id](const ClientRecord& record) { return record.id != 0 && record.id == id; });
    return at == records_.end() ? nullptr : &*at;
  }
  ClientRecord* FindAddress(std::string_view address) {
    const int64_t port = PortOf(address);
    const auto at = std::find_if(records_.begin(), records_.end(),
                                 [port](const ClientRecord& record) { return record.link.port == port; });
    return at == records_.end() ? nullptr : &*at;
  }
  // Of CLIENT KILL in one of the forms that are used here.
  ClientRecord* VictimOf(const Exchange& exchange) {
    if (exchange.words.size() == 3) {
      return FindAddress(exchange.words[2]);
    }
    if (exchange.words.size() != 4) {
      return nullptr;
    }
    const std::string option = LowerCase(exchange.words[2]);
    return option == "addr" ? FindAddress(exchange.words[3])
           : option == "id" ? FindId(StrictInteger(exchange.words[3]).value_or(-1))
                            : nullptr;
  }

  static bool HasKilled(const ReplyValue& reply) {
    return reply == ReplyValue::Ok() || reply == ReplyValue::Integer(1);
  }

  void NoteKill(const Exchange& exchange) {
    if (exchange.fate != Exchange::Fate::kAnswered || !Is(exchange, "kill") || !HasKilled(exchange.reply)) {
      return;
    }
    if (ClientRecord* const victim = VictimOf(exchange)) {
      victim->killed_ns = std::min(victim->killed_ns, exchange.done_ns);
    }
  }

  Presence PresenceOf(const ClientRecord& record, const Window& window) const {
    if (record.link.began_ns > window.to_ns || std::min(record.killed_ns, record.gone_ns) <= window.from_ns) {
      return Presence::kMustNot;
    }
    bool answered_before = false;
    bool in_peace = false;
    for (const Exchange* exchange : record.exchanges) {
      if (exchange->fate != Exchange::Fate::kAnswered) {
        break;
      }
      answered_before = answered_before || exchange->done_ns <= window.from_ns;
      in_peace = in_peace || (terms_.peace_ns >= 0 && exchange->sent_ns >= terms_.peace_ns);
      if (answered_before && exchange->sent_ns >= window.to_ns) {
        return Presence::kMust;
      }
    }
    // It asks for nothing more; but had it been ended, it would have heard of it.
    const bool stayed = record.ending != nullptr && record.ending->how == Ending::How::kByClient &&
                        record.ending->time_ns >= window.to_ns + terms_.hears_ns;
    return answered_before && in_peace && stayed && !terms_.may_be_idle ? Presence::kMust : Presence::kMay;
  }

  // --- what is said ---

  void Fail(const ClientRecord& asker, const Exchange& exchange, const std::string& what) {
    if (finding_.ok()) {
      finding_.problem = fmt::format("client {}, connection {}, answered at {} us: {}: {}", asker.client, asker.number,
                                     exchange.done_ns / 1000, QuotedWords(exchange.words), what);
    }
  }

  void CheckEnd(const ClientRecord& record) {
    const bool stayed = record.ending != nullptr && record.ending->how == Ending::How::kByClient;
    if (record.killed_ns != INT64_MAX && stayed && terms_.peace_ns >= 0 && record.killed_ns >= terms_.peace_ns &&
        record.ending->time_ns - record.killed_ns >= terms_.hears_ns) {
      finding_.problem =
          fmt::format("client {}, connection {} was killed at {} us, and has not ended by {} us", record.client,
                      record.number, record.killed_ns / 1000, record.ending->time_ns / 1000);
    }
  }

  void CheckAnswer(ClientRecord& asker, size_t index) {
    const Exchange& exchange = *asker.exchanges[index];
    const bool client = exchange.words.size() >= 2 && exchange.words[0].size() == 6;
    if (exchange.kind == Operation::Kind::kBroken || !client) {
      return;
    }
    const std::string command = CommandOf(exchange.words);
    const bool nobody = command == "client|kill" && exchange.reply == ReplyValue::Error("ERR No such client");
    if (exchange.reply.IsError() && !nobody) {
      return;
    }
    const Window window{exchange.sent_ns, exchange.done_ns};
    if (command == "client|kill") {
      CheckKill(asker, exchange, window);
    } else if (command == "client|getname") {
      CheckName(asker, index);
    } else if (command == "client|info" || command == "client|list") {
      CheckText(asker, index, window);
    } else {
      return;
    }
    ++finding_.checked;
    ++finding_.definite;
  }

  void CheckKill(const ClientRecord& asker, const Exchange& exchange, const Window& window) {
    const ClientRecord* const victim = VictimOf(exchange);
    if (victim == nullptr || victim == &asker) {
      return;
    }
    // Its own answer is what tells that the victim is gone from then on.
    ClientRecord before = *victim;
    before.killed_ns = before.killed_ns == exchange.done_ns ? INT64_MAX : before.killed_ns;
    const Presence presence = PresenceOf(before, window);
    const bool wrong = HasKilled(exchange.reply) ? presence == Presence::kMustNot : presence == Presence::kMust;
    if (wrong) {
      Fail(asker, exchange,
           fmt::format("answered {}, for connection {} of client {}", exchange.reply.ToString(), victim->number,
                       victim->client));
    }
  }

  void CheckName(const ClientRecord& asker, size_t index) {
    const ClientState& state = asker.states[asker.after[index]];
    const Exchange& exchange = *asker.exchanges[index];
    const bool right = state.name == nullptr || state.name->empty() ? exchange.reply.IsNull()
                                                                    : exchange.reply == ReplyValue::Bulk(*state.name);
    if (state.sure && !right) {
      Fail(asker, exchange,
           fmt::format("answered {}, and was named {}", exchange.reply.ToString(), Quoted(state.Name())));
    }
  }

  void CheckText(ClientRecord& asker, size_t index, const Window& window) {
    const Exchange& exchange = *asker.exchanges[index];
    std::string_view text = exchange.reply.text;
    const char type = asker.states[asker.after[index]].resp == 3 ? '=' : '$';
    if (exchange.reply.type != type && asker.states[asker.after[index]].sure) {
      return Fail(asker, exchange, fmt::format("a reply of type {}", exchange.reply.type));
    }
    text.remove_prefix(exchange.reply.type == '=' && text.starts_with("txt:") ? 4 : 0);
    bool whole = false;
    std::vector<ClientRecord*> listed;
    const std::vector<std::string_view> lines = LinesOf(text, &whole);
    if (!whole) {
      return Fail(asker, exchange, "the last line has no end");
    }
    for (const std::string_view text_of_line : lines) {
      ClientLine line;
      if (const std::string problem = line.Parse(text_of_line); !problem.empty()) {
        return Fail(asker, exchange, problem);
      }
      ClientRecord* const record = Recognize(line);
      if (record == nullptr && MayBeNameless(line, window)) {
        continue;
      }
      if (record == nullptr) {
        return Fail(asker, exchange, fmt::format("nobody is {}", text_of_line));
      }
      const std::string problem = record == &asker ? CheckOwnLine(line, asker, index, moments_)
                                                   : CheckOtherLine(line, *record, window, moments_);
      if (!problem.empty()) {
        return Fail(asker, exchange, fmt::format("{} in: {}", problem, text_of_line));
      }
      listed.push_back(record);
    }
    CheckWho(asker, exchange, window, listed);
  }

  // Whom a line is about, by where it comes from, which only the world decides; and that its id is this one's.
  ClientRecord* Recognize(const ClientLine& line) {
    const int64_t id = line.Number(Field::kId);
    const std::string_view address = line.Text(Field::kAddress);
    ClientRecord* const by_id = FindId(id);
    ClientRecord* const record = address == kGoneAddress ? by_id : FindAddress(address);
    if (record == nullptr || id < 1 || (by_id != nullptr && by_id != record) || (record->id != 0 && record->id != id)) {
      return nullptr;
    }
    const int64_t handle = line.Number(Field::kHandle);
    if (handle < 0 || (record->handle >= 0 && record->handle != handle)) {
      return nullptr;
    }
    record->id = id;
    record->handle = handle;
    return record;
  }

  // Whether a line may be about a connection that is over, so that nobody knows where it came from, and that was never
  // told its id.
  bool MayBeNameless(const ClientLine& line, const Window& window) {
    return line.Text(Field::kAddress) == kGoneAddress && FindId(line.Number(Field::kId)) == nullptr &&
           std::any_of(records_.begin(), records_.end(), [&window](const ClientRecord& record) {
             return record.id == 0 && record.link.began_ns <= window.to_ns;
           });
  }

  // --- the list as a whole ---

  // The ids that were asked for, in their order; nothing: all.
  static std::optional<std::vector<int64_t>> IdsOf(const Exchange& exchange) {
    if (exchange.words.size() < 4 || LowerCase(exchange.words[2]) != "id") {
      return std::nullopt;
    }
    std::vector<int64_t> ids;
    for (size_t i = 3; i < exchange.words.size(); ++i) {
      ids.push_back(StrictInteger(exchange.words[i]).value_or(-1));
    }
    return ids;
  }

  void CheckWho(const ClientRecord& asker, const Exchange& exchange, const Window& window,
                const std::vector<ClientRecord*>& listed) {
    const bool info = Is(exchange, "info");
    const auto ids = IdsOf(exchange);
    const bool of_type = exchange.words.size() == 4 && LowerCase(exchange.words[2]) == "type";
    const bool no_one = of_type && LowerCase(exchange.words[3]) != "normal";
    if ((info && (listed.size() != 1 || listed[0] != &asker)) || (no_one && !listed.empty())) {
      return Fail(asker, exchange, fmt::format("{} lines: {}", listed.size(), Quoted(exchange.reply.text, 400)));
    }
    if (info || no_one) {
      return;
    }
    CheckOrder(asker, exchange, listed, ids);
    for (const ClientRecord& record : records_) {
      const bool there = std::find(listed.begin(), listed.end(), &record) != listed.end();
      const bool wanted = !ids || std::find(ids->begin(), ids->end(), record.id) != ids->end();
      const Presence presence = &record == &asker ? Presence::kMust : PresenceOf(record, window);
      if (there ? !wanted || presence == Presence::kMustNot : wanted && presence == Presence::kMust) {
        return Fail(asker, exchange,
                    fmt::format("connection {} of client {} (id {}) {}: {}", record.number, record.client, record.id,
                                there ? "should not be there" : "is missing", Quoted(exchange.reply.text, 2000)));
      }
    }
  }

  // All stand in the order of their ids, and once; those that were asked for by their ids in that order.
  void CheckOrder(const ClientRecord& asker, const Exchange& exchange, const std::vector<ClientRecord*>& listed,
                  const std::optional<std::vector<int64_t>>& ids) {
    size_t at = 0;
    int64_t latest = 0;
    std::set<int64_t> handles;
    for (const ClientRecord* record : listed) {
      if (ids) {
        at = static_cast<size_t>(std::find(ids->begin() + static_cast<std::ptrdiff_t>(at), ids->end(), record->id) -
                                 ids->begin());
        at += 1;
      }
      const bool in_order = ids ? at <= ids->size() : record->id > latest;
      latest = record->id;
      if (!in_order || (!ids && !handles.insert(record->handle).second)) {
        return Fail(asker, exchange,
                    fmt::format("id {} is there twice, in the wrong place or with another's handle: {}", record->id,
                                Quoted(exchange.reply.text, 2000)));
      }
    }
  }

  const Moments& moments_;
  const ClientListTerms terms_;
  std::vector<ClientRecord> records_;
  Finding finding_;
};

// The names of those who own their keys are the model's.
bool TellsOfClients(const Exchange& exchange, Keys keys) {
  return exchange.fate == Exchange::Fate::kAnswered &&
         (Is(exchange, "list") || Is(exchange, "info") || Is(exchange, "kill") ||
          (keys != Keys::kOwn && Is(exchange, "getname")));
}

}  // namespace

Finding CheckClientList(std::span<const ClientHistory* const> histories, const Moments& moments,
                        const ClientListTerms& terms) {
  const bool any = std::any_of(histories.begin(), histories.end(), [](const ClientHistory* history) {
    return std::any_of(history->exchanges.begin(), history->exchanges.end(),
                       [history](const Exchange& exchange) { return TellsOfClients(exchange, history->keys); });
  });
  return any ? ClientListCheck(histories, moments, terms).Check() : Finding();
}

}  // namespace reprise
