#include "proptests/contract/sim_contract_world.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sim/seeded_source.h"
#include "sim/sim_world.h"

namespace reprise {
namespace {

constexpr int64_t kQuietNs = 5 * kNanosPerSecond;  // virtual, so it costs nothing
constexpr int kSpuriousEventsMax = 1'000'000;      // as many as they like; a Wait that only looks may report them too

// What may befall any program at any time, without breaking a connection or refusing anything.
SwarmProfile ContractProfile(bool faults) {
  if (!faults) {
    // Numbers that come again at once are a kernel's habit.
    SwarmProfile profile = SwarmProfile::Quiet();
    profile.SetRate(Site::kHandleReuse, kRateOne);
    return profile;
  }
  SwarmProfile profile = SwarmProfile::Everything();
  profile.TurnOff(SiteGroup::kConnections);
  profile.SetRate(Site::kConnectDelay, FactsOf(Site::kConnectDelay).rate_high);
  profile.SetRate(Site::kAcceptWouldBlock, FactsOf(Site::kAcceptWouldBlock).rate_high);
  return profile;
}

class SimContractWorld : public ContractWorld {
 public:
  SimContractWorld(uint64_t seed, bool faults)
      : faults_(faults), source_(seed), world_(source_, ContractProfile(faults)) {
    world_.process().SetLogSink([this](LogLevel, std::string_view line) { lines_.emplace_back(line); });
  }

  Poller& poller() override { return world_.poller(); }
  Network& network() override { return world_.network(); }
  Clock& clock() override { return world_.clock(); }
  Entropy& entropy() override { return world_.entropy(); }
  Process& process() override { return world_.process(); }
  std::vector<std::string> LogLines() override { return lines_; }

  void PostCompletion(Token token, int64_t result) override { world_.Complete(0, token, result); }
  void RequestStop() override { world_.Stop(); }
  bool Supports(Address::Family) override { return true; }
  std::string NewUnixPath() override {
    return world_.options().socket_folder + "/contract." + std::to_string(++paths_made_);
  }
  size_t HandleBudget() override { return static_cast<size_t>(world_.options().handle_limit); }
  bool DenyHandles() override {
    world_.network().SetHandleLimit(0);
    return true;
  }
  void AllowHandles() override { world_.network().SetHandleLimit(world_.options().handle_limit); }
  int64_t QuietNanos() override { return faults_ ? kQuietNs : 20 * kNanosPerMilli; }
  int SpuriousEventsMax() override { return faults_ ? kSpuriousEventsMax : 0; }

 private:
  const bool faults_;
  SeededSource source_;
  SimWorld world_;
  int paths_made_ = 0;
  std::vector<std::string> lines_;
};

std::unique_ptr<ContractWorld> MakeQuiet() { return std::make_unique<SimContractWorld>(1, false); }

template <uint64_t kSeed>
std::unique_ptr<ContractWorld> MakeFaulty() {
  return std::make_unique<SimContractWorld>(kSeed, true);
}

}  // namespace

std::vector<WorldFactory> SimulatedWorlds() {
  return {{"Simulated", &MakeQuiet}, {"SimulatedFaulty2", &MakeFaulty<2>}, {"SimulatedFaulty3", &MakeFaulty<3>}};
}

}  // namespace reprise
