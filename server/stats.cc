#include "server/stats.h"

#include <algorithm>
#include <utility>

namespace reprise {
namespace {

// Clients can't make up codes without end today; should one day a script be able to, the map stays bounded.
constexpr size_t kErrorCodesMax = 128;

// Short calls are timed this seldom; all of the first ones are, so that a rare command has its times too.
constexpr uint32_t kCallsPerTimedOne = 32;
constexpr uint32_t kFirstCallsTimed = 16;
constexpr int64_t kLongCallNs = 50'000;

}  // namespace

void CallTimes::Add(int64_t duration_ns) {
  const auto took_ns = static_cast<uint64_t>(std::max<int64_t>(0, duration_ns));
  const bool in_turn = to_skip_ == 0;
  const uint64_t times = in_turn ? stands_for_ : 1;
  total_ns_ += took_ns * times;
  histogram_.Record(took_ns, times);
  if (!in_turn) {
    return;
  }
  begun_ = std::min(begun_ + 1, kFirstCallsTimed);
  stands_for_ = begun_ < kFirstCallsTimed || duration_ns >= kLongCallNs ? 1 : kCallsPerTimedOne;
  to_skip_ = stands_for_ - 1;
}

void Stats::Reset(const LoopCounters& counters) {
  Stats fresh;
  fresh.changes = changes;
  fresh.bytes_read_before = counters.bytes_read;
  fresh.bytes_written_before = counters.bytes_written;
  // In place: the command that asks for it is being counted.
  std::fill(commands.begin(), commands.end(), CommandStats());
  fresh.commands.swap(commands);
  *this = std::move(fresh);
}

void Stats::SampleRates(int64_t now_ns, const LoopCounters& counters) {
  command_rate.Sample(now_ns, total_commands_processed);
  input_rate.Sample(now_ns, counters.bytes_read);
  output_rate.Sample(now_ns, counters.bytes_written);
}

void Stats::CountError(std::string_view text) {
  ++error_replies;
  const std::string_view code = text.substr(0, text.find(' '));
  const auto found = error_codes.find(code);
  if (found != error_codes.end()) {
    ++found->second;
  } else if (error_codes.size() < kErrorCodesMax) {
    error_codes.emplace(code, 1);
  }
}

}  // namespace reprise
