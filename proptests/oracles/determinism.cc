#include "proptests/oracles/determinism.h"

#include <fmt/format.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "sim/trace_diff.h"

namespace reprise {
namespace {

// Memory of many sizes that is taken from the allocator, so that what a run allocates has other addresses than the same
// run had before: what follows from an address then shows, within one process too.
class OtherAddresses {
 public:
  OtherAddresses() {
    for (size_t size = 16; size <= 1u << 20; size += size < 1024 ? 16 : size) {
      for (int i = 0; i < 3; ++i) {
        taken_.push_back(std::make_unique_for_overwrite<char[]>(size - 8));
      }
    }
  }

 private:
  std::vector<std::unique_ptr<char[]>> taken_;
};

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
  const RunReport second = [&] {
    const OtherAddresses elsewhere;
    return play({});
  }();
  if (first.hash == second.hash && first.steps == second.steps && first.verdict == second.verdict) {
    return {};
  }
  const KeptRecording one = Record(play);
  const OtherAddresses elsewhere;
  const KeptRecording other = Record(play);
  return fmt::format("played twice, its trace hashes were {:016x} ({} steps) and {:016x} ({} steps); {}", first.hash,
                     first.steps, second.hash, second.steps, DescribeDifference(one.recording(), other.recording()));
}

}  // namespace reprise
