#include "proptests/kernel_truth/kernel_stage.h"

#include <unistd.h>

#include <string>

namespace reprise::kernel_truth {
namespace {

constexpr uint64_t kRoundsMost = 100;

// An address in 127.0.0.0/8 that other programs, and other processes of this one, hardly listen on.
Address LoopbackAddress(Address::Family family, uint64_t number) {
  if (family == Address::Family::kIpv6) return {family, "::1", 0};
  const auto process = static_cast<uint64_t>(::getpid());
  const std::string host = "127." + std::to_string(1 + process % 200) + "." + std::to_string(process / 200 % 250) +
                           "." + std::to_string(1 + number % 250);
  return {Address::Family::kIpv4, host, 0};
}

}  // namespace

KernelStage::KernelStage(Address::Family family, uint64_t address_number, int patience_ms)
    : poller_(NativePoller::Create(clock_).value()),
      address_(LoopbackAddress(family, address_number)),
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

bool HasIpv6Loopback() {
  PosixNetwork network;
  const Result<Handle> listener =
      network.Listen(LoopbackAddress(Address::Family::kIpv6, 0), {.backlog = 1, .unix_mode = 0});
  if (listener.ok()) network.Close(listener.value());
  return listener.ok();
}

}  // namespace reprise::kernel_truth
