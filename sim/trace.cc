#include "sim/trace.h"

#include <array>

namespace reprise {
namespace {

constexpr std::array kNames = std::to_array<std::string_view>({
    "choice",       "segment",    "end-arrives",    "reset-arrives",  "timeout",      "conn-torn",  "conn-vanished",
    "conn-refused", "conn-waits", "clock-jump",     "heal",           "stuck",        "step-limit", "listen",
    "accept",       "connect",    "connect-result", "read",           "write",        "shutdown",   "close",
    "abort",        "register",   "change",         "forget",         "wait",         "wait-done",  "event",
    "died",         "starts",     "peer-connect",   "peer-connected", "peer-send",    "peer-bytes", "peer-shutdown",
    "peer-close",   "peer-abort", "peer-end",       "peer-lost",      "peer-reading", "timer",      "note",
    "digest",
});
static_assert(kNames.size() == static_cast<size_t>(StepKind::kDigest) + 1);

}  // namespace

std::string_view StepName(StepKind kind) { return kNames[static_cast<size_t>(kind)]; }

void Trace::Record(StepKind kind, Actor actor, int64_t a, int64_t b, std::string_view bytes) {
  Step step{step_count_, time_ns_, kind, actor, a, b, bytes_.size(), static_cast<uint32_t>(bytes.size()), hash_};
  bytes_.append(bytes);
  steps_.push_back(step);
  if (sink_) sink_(step);
}

void Trace::Restore(const Step& step, std::string_view bytes) {
  step_count_ = step.number;
  time_ns_ = step.time_ns;
  hash_ = step.hash;
  if (keep_ != Keep::kNothing) Record(step.kind, step.actor, step.a, step.b, bytes);
}

}  // namespace reprise
