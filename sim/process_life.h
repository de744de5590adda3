// ProcessLife: whether the program under test is alive, and at which of its operations it dies.
//
// A process dies in the middle of a turn: before one of its operations on the world, or before its next wait. From then
// on nothing it does has an effect: writes are swallowed, reads find nothing, and none of it is a step of the trace or
// a choice. Its code still runs to the end of the turn, and a wait asks it to stop, so that its loop ends; then whoever
// runs it destroys it, and has the world begin the next life (SimWorld::Restart), in which the program starts with no
// handle, no registration and no memory.
//
// Whoever gives the program a part of the world asks Act() first with each operation. Storage belongs here as well:
// what a process has written but not synced is lost in a power loss only.
#ifndef REPRISE_SIM_PROCESS_LIFE_H_
#define REPRISE_SIM_PROCESS_LIFE_H_

#include <cstdint>

#include "loop/check.h"

namespace reprise {

enum class Death : uint8_t {
  kNone,
  kKilled,     // the process alone: its machine closes its sockets
  kPowerLoss,  // the machine with it: nobody is told
};

class ProcessLife {
 public:
  // Told of a death at once, in the middle of one of the program's operations.
  class Undertaker {
   public:
    virtual ~Undertaker() = default;
    virtual void ProcessDied(Death death) = 0;
  };

  explicit ProcessLife(Undertaker& undertaker) : undertaker_(undertaker) {}

  bool alive() const { return death_ == Death::kNone; }
  Death death() const { return death_; }
  // How many lives were before this one.
  uint32_t number() const { return number_; }

  // It dies before the Nth of its operations from now on (1: the next one), or before its next wait. REQUIRES: alive.
  void DieAt(uint64_t operation, Death how) {
    CHECK(alive() && operation > 0 && how != Death::kNone);
    left_ = operation;
    how_ = how;
  }

  // The program acts on the world. False: it is dead, and this has no effect.
  bool Act() {
    if (left_ > 0 && --left_ == 0) Die();
    return alive();
  }
  // The program waits. False: it is dead.
  bool EndTurn() {
    if (left_ > 0) Die();
    if (!alive()) CHECK(++waits_after_death_ < kWaitsAfterDeathMax);  // whoever runs it does not look
    return alive();
  }

  // REQUIRES: dead.
  void BeginNext() {
    CHECK(!alive());
    death_ = Death::kNone;
    waits_after_death_ = 0;
    ++number_;
  }

 private:
  static constexpr uint32_t kWaitsAfterDeathMax = 10'000;

  void Die() {
    left_ = 0;
    death_ = how_;
    undertaker_.ProcessDied(death_);
  }

  Undertaker& undertaker_;
  Death death_ = Death::kNone;
  Death how_ = Death::kNone;
  uint64_t left_ = 0;  // operations until it dies; 0: it lives on
  uint32_t number_ = 0;
  uint32_t waits_after_death_ = 0;
};

}  // namespace reprise

#endif  // REPRISE_SIM_PROCESS_LIFE_H_
