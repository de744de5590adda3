#include "proptests/oracles/idle.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace reprise {
namespace {

bool MayBreak(const IdleTerms& terms, uint32_t connection) {
  return terms.any_may_break ||
         std::find(terms.may_break.begin(), terms.may_break.end(), connection) != terms.may_break.end();
}

// Whether the clock has shown nothing but times beyond `after_ms`, from then until then.
bool AlwaysLater(const Moments& moments, int64_t from_ns, int64_t to_ns, int64_t after_ms) {
  const std::vector<int64_t> shown = moments.Between(from_ns, to_ns);
  return std::all_of(shown.begin(), shown.end(), [after_ms](int64_t wall_ms) { return wall_ms > after_ms; });
}

}  // namespace

Finding CheckIdle(const ClientHistory& history, const Moments& moments, const IdleTerms& terms) {
  Finding finding;
  const Exchange* before = nullptr;
  for (const Exchange& exchange : history.exchanges) {
    const Exchange* const former = std::exchange(before, &exchange);
    const bool silence = former != nullptr && former->connection == exchange.connection &&
                         former->fate == Exchange::Fate::kAnswered && former->done_ns < exchange.sent_ns;
    const int64_t from_ns = exchange.sent_ns - kIdleGraceNs;
    if (!silence || from_ns <= former->done_ns || MayBreak(terms, exchange.connection)) {
      continue;
    }
    ++finding.checked;
    ++finding.definite;
    // The server has read the former request between its sending and its answer.
    const std::vector<int64_t> read = moments.Between(former->sent_ns, former->done_ns);
    const int64_t over_ms = *std::max_element(read.begin(), read.end()) + terms.timeout_s * 1000;
    if (AlwaysLater(moments, from_ns, exchange.sent_ns, over_ms)) {
      finding.problem = fmt::format(
          "client {} was silent on connection {} from {} us to {} us, and was not told to go, with a timeout of {} s",
          history.client, exchange.connection, former->done_ns / 1000, exchange.sent_ns / 1000, terms.timeout_s);
      break;
    }
  }
  return finding;
}

bool MayHaveBeenIdle(const ClientHistory& history, const Ending& ending, const Moments& moments, int64_t timeout_s) {
  // Bytes of a request that was not answered may have come at any time since the latest that was.
  int64_t from_ns = ending.began_ns;
  for (const Exchange& exchange : history.exchanges) {
    if (exchange.connection == ending.connection && exchange.fate == Exchange::Fate::kAnswered) {
      from_ns = exchange.sent_ns;
    }
  }
  return moments.RiseBetween(from_ns, ending.time_ns) > timeout_s * 1000;
}

}  // namespace reprise
