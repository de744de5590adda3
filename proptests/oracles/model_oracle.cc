#include "proptests/oracles/model_oracle.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "proptests/model/model.h"

namespace reprise {
namespace {

// More possibilities than this are not followed.
constexpr size_t kStatesMax = 64;

// Models of which no two are equal.
class ModelSet {
 public:
  void Add(Model model) {
    if (!models_.empty() && Has(model)) {
      return;
    }
    models_.push_back(std::move(model));
  }

  size_t size() const { return models_.size(); }
  std::vector<Model> Take() { return std::move(models_); }

 private:
  bool Has(const Model& model) {
    while (sketches_.size() < models_.size()) {
      sketches_.push_back(models_[sketches_.size()].Sketch());
    }
    const uint64_t sketch = model.Sketch();
    for (size_t i = 0; i < models_.size(); ++i) {
      if (sketches_[i] == sketch && models_[i] == model) {
        return true;
      }
    }
    return false;
  }

  std::vector<Model> models_;
  std::vector<uint64_t> sketches_;  // of as many as there was need for: most sets have one model
};

class ModelOracle {
 public:
  ModelOracle(const ClientHistory& history, const Moments& moments, std::string_view server_password)
      : history_(history), moments_(moments) {
    fresh_.set_server_password(server_password);
    Restart();
  }

  Finding Check() {
    for (const Exchange& exchange : history_.exchanges) {
      if (exchange.connection != connection_) {
        connection_ = exchange.connection;
        if (const uint32_t life = history_.LifeOf(connection_); life != std::exchange(life_, life)) {
          Restart();  // what a dead server knew is gone
        }
        Each([](Model& model) { model.NewConnection(); });
      }
      if (exchange.fate == Exchange::Fate::kLost) {
        if (exchange.operation != Exchange::kSetup) {
          Restart();
        }
        continue;
      }
      ++finding_.checked;
      if (exchange.kind == Operation::Kind::kBroken) {
        CheckBroken(exchange);
      } else if (!lost_track_) {
        CheckReply(exchange);
      }
      finding_.definite += lost_track_ ? 0 : 1;
      if (!finding_.ok()) {
        break;
      }
    }
    return finding_;
  }

 private:
  struct Wrong {
    std::string expected;
    int64_t now_ms = 0;
  };

  template <typename Function>
  void Each(Function&& function) {
    std::for_each(states_.begin(), states_.end(), function);
  }

  // The client starts anew with empty databases: it has lost requests, or the server its memory.
  void Restart() {
    states_.assign(1, fresh_);
    lost_track_ = false;
  }

  void Fail(const Exchange& exchange, const std::string& what) {
    const std::string number =
        exchange.operation == Exchange::kSetup ? "setup" : fmt::format("operation {}", exchange.operation);
    finding_.problem = fmt::format("client {}, {} (connection {}, answered at {} us): {}: {}", history_.client, number,
                                   exchange.connection, exchange.done_ns / 1000, QuotedWords(exchange.words), what);
  }

  void CheckBroken(const Exchange& exchange) {
    const ReplyValue expected = ReplyValue::Error(exchange.words[0]);
    if (exchange.reply != expected) {
      Fail(exchange, fmt::format("a broken request was answered {}", exchange.reply.ToString()));
    }
  }

