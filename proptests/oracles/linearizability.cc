#include "proptests/oracles/linearizability.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "proptests/model/model.h"
#include "sim/mix.h"

namespace reprise {
namespace {

constexpr int64_t kForever = std::numeric_limits<int64_t>::max();
constexpr size_t kNone = SIZE_MAX;

using Value = std::optional<std::string>;

// What one request does to the value of its key, and the reply, by the model.
ReplyValue ApplyToValue(const KeyOperation& operation, Value& value) {
  Model model;
  const std::string& key = operation.words[1];
  if (operation.resp3) {
    static const std::vector<std::string> kHello = {"hello", "3"};
    (void)model.Apply(kHello, 0);
  }
  if (value) {
    model.ChangeDatabase(0)[key] = Model::Entry{*value, -1, 1};
  }
  Expected expected = model.Apply(operation.words, 0);
  CHECK(expected.exact.has_value());
  const auto left = model.database(0).find(key);
  value = left == model.database(0).end() ? Value() : Value(*left->second.value);
  return *std::move(expected.exact);
}

class Search {
 public:
  Search(std::vector<KeyOperation> operations, uint64_t steps_max)
      : operations_(std::move(operations)), steps_max_(steps_max) {
    std::sort(operations_.begin(), operations_.end(), [](const KeyOperation& a, const KeyOperation& b) {
      return std::tie(a.sent_ns, a.client, a.connection, a.number) <
             std::tie(b.sent_ns, b.client, b.connection, b.number);
    });
    for (KeyOperation& operation : operations_) {
      operation.done_ns = operation.done_ns < 0 ? kForever : operation.done_ns;
      definite_left_ += operation.maybe ? 0U : 1U;
    }
    placed_.assign(operations_.size(), false);
    LinkPredecessors();
  }

  // True: there is an order. False: there is none, or too many states were looked at.
  bool Run() {
    if (definite_left_ == 0) {
      return true;
    }
    size_t from = 0;
    for (;;) {
      const size_t next = FindCandidate(from);
      if (next == kNone) {
        if (path_.empty() || steps_ > steps_max_) {
          return false;
        }
        from = TakeBack() + 1;
        continue;
      }
      Place(next);
      if (definite_left_ == 0) {
        return true;
      }
      from = 0;
      if (!seen_.insert(StateHash()).second) {
        from = TakeBack() + 1;
      }
    }
  }

  bool gave_up() const { return steps_ > steps_max_; }

  std::string Explain() const {
    std::string text = "no order explains what was seen of it; as far as it goes:";
    for (const size_t index : best_) {
      text += "\n    " + Text(operations_[index]);
    }
    text += "\n  and then none of these fits (value: " + (best_value_ ? Quoted(*best_value_) : "none") + "):";
    size_t shown = 0;
    for (size_t i = 0; i < operations_.size() && shown < 8; ++i) {
      if (std::find(best_.begin(), best_.end(), i) == best_.end() && !operations_[i].maybe) {
        text += "\n    " + Text(operations_[i]);
        ++shown;
      }
    }
    return text;
  }

 private:
  struct Placed {
    size_t index;
    Value value_before;
    int64_t latest_sent_before;
    size_t lowest_before;
  };

  static std::string Text(const KeyOperation& operation) {
    std::string words;
    for (const std::string& word : operation.words) {
      words += Quoted(word, 40) + ' ';
    }
    return fmt::format("client {} conn {} op {}: {}-> {}  [{} us .. {}]", operation.client, operation.connection,
                       operation.number, words, operation.maybe ? "lost" : operation.reply->ToString(),
                       operation.sent_ns / 1000,
                       operation.done_ns == kForever ? "?" : fmt::format("{} us", operation.done_ns / 1000));
  }

  void LinkPredecessors() {
    std::map<std::pair<uint32_t, uint32_t>, size_t> last;
    predecessor_.assign(operations_.size(), kNone);
    for (size_t i = 0; i < operations_.size(); ++i) {
      const auto [at, fresh] = last.try_emplace({operations_[i].client, operations_[i].connection}, i);
      if (!fresh) {
        predecessor_[i] = std::exchange(at->second, i);
      }
    }
  }

  // The first operation from `from` on that may come next and whose reply fits; its effect is in value_ then.
  size_t FindCandidate(size_t from) {
    int64_t first_end = kForever;
    for (size_t i = lowest_; i < operations_.size() && operations_[i].sent_ns <= first_end; ++i) {
      const KeyOperation& operation = operations_[i];
      if (!placed_[i] && !operation.maybe) {
        first_end = std::min(first_end, operation.done_ns);
      }
    }
    for (size_t i = std::max(from, lowest_); i < operations_.size() && operations_[i].sent_ns <= first_end; ++i) {
      const KeyOperation& operation = operations_[i];
      const bool in_turn = predecessor_[i] == kNone || placed_[predecessor_[i]];
      if (placed_[i] || !in_turn || TooLate(operation)) {
        continue;
      }
      ++steps_;
      if (steps_ > steps_max_) {
        return kNone;
      }
      Value after = value_;
      const ReplyValue reply = ApplyToValue(operation, after);
      if (operation.maybe || reply == *operation.reply) {
        next_value_ = std::move(after);
        return i;
      }
    }
    return kNone;
  }

