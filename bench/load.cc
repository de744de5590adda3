// reprise-load: a load generator for one server on this machine, where redis-benchmark is the bottleneck or lacks the
// workload. One thread, epoll. Prints what it measured as one line of JSON.
//
// Closed loop by default: each connection sends a batch of `pipeline` requests and waits for all replies, as
// redis-benchmark does. With --rate an open loop: requests are sent when they are due, whether or not earlier ones were
// answered, and a latency counts from the moment a request was due, so that a stall is not hidden by the waiting of its
// clients. With --hold it opens idle connections only, and keeps them until its standard input ends. With --flood it
// opens and resets connections as fast as it can, so many at a time, also until its standard input ends.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "bench/load_clients.h"
#include "bench/request_mix.h"

namespace reprise {
namespace {

const std::map<std::string, KeyOrder> kOrders = {
    {"sequential", KeyOrder::kSequential}, {"uniform", KeyOrder::kUniform}, {"zipf", KeyOrder::kZipf}};

struct Options {
  LoadOptions load;
  std::vector<std::string> requests = {"PING"};
  KeyOrder order = KeyOrder::kUniform;
  uint64_t keys = 1'000'000;
  uint64_t seed = 1;
  size_t value_bytes = 3;
  double exponent = 0.99;
  size_t hold = 0;
  size_t source = 1;
  size_t flood = 0;
};

double Micros(int64_t ns) { return static_cast<double>(ns) / 1000; }

void Print(const LoadResult& result) {
  const LatencyHistogram& latency = result.latency;
  const double seconds = static_cast<double>(result.elapsed_ns) / 1e9;
  const nlohmann::json report = {{"requests", latency.total()},
                                 {"errors", result.errors},
                                 {"seconds", seconds},
                                 {"rps", static_cast<double>(latency.total()) / seconds},
                                 {"p50_us", Micros(latency.Percentile(500'000))},
                                 {"p99_us", Micros(latency.Percentile(990'000))},
                                 {"p999_us", Micros(latency.Percentile(999'000))},
                                 {"max_us", Micros(latency.max_ns())}};
  std::puts(report.dump().c_str());
}

int Main(int argc, char** argv) {
  Options options;
  CLI::App app("A load for one server on this machine.");
  app.add_option("requests", options.requests,
                 "kinds of requests, with weights: '90:GET {key}' '10:SET {key} {value}'");
  app.add_option("--port", options.load.port)->required();
  app.add_option("--connections", options.load.connections);
  app.add_option("--pipeline", options.load.pipeline);
  app.add_option("--requests", options.load.requests, "ends after so many");
  app.add_option("--seconds", options.load.seconds, "ends after so long, whatever comes first");
  app.add_option("--rate", options.load.rate, "requests per second; 0: as fast as they are answered");
  app.add_option("--keys", options.keys);
  app.add_option("--order", options.order)->transform(CLI::CheckedTransformer(kOrders));
  app.add_option("--exponent", options.exponent, "of the Zipf distribution");
  app.add_option("--seed", options.seed);
  app.add_option("--value-bytes", options.value_bytes);
  app.add_option("--hold", options.hold, "opens so many idle connections, prints a line, waits for the end of input");
  app.add_option("--source", options.source,
                 "idle connections come from 127.0.0.x, with this x and the ones behind it");
  app.add_flag("--ready", options.load.ready,
               "prints a line when all connections stand, and waits for one of its standard input before it begins");
  app.add_flag("--until-input-ends", options.load.until_input_ends, "or ends when its standard input does");
  app.add_option("--flood", options.flood, "opens new connections in place of old ones, so many at a time");
  CLI11_PARSE(app, argc, argv);
  if (options.flood > 0) {
    std::printf("{\"connected\": %llu}\n",
                static_cast<unsigned long long>(FloodUntilInputEnds(options.load.port, options.flood)));
    return 0;
  }
  if (options.hold > 0) {
    const IdleConnections idle(options.load.port, options.hold, options.source);
    std::printf("{\"held\": %zu}\n", idle.size());
    std::fflush(stdout);
    while (std::getchar() != EOF) {
    }
    return 0;
  }
  RequestMix mix(options.requests, options.value_bytes,
                 KeyChooser(options.order, options.keys, options.exponent, options.seed));
  Print(RunLoad(options.load, mix));
  return 0;
}

}  // namespace
}  // namespace reprise

int main(int argc, char** argv) {
  try {
    return reprise::Main(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "reprise-load: %s\n", error.what());
    return 2;
  }
}
