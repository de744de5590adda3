// PosixWorld: the operating system as a ContractWorld, on the poller that is its parameter.
#ifndef REPRISE_PROPTESTS_CONTRACT_POSIX_WORLD_H_
#define REPRISE_PROPTESTS_CONTRACT_POSIX_WORLD_H_

#include <array>
#include <csignal>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "backends/posix_clock.h"
#include "backends/posix_entropy.h"
#include "backends/posix_network.h"
#include "backends/posix_process.h"
#include "proptests/contract/contract_world.h"
#include "proptests/contract/kernel_hooks.h"

namespace reprise {

// SystemPoller: a PosixPoller, with the same Create as EpollPoller.
template <typename SystemPoller>
class PosixWorld : public ContractWorld {
 public:
  PosixWorld()
      : handle_budget_(RaiseDescriptorLimit()), poller_(SystemPoller::Create(clock_, &socket_errors_).value()) {}

  static std::unique_ptr<ContractWorld> Make() { return std::make_unique<PosixWorld>(); }

  Poller& poller() override { return *poller_; }
  Network& network() override { return network_; }
  Clock& clock() override { return clock_; }
  Entropy& entropy() override { return entropy_; }
  Process& process() override { return *process_; }

  void PostCompletion(Token token, int64_t result) override { poller_->PostCompletion(token, result); }

  void RequestStop() override {
    if (!listens_for_signals_) {
      const std::array<int, 1> signals = {SIGTERM};
      CHECK(poller_->StopOnSignals(signals).ok());
      listens_for_signals_ = true;
    }
    RaiseTerminationSignal();
  }

  std::vector<std::string> LogLines() override { return LinesOfFile(LogPath()); }

  bool Supports(Address::Family family) override { return family != Address::Family::kIpv6 || HasIpv6Loopback(); }
  std::string NewUnixPath() override { return folder_.path() + "/" + std::to_string(++paths_made_) + ".sock"; }
  size_t HandleBudget() override { return handle_budget_; }

  bool DenyHandles() override {
    denied_.emplace();
    return true;
  }
  void AllowHandles() override { denied_.reset(); }

  // Unix sockets know no reset but that of a close with bytes unread.
  bool UnixSocketsHaveReset() override { return false; }

 private:
  std::string LogPath() const { return folder_.path() + "/log"; }

  size_t handle_budget_;
  PosixClock clock_;
  PosixEntropy entropy_;
  SocketErrors socket_errors_;
  PosixNetwork network_{&socket_errors_};
  TemporaryFolder folder_;
  std::unique_ptr<PosixProcess> process_ = PosixProcess::Create(LogPath(), "tested").value();
  int paths_made_ = 0;
  std::unique_ptr<SystemPoller> poller_;
  bool listens_for_signals_ = false;
  std::optional<DescriptorLimit> denied_;
};

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_CONTRACT_POSIX_WORLD_H_
