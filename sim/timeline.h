// Timeline: virtual time, and what is due when.
//
// Events are ordered by their time, and among those of one moment by when they were added, unless one of them is taken
// out before its turn. Time moves only forward, and only when somebody asks it to.
#ifndef REPRISE_SIM_TIMELINE_H_
#define REPRISE_SIM_TIMELINE_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "loop/check.h"
#include "loop/handle.h"
#include "loop/poller.h"

namespace reprise {

// Something that happens later. `index` and `generation` name whom it concerns: whoever handles it drops it when that
// has gone in the meantime.
struct WorldEvent {
  enum class Kind : uint8_t {
    kSyn,         // a connect request arrives
    kConnected,   // its answer arrives
    kFailed,      // so does a refusal; arg: ErrorCode
    kDeliver,     // what is under way in a direction arrives
    kGiveUp,      // one side of a connection has waited for too long
    kStallEnds,   // peer `index` reads again
    kTimer,       // actor `index`, arg: what
    kCompletion,  // token in arg; result in arg2
    kNothing,     // time comes here, that is all
  };

  int64_t time_ns = 0;
  Kind kind = Kind::kNothing;
  uint8_t side = 0;
  uint32_t index = 0;
  uint32_t generation = 0;
  uint64_t arg = 0;
  int64_t arg2 = 0;
};

// The client of an event that concerns none, or the world as a whole.
inline constexpr uint32_t kNoClient = UINT32_MAX;

class Timeline {
 public:
  explicit Timeline(int64_t start_ns) : now_ns_(start_ns) {}

  int64_t now_ns() const { return now_ns_; }
  // kNoDeadline: nothing is due, ever.
  int64_t next_ns() const { return events_.empty() ? kNoDeadline : events_.back().time_ns; }

  void Add(WorldEvent event, int64_t time_ns) {
    event.time_ns = std::max(time_ns, now_ns_);
    const auto behind = [](const WorldEvent& other, int64_t time) { return other.time_ns > time; };
    events_.insert(std::lower_bound(events_.begin(), events_.end(), event.time_ns, behind), event);
  }

  // Takes the next event out and moves time to it. REQUIRES: there is one.
  WorldEvent Take() {
    CHECK(!events_.empty());
    const WorldEvent event = events_.back();
    events_.pop_back();
    AdvanceTo(event.time_ns);
    return event;
  }

  // Whether more than one event is due at the next moment.
  bool IsTied() const { return events_.size() > 1 && At(1).time_ns == At(0).time_ns; }

  // Makes `events` the first of those of the next moment, in their order, `most` at most.
  void CopyNext(size_t most, std::vector<WorldEvent>& events) const {
    events.clear();
    const size_t end = std::min(most, events_.size());
    for (size_t i = 0; i < end && At(i).time_ns == At(0).time_ns; ++i) events.push_back(At(i));
  }

  // As Take, but of the event at this place (from 0) among those of the next moment. REQUIRES: there is one.
  WorldEvent TakeOut(size_t place) {
    CHECK(place < events_.size() && At(place).time_ns == At(0).time_ns);
    const WorldEvent event = At(place);
    events_.erase(events_.end() - 1 - static_cast<std::ptrdiff_t>(place));
    AdvanceTo(event.time_ns);
    return event;
  }

  // Moves time forward; no effect when it is there or beyond. Events in between become due, they are not skipped.
  void AdvanceTo(int64_t time_ns) { now_ns_ = std::max(now_ns_, time_ns); }

 private:
  // The one that is due after `place` others.
  const WorldEvent& At(size_t place) const { return events_[events_.size() - 1 - place]; }

  int64_t now_ns_;
  // The latest first, and of one moment that which was added last: what is added is nearly always due soon, so that few
  // have to make room, which costs less than to keep a heap in order.
  std::vector<WorldEvent> events_;
};

}  // namespace reprise

#endif  // REPRISE_SIM_TIMELINE_H_