  void Place(size_t index) {
    path_.push_back({index, std::move(value_), latest_sent_, lowest_});
    value_ = std::move(next_value_);
    latest_sent_ = std::max(latest_sent_, operations_[index].sent_ns);
    placed_[index] = true;
    placed_hash_ ^= Mix64(index + 1);
    definite_left_ -= operations_[index].maybe ? 0U : 1U;
    while (lowest_ < operations_.size() && (placed_[lowest_] || TooLate(operations_[lowest_]))) {
      ++lowest_;
    }
  }

  // A request that was lost can't happen any more once one that was sent after the fence has.
  bool TooLate(const KeyOperation& operation) const { return operation.maybe && operation.done_ns < latest_sent_; }

  size_t TakeBack() {
    if (path_.size() > best_.size()) {
      best_.clear();
      for (const Placed& placed : path_) {
        best_.push_back(placed.index);
      }
      best_value_ = value_;
    }
    Placed last = std::move(path_.back());
    path_.pop_back();
    value_ = std::move(last.value_before);
    latest_sent_ = last.latest_sent_before;
    placed_[last.index] = false;
    placed_hash_ ^= Mix64(last.index + 1);
    definite_left_ += operations_[last.index].maybe ? 0U : 1U;
    lowest_ = last.lowest_before;
    return last.index;
  }

  // Of what was placed, and the value: two different hashes, so that no two states share both.
  std::pair<uint64_t, uint64_t> StateHash() const {
    const uint64_t value = value_ ? HashBytes(*value_) : 1;
    return {placed_hash_, MixPair(value, placed_hash_)};
  }

  std::vector<KeyOperation> operations_;
  std::vector<size_t> predecessor_;
  std::vector<bool> placed_;
  std::vector<Placed> path_;
  std::set<std::pair<uint64_t, uint64_t>> seen_;
  Value value_;
  Value next_value_;
  int64_t latest_sent_ = 0;
  uint64_t placed_hash_ = 0;
  size_t definite_left_ = 0;
  size_t lowest_ = 0;  // all before it are placed
  uint64_t steps_ = 0;
  const uint64_t steps_max_;
  std::vector<size_t> best_;
  Value best_value_;
};

bool IsSharedCommand(const Exchange& exchange) {
  static const std::set<std::string, std::less<>> kCommands = {"get",    "set",    "setnx",  "getset", "append",
                                                               "incr",   "decr",   "incrby", "decrby", "del",
                                                               "exists", "getdel", "strlen"};
  return exchange.words.size() >= 2 && kCommands.count(LowerCase(exchange.words[0])) > 0;
}

}  // namespace

Finding CheckKey(std::vector<KeyOperation> operations, uint64_t steps_max) {
  Finding finding;
  finding.checked = operations.size();
  const auto maybe = static_cast<uint64_t>(std::count_if(
      operations.begin(), operations.end(), [](const KeyOperation& operation) { return operation.maybe; }));
  Search search(std::move(operations), steps_max);
  if (search.Run()) {
    finding.definite = finding.checked - maybe;
  } else if (!search.gave_up()) {
    finding.problem = search.Explain();
  }
  return finding;
}

Finding CheckLinearizable(std::span<const ClientHistory* const> histories) {
  // Of each life of the server by itself: a new one begins without keys.
  std::map<std::pair<uint32_t, std::string>, std::vector<KeyOperation>> by_key;
  for (const ClientHistory* history : histories) {
    bool resp3 = false;
    uint32_t connection = 0;
    uint32_t number = 0;
    for (const Exchange& exchange : history->exchanges) {
      resp3 = resp3 && exchange.connection == connection;
      connection = exchange.connection;
      ++number;
      if (exchange.operation == Exchange::kSetup) {
        resp3 = resp3 || (exchange.words[0] == "HELLO" && !exchange.reply.IsError());
      } else if (exchange.kind != Operation::Kind::kBroken && IsSharedCommand(exchange)) {
        const bool lost = exchange.fate == Exchange::Fate::kLost;
        by_key[{history->LifeOf(connection), exchange.words[1]}].push_back(
            {history->client, connection, number, exchange.sent_ns, exchange.done_ns, lost, resp3, exchange.words,
             lost ? nullptr : &exchange.reply});
      }
    }
  }
  Finding all;
  for (auto& [place, operations] : by_key) {
    Finding finding = CheckKey(std::move(operations));
    all.checked += finding.checked;
    all.definite += finding.definite;
    if (!finding.ok() && all.ok()) {
      all.problem = fmt::format("key {}: {}", Quoted(place.second), finding.problem);
    }
  }
  return all;
}

}  // namespace reprise
