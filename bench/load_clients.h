// The clients of a load: connections to one server of this machine, driven by one thread.
#ifndef REPRISE_BENCH_LOAD_CLIENTS_H_
#define REPRISE_BENCH_LOAD_CLIENTS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "bench/latency_histogram.h"
#include "bench/request_mix.h"

namespace reprise {

struct LoadOptions {
  uint16_t port = 0;
  size_t connections = 50;
  size_t pipeline = 1;
  uint64_t requests = UINT64_MAX;
  double seconds = 600;
  bool ready = false;  // says so when all connections stand, and waits for a line of input before it begins
  bool until_input_ends = false;
  double rate = 0;  // requests per second of an open loop; 0: a closed loop
};

struct LoadResult {
  LatencyHistogram latency;
  uint64_t errors = 0;
  int64_t elapsed_ns = 0;
};

// Runs until so many requests are answered or the time is over. What goes wrong ends the program with a message.
LoadResult RunLoad(const LoadOptions& options, RequestMix& mix);

// Connections that were used once and are idle, until they are destroyed. They come from as many addresses of
// 127.0.0.0/8 as their number asks for, from 127.0.0.`source` upwards.
class IdleConnections {
 public:
  IdleConnections(uint16_t port, size_t count, size_t source = 1);
  ~IdleConnections();
  IdleConnections(const IdleConnections&) = delete;
  IdleConnections& operator=(const IdleConnections&) = delete;

  size_t size() const { return fds_.size(); }

 private:
  std::vector<int> fds_;
};

// Opens connections without waiting for any, `at_a_time` of them; each further one takes the place of the oldest, which
// is reset. Until the standard input ends. Returns how many were connected when their place was taken.
uint64_t FloodUntilInputEnds(uint16_t port, size_t at_a_time);

}  // namespace reprise

#endif  // REPRISE_BENCH_LOAD_CLIENTS_H_
