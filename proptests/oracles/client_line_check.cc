#include "proptests/oracles/client_line_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "proptests/model/reply_value.h"
#include "proptests/oracles/kept_memory.h"

namespace reprise {
namespace {

using Field = ClientLine::Field;

constexpr std::string_view kLocalAddress = "127.0.0.1:6379";

// What has one value for all clients of this server.
constexpr std::pair<Field, std::string_view> kFixed[] = {
    {Field::kSub, "0"},       {Field::kPsub, "0"},         {Field::kSsub, "0"},       {Field::kMulti, "-1"},
    {Field::kQueryFree, "0"}, {Field::kArgvBytes, "0"},    {Field::kMultiBytes, "0"}, {Field::kReplyBuffer, "0"},
    {Field::kReplyPeak, "0"}, {Field::kOutputPieces, "0"}, {Field::kUser, "default"}, {Field::kRedirect, "-1"}};

struct Range {
  int64_t low = 0;
  int64_t high = 0;
};

// What the clock has shown then.
Range Shown(const Moments& moments, const Window& window) {
  const std::vector<int64_t> shown = moments.Between(window.from_ns, window.to_ns);
  const auto [low, high] = std::minmax_element(shown.begin(), shown.end());
  return shown.empty() ? Range() : Range{*low, *high};
}

Range SecondsFrom(const Range& then_ms, const Range& now_ms) {
  return {std::max<int64_t>(0, now_ms.low - then_ms.high) / 1000,
          std::max<int64_t>(0, now_ms.high - then_ms.low) / 1000};
}

std::string Expected(const ClientLine& line, Field field, std::string_view expected) {
  return line.Text(field) == expected ? std::string()
                                      : fmt::format("{} should be {}", ClientLine::NameOf(field), Quoted(expected));
}
std::string Between(const ClientLine& line, Field field, const Range& range) {
  const int64_t number = line.Number(field);
  return number >= range.low && number <= range.high
             ? std::string()
             : fmt::format("{} should be {} to {}", ClientLine::NameOf(field), range.low, range.high);
}

std::string CheckState(const ClientLine& line, const ClientState& state) {
  const std::string flags = fmt::format("{}{}", state.ending ? "c" : "", state.sure && state.no_evict ? "e" : "");
  std::string problem = Expected(line, Field::kCommand, state.Command());
  if (!state.sure) {
    return problem;
  }
  const std::pair<Field, std::string> values[] = {{Field::kName, std::string(state.Name())},
                                                  {Field::kDb, std::to_string(state.db)},
                                                  {Field::kResp, std::to_string(state.resp)},
                                                  {Field::kFlags, flags.empty() ? "N" : flags}};
  for (const auto& [field, value] : values) {
    problem = problem.empty() ? Expected(line, field, value) : problem;
  }
  return problem;
}

std::string CheckFixed(const ClientLine& line) {
  std::string problem = Expected(line, Field::kLocalAddress, kLocalAddress);
  for (const auto& [field, value] : kFixed) {
    problem = problem.empty() ? Expected(line, field, value) : problem;
  }
  for (const Field size : {Field::kQueryBytes, Field::kOutputBytes, Field::kOutputMemory, Field::kTotalMemory}) {
    problem = problem.empty() ? Between(line, size, {0, INT64_MAX}) : problem;
  }
  return problem.empty() ? Between(line, Field::kTotalMemory, {line.Number(Field::kOutputMemory), INT64_MAX}) : problem;
}

// Nothing is unfinished or unsent, so nothing is held for it.
std::string CheckNothingHeld(const ClientLine& line, const ClientState& state, bool own) {
  const auto most = static_cast<int64_t>(kIdleSessionBytesMax + state.Name().size());
  std::string problem = Between(line, Field::kQueryBytes, {0, 0});
  problem = problem.empty() ? Between(line, Field::kOutputBytes, {0, 0}) : problem;
  problem = problem.empty() ? Between(line, Field::kOutputMemory, {0, 0}) : problem;
  problem = problem.empty() && !own && state.sure ? Between(line, Field::kTotalMemory, {1, most}) : problem;
  return problem;
}

std::string CheckAge(const ClientLine& line, const ClientRecord& record, const Window& window, const Moments& moments) {
  // It was accepted between its first sign of life and its first answer.
  const size_t done = record.DoneBy(window.to_ns);
  const Window created{record.link.began_ns, done == 0 ? window.to_ns : record.exchanges[0]->done_ns};
  return Between(line, Field::kAge, SecondsFrom(Shown(moments, created), Shown(moments, window)));
}

// When the server has read from it last.
Window LastRead(const ClientRecord& record, const Window& window) {
  const size_t done = record.DoneBy(window.from_ns);
  const int64_t from_ns = done == 0 ? record.link.began_ns : record.exchanges[done - 1]->sent_ns;
  return {from_ns, record.QuietIn(window) ? record.exchanges[done - 1]->done_ns : window.to_ns};
}

}  // namespace

std::string CheckOwnLine(const ClientLine& line, const ClientRecord& asker, size_t index, const Moments& moments) {
  const Exchange& exchange = *asker.exchanges[index];
  const Window window{exchange.sent_ns, exchange.done_ns};
  const ClientState& state = asker.states[asker.after[index]];
  const bool alone = asker.DoneBy(exchange.sent_ns) == index && asker.SentBy(exchange.done_ns) == index + 1;
  const Range now_ms = Shown(moments, window);
  std::string problem = CheckFixed(line);
  problem = problem.empty() ? CheckState(line, state) : problem;
  problem = problem.empty() ? CheckAge(line, asker, window, moments) : problem;
  problem = problem.empty() ? Between(line, Field::kIdle, SecondsFrom(now_ms, now_ms)) : problem;
  problem = problem.empty() ? Expected(line, Field::kEvents, "r") : problem;
  return problem.empty() && alone ? CheckNothingHeld(line, state, true) : problem;
}

std::string CheckOtherLine(const ClientLine& line, const ClientRecord& record, const Window& window,
                           const Moments& moments) {
  std::string problem = CheckFixed(line);
  problem = problem.empty() ? CheckAge(line, record, window, moments) : problem;
  const Range idle_s = SecondsFrom(Shown(moments, LastRead(record, window)), Shown(moments, window));
  problem = problem.empty() ? Between(line, Field::kIdle, idle_s) : problem;
  const bool unsent = line.Number(Field::kOutputBytes) > 0;
  problem = problem.empty() ? Expected(line, Field::kEvents, unsent ? "rw" : "r") : problem;
  if (!problem.empty()) {
    return problem;
  }
  const std::span<const ClientState> states = record.StatesIn(window);
  for (const ClientState& state : states) {
    problem = CheckState(line, state);
    if (problem.empty()) {
      return record.QuietIn(window) ? CheckNothingHeld(line, state, false) : problem;
    }
  }
  return fmt::format("no request of client {}, connection {}, explains it: {}", record.client, record.number, problem);
}

}  // namespace reprise
