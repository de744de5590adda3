// SimPoller: the program's Poller in a simulated world, and the place where that world moves.
//
// Readiness is kept as epoll keeps it: handles that may be ready stand in a queue, each Wait looks at them in turn,
// those that really are get reported and go to its end. The faults of readiness strike here.
#ifndef REPRISE_SIM_SIM_POLLER_H_
#define REPRISE_SIM_SIM_POLLER_H_

#include <array>
#include <cstdint>
#include <vector>

#include "loop/poller.h"
#include "sim/ring.h"
#include "sim/sim_clock.h"
#include "sim/sim_context.h"
#include "sim/sim_network.h"

namespace reprise {

// Who runs the world while the program waits.
class WorldRunner {
 public:
  virtual ~WorldRunner() = default;
  // kNoDeadline: nothing will ever happen.
  virtual int64_t NextEventTime() const = 0;
  // REQUIRES: there is one.
  virtual void RunOneEvent() = 0;
  // Whether the program is to be asked to stop; once it was, the poller says so.
  virtual bool StopWanted() const = 0;
  virtual void StopDelivered() = 0;
  // Called with each Wait, so that the world sees a program that only looks and never waits.
  virtual void CheckSteps() = 0;
  // The program waits without a deadline, and nothing is left that could happen. Makes StopWanted true.
  virtual void ReportStuck() = 0;
};

class SimPoller : public Poller, public ReadinessSink {
 public:
  // Borrows all of them; `network` may still be under construction.
  SimPoller(SimContext& context, const SimNetwork& network, SimClock& clock, WorldRunner& runner);

  Status Register(Handle handle, Interest interest, Token token) override;
  Status Change(Handle handle, Interest interest, Token token) override;
  void Forget(Handle handle) override;
  size_t Wait(std::span<Event> events, int64_t deadline_ns) override;
  void Wake() override { wake_pending_ = true; }

  void MarkReady(Handle handle) override;
  bool IsWatched(Handle handle) const override;

  // The program is gone and will begin anew: nothing is watched, and no event of its former life is left.
  void ForgetAll();
  // The next Wait reports it.
  void PostCompletion(Token token, int64_t result);
  size_t watched_count() const { return watched_.size(); }
  uint64_t waits() const { return waits_; }

  // How many events were reported for registrations that had ended before.
  uint64_t stale_reported() const { return stale_reported_; }

 private:
  struct Registration {
    Token token;
    Interest interest = Interest::kNone;
    bool watched = false;
    bool queued = false;
    uint32_t watched_at = 0;    // its place in watched_
    int64_t not_before_ns = 0;  // a fault has it reported later
  };
  enum class Origin : uint8_t { kReal = 0, kSpurious = 1, kStale = 2, kRepeated = 3 };
  struct Pending {
    Event event;
    Origin origin = Origin::kReal;
  };

  Registration& Get(Handle handle);
  void BeginTurn();
  void ChooseDeath();
  static Event InterestingEvent(const Registration& registration);
  void AddUnreal();
  void AddHangups();
  bool IsReady(const Registration& registration, const Wire::Readiness& readiness) const;
  void NoteNotReady(int32_t id, const Wire::Readiness& readiness);
  bool WaitForSomething(int64_t deadline_ns);
  void RunUntil(int64_t time_ns);
  bool HasSomething();
  bool HasReady();
  void Collect(size_t most);
  void CollectReady(size_t most);
  bool IsLate(Registration& registration, Actor actor);
  void AddReady(const Registration& registration, Actor actor, const Wire::Readiness& readiness, bool alone);
  void Add(const Event& event, Origin origin) { batch_.push_back({event, origin}); }
  void Reorder();

  SimContext& context_;
  const SimNetwork& network_;
  SimClock& clock_;
  WorldRunner& runner_;
  std::vector<Registration> registrations_;  // by handle
  std::vector<int32_t> watched_;             // handles, in no order that matters to anyone else
  RingQueue<int32_t> ready_;                 // handles that may be ready
  std::vector<int32_t> ended_unseen_;        // handles whose peer has ended while reading was not watched for
  RingQueue<Event> completions_;
  std::vector<Pending> batch_;           // what this Wait has found
  std::array<Registration, 4> ended_{};  // the last registrations that were ended, the nth at n % 4
  uint64_t ended_count_ = 0;
  uint64_t stale_reported_ = 0;
  bool wake_pending_ = false;
  uint64_t waits_ = 0;
};

}  // namespace reprise

#endif  // REPRISE_SIM_SIM_POLLER_H_
