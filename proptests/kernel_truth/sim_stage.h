// SimStage: a simulated world in which a history is played, and whose choices somebody else makes.
//
// A choice that matters here is answered by a list of overrides, all others with 0: then everything that is under way
// arrives before the next operation, as it does on the kernel's loopback. Two choices are of this stage: whether time
// passes before an operation ("script.0/script.pause/@I": 1 none, 2 more than any delay, 3 a second), and whether
// filling the buffers, or emptying them, gives what is under way the time to arrive (".../script.other/@I": 1 no).
#ifndef REPRISE_PROPTESTS_KERNEL_TRUTH_SIM_STAGE_H_
#define REPRISE_PROPTESTS_KERNEL_TRUTH_SIM_STAGE_H_

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "proptests/kernel_truth/history.h"
#include "proptests/kernel_truth/stage.h"
#include "proptests/kernel_truth/wrong_world.h"
#include "sim/choice_source.h"
#include "sim/sim_world.h"

namespace reprise::kernel_truth {

// While a direction is loose (agreement.h), the room that the kernel has left follows from its acknowledgements and its
// accounting. There the source is guided by the outcome that is to be met: filling leaves a little room, and where the
// history says that a write, or a filling, took nothing, it answers would-block: both are faults of the simulation
// ("write.short", "write.would_block").
//
// Answers by a list, and writes down which choices came by that could have been answered otherwise.
class GuidedSource : public ChoiceSource {
 public:
  // A choice, and the index of the operation during which it was asked.
  struct Point {
    ChoiceName name;
    uint64_t operation = 0;
  };

  // Together: what is sent with this delay arrives in this pause, however many operations lie in between.
  static constexpr uint64_t kDelayToPause = 17;
  static constexpr uint64_t kPauseForDelayed = 2;

  // `overrides` sorted by name.
  explicit GuidedSource(std::span<const ChoiceMade> overrides) : overrides_(overrides) {}

  uint64_t Answer(const ChoiceRequest& request) override;
  // The answers other than 0 that are worth trying at a site; none where it is to stay 0.
  static std::span<const uint64_t> Alternatives(Site site);

  void SetOperation(uint64_t operation) { operation_ = operation; }
  // What the next operation's outcome is to be, and whether its direction is loose.
  void SetTarget(const Step& step, bool loose);
  // By what step of the growing scale the next turns of the program take longer.
  void SetTurn(uint64_t step) { turn_step_ = step; }
  const std::vector<Point>& points() const { return points_; }
  // How often a write that was not part of filling was answered would-block though there was room.
  uint64_t held_back() const { return held_back_; }
  // Filling has come to the point where there is only the little room that it leaves.
  bool fill_done() const { return fill_done_; }

 private:
  uint64_t WhenFilling(uint64_t room);

  std::span<const ChoiceMade> overrides_;
  std::vector<Point> points_;
  uint64_t operation_ = 0;
  uint64_t turn_step_ = 0;
  bool fills_ = false;
  bool stops_filling_ = false;
  bool left_room_ = false;
  bool fill_done_ = false;
  bool holds_back_ = false;
  uint64_t held_back_ = 0;
};

class SimStage : public Stage {
 public:
  // `wrong`: how the world is to be wrong.
  SimStage(GuidedSource& source, Wrong wrong);

  Network& network() override { return *network_; }
  Poller& poller() override { return *poller_; }
  Address ListenerAddress() override { return {Address::Family::kIpv4, "127.0.0.1", 0}; }
  void BeginOperation(uint64_t index) override;
  void SetTarget(const Step& step, bool loose);
  std::optional<int64_t> AwaitUntil(uint64_t round) override;
  bool GoesOn(uint64_t round) override;
  uint64_t NeverFullBytes() const override { return 1U << 20U; }

 private:
  void PassTurn(uint64_t step);

  GuidedSource& source_;
  SimWorld world_;
  Actor script_;
  uint64_t operation_ = 0;
  bool only_looks_ = false;
  std::unique_ptr<WrongNetwork> wrong_network_;
  std::unique_ptr<WrongPoller> wrong_poller_;
  Network* network_;
  Poller* poller_;
};

}  // namespace reprise::kernel_truth

#endif  // REPRISE_PROPTESTS_KERNEL_TRUTH_SIM_STAGE_H_
