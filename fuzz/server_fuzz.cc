// Fuzz target: the whole server in the simulated world, where the input decides what the clients send and what the
// world does to them.
//
// Input: byte 0 is the mode, bytes 1 and 2 (little endian) say how many of the bytes that follow are the workload; the
// rest are choices (sim/bytes_source.h). In the stream mode the workload is the very bytes that a lone client sends,
// and the replies must be the same with the choices and without. In the others it is what a generator of scripts draws
// from, and all oracles of a run apply: model, linearizability, liveness, leftovers. Some inputs are played twice and
// have to be the same run.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "proptests/oracles/determinism.h"
#include "proptests/simulation/failure_tape.h"
#include "proptests/simulation/plan.h"
#include "proptests/simulation/run.h"
#include "proptests/workload/draw.h"
#include "sim/bytes_source.h"

namespace reprise {
namespace {

constexpr uint64_t kStepsMax = 400'000;

[[noreturn]] void Report(const std::string& what) {
  std::cerr << what << std::endl;
  std::abort();
}

void PlayLoneStream(std::span<const uint8_t> workload, std::span<const uint8_t> choices) {
  Plan plan;
  plan.profile = "cut";
  plan.stream.emplace(reinterpret_cast<const char*>(workload.data()), workload.size());
  BytesSource source(choices);
  const std::string failure = PlayAndKeep(plan, source);
  if (!failure.empty()) {
    Report(failure);
  }
}

void PlayScript(std::string_view profile, bool twice, std::span<const uint8_t> workload,
                std::span<const uint8_t> choices) {
  static const CommandTable kCommands;
  BytesDraw draw(workload);
  Plan plan = DrawPlan(draw, profile, kCommands);
  plan.world.step_limit = kStepsMax;
  BytesSource source(choices);
  RunReport report;
  std::vector<ChoiceMade> made;
  const std::string failure = PlayAndKeep(plan, source, &report, &made);
  if (!failure.empty()) {
    Report(failure);
  }
  if (twice) {
    const std::string difference = CheckDeterministic(report, [&](const RunOptions& options) {
      BytesSource same(choices);
      return PlayPlan(plan, same, options);
    });
    if (!difference.empty()) {
      Report(difference + "\nplay it again, twice: reprise-sim replay --hash " + KeepTape(plan, made));
    }
  }
}

}  // namespace
}  // namespace reprise

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace reprise;
  if (size < 3) {
    return 0;
  }
  const std::span<const uint8_t> rest(data + 3, size - 3);
  const size_t workload_bytes = std::min<size_t>(rest.size(), data[1] + data[2] * size_t{256});
  const std::span<const uint8_t> workload = rest.first(workload_bytes);
  const std::span<const uint8_t> choices = rest.subspan(workload_bytes);
  static constexpr std::string_view kProfiles[] = {"own", "shared", "blind", "short"};
  if (data[0] % 8 == 0) {
    PlayLoneStream(workload, choices);
  } else {
    PlayScript(kProfiles[data[0] % 4], data[0] % 16 == 1, workload, choices);
  }
  return 0;
}
