#include "proptests/simulation/verdict.h"

#include <array>
#include <cstddef>

namespace reprise {

std::string_view VerdictName(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPassed:
      return "passed";
    case Verdict::kWrongAnswer:
      return "wrong answer";
    case Verdict::kNoProgress:
      return "no progress";
    case Verdict::kCrash:
      return "crash";
    case Verdict::kLeak:
      return "leak";
    case Verdict::kDivergence:
      return "divergence";
  }
  return "?";
}

std::string_view OracleName(Oracle oracle) {
  static constexpr std::array<std::string_view, kOracleCount> kNames = {
      "",      "model",         "linearizability", "cut anywhere",  "reply form",
      "peace", "liveness",      "steps",           "unsent output", "leak",
      "crash", "time",          "determinism",     "stale events",  "turn bound",
      "idle",  "kept memory",   "identity",        "client list",   "counts",
      "log",   "server memory", "pause",           "monitor"};
  return kNames[static_cast<size_t>(oracle) % kOracleCount];
}

}  // namespace reprise
