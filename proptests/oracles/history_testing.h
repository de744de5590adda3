// Makes histories by hand, for the tests of the oracles.
#ifndef REPRISE_PROPTESTS_ORACLES_HISTORY_TESTING_H_
#define REPRISE_PROPTESTS_ORACLES_HISTORY_TESTING_H_

#include <cstdint>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "proptests/workload/history.h"

namespace reprise {

inline std::vector<std::string> SplitWords(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> words;
  for (std::string word; in >> word;) {
    words.push_back(word);
  }
  return words;
}

class HistoryMaker {
 public:
  HistoryMaker(uint32_t client, Keys keys) {
    history_.client = client;
    history_.keys = keys;
  }

  // A request and its answer, with the times of both.
  HistoryMaker& Ask(const std::string& request, int64_t sent_ns, int64_t done_ns, ReplyValue reply) {
    Exchange exchange = Make(request, sent_ns);
    exchange.done_ns = done_ns;
    exchange.fate = Exchange::Fate::kAnswered;
    exchange.reply = std::move(reply);
    history_.exchanges.push_back(std::move(exchange));
    return *this;
  }
  // A request that was lost; the client was sure at `fence_ns` that it would not be executed any more.
  HistoryMaker& Lose(const std::string& request, int64_t sent_ns, int64_t fence_ns) {
    Exchange exchange = Make(request, sent_ns);
    exchange.done_ns = fence_ns;
    history_.exchanges.push_back(std::move(exchange));
    return *this;
  }
  HistoryMaker& Reconnect() {
    ++connection_;
    return *this;
  }

  ClientHistory& history() { return history_; }

 private:
  Exchange Make(const std::string& request, int64_t sent_ns) {
    Exchange exchange;
    exchange.operation = number_++;
    exchange.connection = connection_;
    exchange.words = SplitWords(request);
    exchange.sent_ns = sent_ns;
    return exchange;
  }

  ClientHistory history_;
  uint32_t connection_ = 0;
  uint32_t number_ = 0;
};

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_ORACLES_HISTORY_TESTING_H_
