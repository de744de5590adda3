// The request parser by itself.
#include <benchmark/benchmark.h>

#include <string>

#include "bench/request_mix.h"
#include "server/resp/parser.h"

namespace reprise {
namespace {

void ParseAll(benchmark::State& state, const char* request, size_t value_bytes) {
  constexpr size_t kRequests = 64;
  RequestMix mix({request}, value_bytes, KeyChooser(KeyOrder::kUniform, 1'000'000, 0.99, 1));
  std::string input;
  for (size_t i = 0; i < kRequests; ++i) {
    mix.Append(&input);
  }
  ArgumentList arguments;
  ProtocolError error;
  for (auto _ : state) {
    arguments.Clear();
    size_t pos = 0;
    while (ParseNext(input, &pos, ParseLimits(), &arguments, &error) == ParseOutcome::kRequest) {
    }
    benchmark::DoNotOptimize(arguments.size());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(kRequests));
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(input.size()));
}

BENCHMARK_CAPTURE(ParseAll, ping, "PING", 0);
BENCHMARK_CAPTURE(ParseAll, get, "GET {key}", 0);
BENCHMARK_CAPTURE(ParseAll, set, "SET {key} {value}", 3);
BENCHMARK_CAPTURE(ParseAll, set_1k, "SET {key} {value}", 1024);
BENCHMARK_CAPTURE(ParseAll, mget10, "MGET {key} {key} {key} {key} {key} {key} {key} {key} {key} {key}", 0);

}  // namespace
}  // namespace reprise
