// SimOptions: what a simulated world is like apart from its faults.
#ifndef REPRISE_SIM_SIM_OPTIONS_H_
#define REPRISE_SIM_SIM_OPTIONS_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "sim/trace.h"

namespace reprise {

struct SimOptions {
  int64_t latency_ns = 50'000;               // from one side of a connection to the other
  int64_t turn_ns = 1'000;                   // what a turn of the program under test takes at least
  size_t send_buffer_bytes = 128 * 1024;     // of each direction, unless a fault makes it small
  size_t receive_buffer_bytes = 128 * 1024;  // likewise
  size_t segment_bytes = 64 * 1024;          // at most, in one piece
  int64_t handle_limit = 10'000;             // open handles the program may have
  std::string socket_folder = "/run";        // the one folder in which Unix sockets can be bound
  int64_t start_monotonic_ns = 1'000'000'000;
  int64_t start_wall_us = 1'700'000'000'000'000;
  bool may_die = false;            // whether the faults of the process are asked for: whoever runs it has to see to it
  int64_t restart_ns = 5'000'000;  // from a death to the next life, at least
  uint64_t entropy_seed = 1;       // what Entropy gives follows from it
  uint64_t step_limit = 50'000'000;  // of the trace; then the world asks the program to stop
  Trace::Keep keep = Trace::Keep::kNothing;
};

}  // namespace reprise

#endif  // REPRISE_SIM_SIM_OPTIONS_H_
