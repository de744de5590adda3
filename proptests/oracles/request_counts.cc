#include "proptests/oracles/request_counts.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "proptests/model/model.h"
#include "proptests/workload/batch.h"
#include "server/commands/command_table.h"

namespace reprise {
namespace {

using Words = std::vector<std::string>;

const CommandTable& Commands() {
  static const CommandTable kTable;
  return kTable;
}

// The command or subcommand that a request names; null: there is no such.
const CommandEntry* EntryOf(const Words& words) {
  const CommandEntry* const entry = Commands().Find(words[0]);
  if (entry == nullptr || entry->subcommands.empty() || words.size() == 1) {
    return entry;
  }
  return Commands().FindFullName(LowerCase(words[0]) + "|" + words[1]);
}

std::string CodeOf(std::string_view error) { return std::string(error.substr(0, error.find(' '))); }

// How many keys a request has looked up to read them, and how many of these were there; each from and to.
struct Lookups {
  uint64_t keys = 0;
  Bounds hits;
};

bool IsOneOf(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool AsksForOldValue(const Words& words) {
  return std::any_of(words.begin() + 3, words.end(), [](const std::string& word) { return LowerCase(word) == "get"; });
}

// Of a request that was answered, and not with an error.
Lookups LookupsOf(const std::string& name, const Words& words, const ReplyValue& reply) {
  const auto one = [](bool hit) { return Lookups{1, {hit ? 1U : 0U, hit ? 1U : 0U}}; };
  const auto some = [](uint64_t keys, uint64_t hits) { return Lookups{keys, {hits, hits}}; };
  if (IsOneOf(name, {"get", "getex", "getdel", "getset"}) || name.starts_with("object|") ||
      (name == "set" && words.size() > 3 && AsksForOldValue(words))) {
    return name == "object|help" ? Lookups() : one(!reply.IsNull());
  }
  if (IsOneOf(name, {"ttl", "pttl", "expiretime", "pexpiretime"})) {
    return one(reply.integer != -2);
  }
  if (name == "type") {
    return one(reply.text != "none");
  }
  if (IsOneOf(name, {"exists", "touch"})) {
    return some(words.size() - 1, static_cast<uint64_t>(reply.integer));
  }
  if (name == "mget") {
    const auto there =
        std::count_if(reply.parts.begin(), reply.parts.end(), [](const ReplyValue& part) { return !part.IsNull(); });
    return some(words.size() - 1, static_cast<uint64_t>(there));
  }
  // An empty value is read as none is.
  if (IsOneOf(name, {"strlen", "getrange", "substr", "copy"})) {
    const bool something = reply.integer > 0 || !reply.text.empty();
    return {1, {something ? 1U : 0U, 1}};
  }
  return name == "lcs" ? Lookups{2, {0, 2}} : Lookups();
}

// The most that a request can look up, answered or not.
uint64_t LookupsMax(const std::string& name, const Words& words) {
  if (IsOneOf(name, {"exists", "touch", "mget"})) {
    return words.size() - 1;
  }
  const bool reads = name.starts_with("object|") ||
                     IsOneOf(name, {"get", "getex", "getdel", "getset", "set", "ttl", "pttl", "expiretime",
                                    "pexpiretime", "type", "strlen", "getrange", "substr", "copy"});
  return name == "lcs" ? 2 : reads ? 1 : 0;
}

bool GivesExpiry(const std::string& name, const Words& words) {
  const bool by_option = (name == "set" && words.size() > 3) || (name == "getex" && words.size() > 2);
  return by_option || name == "copy" || name.find("expire") != std::string::npos || name.ends_with("setex");
}

class Counter {
 public:
  explicit Counter(RequestCounts& counts) : counts_(counts) {}

  void Add(const Exchange& exchange) {
    const bool answered = exchange.fate == Exchange::Fate::kAnswered;
    if (exchange.kind == Operation::Kind::kBroken) {
      return answered ? AddError(exchange.reply.text) : LoseError();
    }
    for (const Words& words : UnansweredBefore(exchange.words)) {
      AddRequest(words, answered ? &kNothing : nullptr);
    }
    AddRequest(exchange.words, answered ? &exchange.reply : nullptr);
  }

 private:
  inline static const ReplyValue kNothing;

  void AddError(std::string_view text) {
    counts_.errors.Add(1, 1);
    counts_.by_error[CodeOf(text)].Add(1, 1);
  }
  void LoseError() {
    counts_.errors.Add(0, 1);
    ++counts_.errors_lost;
  }

  // `reply`: null, it may or may not have been executed. What is not answered for CLIENT REPLY is no error if it is a
  // command.
  void AddRequest(const Words& words, const ReplyValue* reply) {
    const uint64_t least = reply == nullptr ? 0 : 1;
    const CommandEntry* const entry = EntryOf(words);
    if (entry == nullptr) {
      return least == 0 ? LoseError() : AddError(reply->IsError() ? reply->text : "ERR");
    }
    RequestCounts::OfCommand& command = counts_.by_command[entry->FullName()];
    if (!entry->AritySuits(words.size()) || (reply != nullptr && reply->text == kNotLoggedIn)) {
      command.rejected.Add(least, 1);
      return least == 0 ? LoseError() : AddError(reply->text);
    }
    command.rejected.Add(0, reply == nullptr ? 1 : 0);  // before login
    counts_.commands.Add(least, 1);
    command.calls.Add(least, 1);
    const std::string name = entry->FullName();
    counts_.expiries_max += GivesExpiry(name, words) ? 1U : 0U;
    if (reply == nullptr || reply->IsError()) {
      const uint64_t most = LookupsMax(name, words);
      counts_.hits.Add(0, most);
      counts_.misses.Add(0, most);
    }
    if (reply == nullptr) {
      command.failed.Add(0, 1);
      LoseError();
    } else if (reply->IsError()) {
      command.failed.Add(1, 1);
      AddError(reply->text);
    } else if (reply != &kNothing) {
      const Lookups lookups = LookupsOf(name, words, *reply);
      counts_.hits.Add(lookups.hits.low, lookups.hits.high);
      counts_.misses.Add(lookups.keys - lookups.hits.high, lookups.keys - lookups.hits.low);
    }
  }

  RequestCounts& counts_;
};

}  // namespace

void RequestCounts::Add(const ClientHistory& history, size_t count) {
  Counter counter(*this);
  for (size_t i = 0; i < std::min(count, history.exchanges.size()); ++i) {
    counter.Add(history.exchanges[i]);
  }
}

}  // namespace reprise
