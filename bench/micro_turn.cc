// A turn of the loop with the server on it and no kernel below: what a request costs beside the system calls.
#include <benchmark/benchmark.h>

#include <string>

#include "bench/request_mix.h"
#include "bench/still_world.h"

namespace reprise {
namespace {

constexpr uint64_t kKeys = 100'000;

void Turn(benchmark::State& state, const char* request) {
  const auto clients = static_cast<size_t>(state.range(0));
  const auto pipeline = static_cast<size_t>(state.range(1));
  StillWorld world(clients);
  RequestMix fill({"SET {key} {value}"}, 3, KeyChooser(KeyOrder::kSequential, kKeys, 0.99, 1));
  std::string batch;
  for (uint64_t i = 0; i < kKeys; ++i) {
    fill.Append(&batch);
  }
  world.Serve(batch);
  RequestMix mix({request}, 3, KeyChooser(KeyOrder::kUniform, kKeys, 0.99, 1));
  std::vector<std::string> batches(1000);
  for (std::string& one : batches) {
    for (size_t i = 0; i < pipeline; ++i) {
      mix.Append(&one);
    }
  }
  size_t next = 0;
  for (auto _ : state) {
    for (size_t i = 0; i < clients; ++i) {
      world.network().Send(i, batches[next++ % batches.size()]);
    }
    world.Turn();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(clients * pipeline));
}

BENCHMARK_CAPTURE(Turn, ping, "PING")->Args({1, 1})->Args({50, 1})->Args({50, 16});
BENCHMARK_CAPTURE(Turn, get, "GET {key}")->Args({1, 1})->Args({50, 1})->Args({50, 16})->Args({50, 64});
BENCHMARK_CAPTURE(Turn, set, "SET {key} {value}")->Args({1, 1})->Args({50, 1})->Args({50, 16})->Args({50, 64});

// A turn in which nothing happens.
void IdleTurn(benchmark::State& state) {
  StillWorld world;
  for (auto _ : state) {
    world.Turn();
  }
}
BENCHMARK(IdleTurn);

}  // namespace
}  // namespace reprise
