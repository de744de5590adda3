// chat_simulation: runs the chat in simulated worlds.
//
//   chat_simulation SEEDS            runs the seeds 0 to SEEDS - 1; fails at the first that goes wrong, and shrinks it
//   chat_simulation SEEDS --hunt     the same, but it is a failure when nothing goes wrong: for the planted bug
//
// A failure is shrunk to the few choices and lines that it needs, played again, and told in words.
#include <charconv>
#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

#include "examples/chat/chat_scenario.h"
#include "sim/seeded_source.h"
#include "sim/shrinker.h"
#include "sim/tape_source.h"

namespace {

constexpr uint64_t kOverridesMax = 3;  // what a shrunk failure of so small a server should need at most

// "hears what nobody said", without who and what: two failures of one kind.
std::string_view KindOf(std::string_view failure) {
  const size_t begin = failure.find(' ');
  return begin == std::string_view::npos ? failure : failure.substr(begin, 14);
}

chat::Outcome Play(uint64_t seed, const reprise::Tape& tape, bool tell_story) {
  reprise::TapeSource source(tape);
  return chat::RunChat({.seed = seed, .omitted = tape.omitted, .tell_story = tell_story}, source,
                       reprise::SwarmProfile::Quiet());
}

// Shrinks the failure and tells it. Whether it is small, and comes again when it is played again.
bool Explain(uint64_t seed, const chat::Outcome& outcome) {
  reprise::ShrinkRequest request;
  request.tape = reprise::Tape::FromChoices(outcome.choices);
  request.operations = chat::Operations();
  request.still_fails = [&](const reprise::Tape& tape) {
    return KindOf(Play(seed, tape, false).failure) == KindOf(outcome.failure);
  };
  const reprise::ShrinkResult shrunk = reprise::Shrink(request);
  const chat::Outcome again = Play(seed, shrunk.tape, true);
  std::printf("Shrunk from %zu choices to %zu, with %zu of %zu lines left out, in %" PRIu64 " tries:\n\n%s\n%s\n%s\n",
              request.tape.overrides.size(), shrunk.tape.overrides.size(), shrunk.tape.omitted.size(),
              request.operations.size(), shrunk.tries, shrunk.tape.ToText().c_str(), again.story.c_str(),
              again.failure.c_str());
  return shrunk.reproduced && !again.failure.empty() && shrunk.tape.overrides.size() <= kOverridesMax;
}

int Run(uint64_t seeds, bool hunt) {
  uint64_t lines = 0;
  uint64_t losses = 0;
  if (!Play(0, {}, false).failure.empty()) {
    std::printf("On a good day, without any fault: %s\n", Play(0, {}, true).failure.c_str());
    return 1;  // that is for plain tests to find
  }
  for (uint64_t seed = 0; seed < seeds; ++seed) {
    reprise::SeededSource source(seed);
    const chat::Outcome outcome = chat::RunChat({.seed = seed, .omitted = {}, .tell_story = false}, source,
                                                reprise::SwarmProfile::FromSeed(seed));
    lines += outcome.lines_heard;
    losses += outcome.losses;
    if (outcome.failure.empty()) continue;
    std::printf("Seed %" PRIu64 ": %s\n", seed, outcome.failure.c_str());
    const bool explained = Explain(seed, outcome);
    return hunt && explained ? 0 : 1;
  }
  std::printf("%" PRIu64 " seeds: %" PRIu64 " lines heard, %" PRIu64 " connections lost, nothing went wrong\n", seeds,
              lines, losses);
  return !hunt && lines > 0 && losses > 0 ? 0 : 1;  // a world in which nothing happens proves nothing
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view text = argc > 1 ? argv[1] : "";
  uint64_t seeds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seeds);
  const bool hunt = argc == 3 && std::string_view(argv[2]) == "--hunt";
  if (argc < 2 || argc > (hunt ? 3 : 2) || error != std::errc() || end != text.data() + text.size()) {
    std::fprintf(stderr, "usage: chat_simulation SEEDS [--hunt]\n");
    return 2;
  }
  return Run(seeds, hunt);
}
