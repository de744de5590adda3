#include "server/stats.h"

#include <algorithm>
#include <utility>

namespace reprise {
namespace {

// Clients can't make up codes without end today; should one day a script be able to, the map stays bounded.
constexpr size_t kErrorCodesMax = 128;

}  // namespace

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
