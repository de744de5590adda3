// The oracle of idle clients: with `timeout` set, a client that asks for nothing for so many seconds is told to go, and
// nobody before that.
//
// The server goes by its wall clock, which may jump: so what it has shown between two requests decides what is right.
#ifndef REPRISE_PROPTESTS_ORACLES_IDLE_H_
#define REPRISE_PROPTESTS_ORACLES_IDLE_H_

#include <cstdint>
#include <vector>

#include "proptests/oracles/finding.h"
#include "proptests/simulation/moments.h"
#include "proptests/workload/history.h"

namespace reprise {

struct IdleTerms {
  int64_t timeout_s = 0;  // greater than 0
  // Of those that faults were out to break a client may not hear that they have ended.
  bool any_may_break = false;
  std::vector<uint32_t> may_break = {};
};

// A server looks with its ticks, and its farewell may be late: so much later is in time.
inline constexpr int64_t kIdleGraceNs = 8'000'000'000;

// Looks for connections that were silent for longer than `timeout`, and that were still there.
Finding CheckIdle(const ClientHistory& history, const Moments& moments, const IdleTerms& terms);

// Whether the server may have ended the connection for its silence.
bool MayHaveBeenIdle(const ClientHistory& history, const Ending& ending, const Moments& moments, int64_t timeout_s);

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_ORACLES_IDLE_H_