  void CheckReply(const Exchange& exchange) {
    const std::vector<int64_t> moments = moments_.Between(exchange.sent_ns, exchange.done_ns);
    const int64_t peak_ms = moments_.PeakUntil(exchange.done_ns);
    const bool one_moment = moments.size() == 1 && peak_ms == moments[0];
    const auto [first, last] = std::minmax_element(moments.begin(), moments.end());
    const auto timeless = [&, first = *first, last = *last] {
      return last == peak_ms && !states_[0].TimeMatters(exchange.words, first, last);
    };
    Wrong wrong;
    if (states_.size() == 1 && (one_moment || timeless())) {
      if (!Step(states_[0], exchange, moments[0], wrong)) {
        Fail(exchange, fmt::format("answered {}, but expected {} (at {} ms)", exchange.reply.ToString(), wrong.expected,
                                   wrong.now_ms));
      }
      return;
    }
    ModelSet next;
    for (Model& state : states_) {
      if (!state.TimeMatters(exchange.words, *first, *last)) {
        Follow(std::move(state), exchange, *first, peak_ms, next, wrong);
        continue;
      }
      for (const int64_t now_ms : moments) {
        Follow(state, exchange, now_ms, peak_ms, next, wrong);
      }
    }
    if (next.size() == 0) {
      Fail(exchange,
           fmt::format("answered {}, but expected {} (at {} ms, or another in {} ways)", exchange.reply.ToString(),
                       wrong.expected, wrong.now_ms, states_.size() * moments.size()));
    }
    lost_track_ = next.size() > kStatesMax;
    states_ = next.Take();
  }

  // Adds what may be the case after `exchange` if it was executed at `now_ms`.
  void Follow(Model before, const Exchange& exchange, int64_t now_ms, int64_t peak_ms, ModelSet& next, Wrong& wrong) {
    std::vector<Model> starts;
    starts.push_back(std::move(before));
    if (peak_ms > now_ms && !WithoutExpired(starts, exchange, now_ms, peak_ms)) {
      next.Add(std::move(starts[0]));
      return;
    }
    for (Model& start : starts) {
      if (next.size() <= kStatesMax && Step(start, exchange, now_ms, wrong)) {
        next.Add(std::move(start));
      }
    }
  }

  // The wall clock was set back: keys whose time was over may be gone already, though it is not over now. Adds the
  // states without those that the request names. Answers whether that is all it can depend on.
  static bool WithoutExpired(std::vector<Model>& starts, const Exchange& exchange, int64_t now_ms, int64_t peak_ms) {
    const bool all_keys = Model::ConcernsAllKeys(exchange.words[0]) && !IsWord(exchange.words[0], "flushdb") &&
                          !IsWord(exchange.words[0], "flushall");
    std::vector<std::pair<size_t, std::string>> doubtful;  // database and key
    for (size_t database = 0; database < Model::kDatabases; ++database) {
      for (const auto& [key, entry] : starts[0].database(database)) {
        const bool in_doubt = entry.expire_at_ms != -1 && entry.expire_at_ms < peak_ms && entry.expire_at_ms >= now_ms;
        if (in_doubt && all_keys) {
          return false;
        }
        if (in_doubt && std::find(exchange.words.begin(), exchange.words.end(), key) != exchange.words.end()) {
          doubtful.emplace_back(database, key);
        }
      }
    }
    for (const auto& [database, key] : doubtful) {
      for (size_t i = starts.size(); i > 0; --i) {
        starts.push_back(starts[i - 1]);
        starts.back().ChangeDatabase(database).erase(key);
      }
    }
    return true;
  }

  bool Step(Model& model, const Exchange& exchange, int64_t now_ms, Wrong& wrong) {
    const Expected expected = model.Apply(exchange.words, now_ms);
    if (!expected.Accepts(exchange.reply)) {
      wrong = {expected.ToString(), now_ms};
      return false;
    }
    if (IsWord(exchange.words[0], "scan")) {
      wrong = {model.ObserveScan(exchange.words, exchange.reply), now_ms};
      return wrong.expected.empty();
    }
    return true;
  }

  const ClientHistory& history_;
  const Moments& moments_;
  Model fresh_;
  std::vector<Model> states_;
  uint32_t connection_ = 0;
  uint32_t life_ = history_.LifeOf(0);
  bool lost_track_ = false;
  Finding finding_;
};

}  // namespace

Finding CheckAgainstModel(const ClientHistory& history, const Moments& moments, std::string_view server_password) {
  return ModelOracle(history, moments, server_password).Check();
}

}  // namespace reprise
