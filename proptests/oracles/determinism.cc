#include "proptests/oracles/determinism.h"

#include <fmt/format.h>

#include <optional>

#include "sim/trace_diff.h"

namespace reprise {
namespace {

KeptRecording Record(const PlayOnce& play) {
  std::optional<KeptRecording> kept;
  RunOptions options;
  options.keep = Trace::Keep::kAll;
  options.inspect = [&](SimWorld& world, const RunReport&) { kept = KeptRecording{world.trace(), world.actors()}; };
  (void)play(options);
  return kept ? std::move(*kept) : KeptRecording();
}

}  // namespace

std::string CheckDeterministic(const RunReport& first, const PlayOnce& play) {
  const RunReport second = play({});
  if (first.hash == second.hash && first.steps == second.steps && first.verdict == second.verdict) {
    return {};
  }
  const KeptRecording one = Record(play);
  const KeptRecording other = Record(play);
  return fmt::format("played twice, its trace hashes were {:016x} ({} steps) and {:016x} ({} steps); {}", first.hash,
                     first.steps, second.hash, second.steps, DescribeDifference(one.recording(), other.recording()));
}

}  // namespace reprise
