// SimStage: a simulated world in which a history is played, and whose choices somebody else makes.
//
// A choice that matters here is answered by a list of overrides, all others with 0: then everything that is under way
// arrives before the next operation, as it does on the kernel's loopback. Two choices are of this stage: whether time
// passes before an operation ("script.0/script.pause/@I": 1 none, 2 a little more, 3 more than any delay), and whether
// filling the buffers waits for what it has written to arrive (".../script.other/@I": 1 no).
#ifndef REPRISE_PROPTESTS_KERNEL_TRUTH_SIM_STAGE_H_
#define REPRISE_PROPTESTS_KERNEL_TRUTH_SIM_STAGE_H_

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "proptests/kernel_truth/stage.h"
#include "proptests/kernel_truth/wrong_world.h"
#include "sim/choice_source.h"
#include "sim/sim_world.h"

namespace reprise::kernel_truth {

// Answers by a list, and writes down which choices came by that could have been answered otherwise.
class GuidedSource : public ChoiceSource {
 public:
  // A choice, and the index of the operation during which it was asked.
  struct Point {
    ChoiceName name;
    uint64_t operation = 0;
  };

  // `overrides` sorted by name.
  explicit GuidedSource(std::span<const ChoiceMade> overrides) : overrides_(overrides) {}

  uint64_t Answer(const ChoiceRequest& request) override;
  // The answers other than 0 that are worth trying at a site; none where it is to stay 0.
  static std::span<const uint64_t> Alternatives(Site site);

  void SetOperation(uint64_t operation) { operation_ = operation; }
  // By what step of the growing scale the next turns of the program take longer.
  void SetTurn(uint64_t step) { turn_step_ = step; }
  const std::vector<Point>& points() const { return points_; }

 private:
  std::span<const ChoiceMade> overrides_;
  std::vector<Point> points_;
  uint64_t operation_ = 0;
  uint64_t turn_step_ = 0;
};

class SimStage : public Stage {
 public:
  // `wrong`: how the world is to be wrong.
  SimStage(GuidedSource& source, Wrong wrong);

  Network& network() override { return *network_; }
  Poller& poller() override { return *poller_; }
  Address ListenerAddress() override { return {Address::Family::kIpv4, "127.0.0.1", 0}; }
  void BeginOperation(uint64_t index) override;
  std::optional<int64_t> AwaitUntil(uint64_t round) override;
  bool FillsOn(uint64_t round) override;

 private:
  void PassTurn(uint64_t step);

  GuidedSource& source_;
  SimWorld world_;
  Actor script_;
  uint64_t operation_ = 0;
  std::unique_ptr<WrongNetwork> wrong_network_;
  std::unique_ptr<WrongPoller> wrong_poller_;
  Network* network_;
  Poller* poller_;
};

}  // namespace reprise::kernel_truth

#endif  // REPRISE_PROPTESTS_KERNEL_TRUTH_SIM_STAGE_H_
