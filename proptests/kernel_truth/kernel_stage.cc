#include "proptests/kernel_truth/kernel_stage.h"

#include <unistd.h>

#include <string>

namespace reprise::kernel_truth {
namespace {

constexpr uint64_t kRoundsMost = 100;

// An address in 127.0.0.0/8 that other programs, and other processes of this one, hardly listen on.
std::string LoopbackAddress(uint64_t number) {
  const auto process = static_cast<uint64_t>(::getpid());
  return "127." + std::to_string(1 + process % 200) + "." + std::to_string(process / 200 % 250) + "." +
         std::to_string(1 + number % 250);
}

}  // namespace

KernelStage::KernelStage(uint64_t address_number, int patience_ms)
    : poller_(NativePoller::Create(clock_).value()),
      address_{Address::Family::kIpv4, LoopbackAddress(address_number), 0},
      patience_ns_(patience_ms * kNanosPerMilli) {}

std::optional<int64_t> KernelStage::AwaitUntil(uint64_t round) {
  if (round == 0) {
    deadline_ns_ = clock_.MonotonicNanos() + patience_ns_;
    return 0;
  }
  if (patience_ns_ == 0 || clock_.MonotonicNanos() >= deadline_ns_) return std::nullopt;
  return deadline_ns_;
}

// Acknowledgements make room a moment later: as long as a further try takes something, so does another.
bool KernelStage::GoesOn(uint64_t round) { return round < kRoundsMost; }

}  // namespace reprise::kernel_truth
