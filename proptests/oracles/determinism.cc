#include "proptests/oracles/determinism.h"

#include <fmt/format.h>

#include <algorithm>

#include "proptests/simulation/story.h"

namespace reprise {
namespace {

constexpr size_t kContextSteps = 6;

struct Recording {
  Trace trace;
  ActorTable actors;
};

Recording Record(const PlayOnce& play) {
  Recording recording;
  RunOptions options;
  options.keep = Trace::Keep::kAll;
  options.inspect = [&](SimWorld& world, const RunReport&) { recording = {world.trace(), world.actors()}; };
  (void)play(options);
  return recording;
}

std::string Line(const Recording& recording, size_t index) {
  if (index >= recording.trace.steps().size()) {
    return "(no more steps)";
  }
  return DescribeStep(recording.trace.steps()[index], recording.trace, recording.actors);
}

std::string FirstDifference(const Recording& a, const Recording& b) {
  const std::vector<Step>& left = a.trace.steps();
  const std::vector<Step>& right = b.trace.steps();
  const size_t most = std::min(left.size(), right.size());
  size_t at = 0;
  while (at < most && left[at].hash == right[at].hash) {
    ++at;
  }
  if (at == left.size() && at == right.size()) {
    return "played twice more, the two were the same";
  }
  std::string text = fmt::format("they part at step {}:\n", at + 1);
  for (size_t i = at < kContextSteps ? 0 : at - kContextSteps; i < at; ++i) {
    text += "    both  " + Line(a, i) + "\n";
  }
  return text + "    one   " + Line(a, at) + "\n    other " + Line(b, at);
}

}  // namespace

std::string CheckDeterministic(const RunReport& first, const PlayOnce& play) {
  const RunReport second = play({});
  if (first.hash == second.hash && first.steps == second.steps && first.verdict == second.verdict) {
    return {};
  }
  const Recording one = Record(play);
  const Recording other = Record(play);
  return fmt::format("played twice, its trace hashes were {:016x} ({} steps) and {:016x} ({} steps); {}", first.hash,
                     first.steps, second.hash, second.steps, FirstDifference(one, other));
}

}  // namespace reprise
