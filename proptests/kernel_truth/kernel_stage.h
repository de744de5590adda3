// KernelStage: the operating system's loopback, on which a history is played.
//
// Nothing sleeps. What the loopback carries has nearly always arrived when the call that sent it returns; an operation
// that waits for readiness looks once, and then, if the stage is patient, waits in the poller until a deadline.
#ifndef REPRISE_PROPTESTS_KERNEL_TRUTH_KERNEL_STAGE_H_
#define REPRISE_PROPTESTS_KERNEL_TRUTH_KERNEL_STAGE_H_

#include <memory>

#include "backends/native_poller.h"
#include "backends/posix_clock.h"
#include "backends/posix_network.h"
#include "proptests/kernel_truth/stage.h"

namespace reprise::kernel_truth {

class KernelStage : public Stage {
 public:
  // `family`: kIpv4 or kIpv6. `address_number` picks one of the machine's loopback addresses; IPv6 has one only.
  // `patience_ms`: how long to wait for readiness.
  KernelStage(Address::Family family, uint64_t address_number, int patience_ms);

  Network& network() override { return network_; }
  Poller& poller() override { return *poller_; }
  Address ListenerAddress() override { return address_; }
  void BeginOperation(uint64_t) override {}
  std::optional<int64_t> AwaitUntil(uint64_t round) override;
  bool GoesOn(uint64_t round) override;
  uint64_t NeverFullBytes() const override { return 64U << 20U; }

 private:
  PosixClock clock_;
  PosixNetwork network_;
  std::unique_ptr<NativePoller> poller_;
  Address address_;
  int64_t patience_ns_;
  int64_t deadline_ns_ = 0;
};

// Whether connections can be made over [::1] here.
bool HasIpv6Loopback();

}  // namespace reprise::kernel_truth

#endif  // REPRISE_PROPTESTS_KERNEL_TRUTH_KERNEL_STAGE_H_
