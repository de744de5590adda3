// fixed_workload NAME: does a fixed number of requests in a StillWorld, for a program that counts instructions: those
// within MeasuredTurns are the ones to count (callgrind's --toggle-collect). Prints the number of requests.
// Without a name it lists the names.
#include <fmt/format.h>

#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "bench/request_mix.h"
#include "bench/still_world.h"

namespace reprise {
namespace {

constexpr uint64_t kKeys = 100'000;
constexpr size_t kRequests = 16'000;
constexpr size_t kValueBytes = 3;

struct Workload {
  std::string_view name;
  const char* request;
  size_t pipeline;
  bool filled;  // the keys are there before
};

constexpr const char* kMset =
    "MSET {key} {value} {key} {value} {key} {value} {key} {value} {key} {value} "
    "{key} {value} {key} {value} {key} {value} {key} {value} {key} {value}";
constexpr const char* kMget = "MGET {key} {key} {key} {key} {key} {key} {key} {key} {key} {key}";

constexpr Workload kWorkloads[] = {
    {"ping", "PING", 1, false},
    {"set", "SET {key} {value}", 1, true},
    {"get", "GET {key}", 1, true},
    {"ping_p16", "PING", 16, false},
    {"set_p16", "SET {key} {value}", 16, true},
    {"set_new_p16", "SET {key} {value}", 16, false},
    {"get_p16", "GET {key}", 16, true},
    {"get_missing_p16", "GET {key}", 16, false},
    {"incr_p16", "INCR {key}", 16, false},
    {"mset10_p16", kMset, 16, true},
    {"mget10_p16", kMget, 16, true},
    {"set_ex_p16", "SET {key} {value} EX 1000", 16, true},
    {"expire_p16", "EXPIRE {key} 1000", 16, true},
    {"scan_p16", "SCAN {number} COUNT 10", 16, true},
    {"del_p16", "DEL {key}", 16, true},
};

KeyChooser Keys(KeyOrder order) { return {order, kKeys, 0.99, 1}; }

std::vector<std::string> Batches(const char* request, KeyOrder order, size_t requests, size_t pipeline) {
  RequestMix mix({request}, kValueBytes, Keys(order));
  std::vector<std::string> batches;
  for (size_t done = 0; done < requests; done += pipeline) {
    std::string& batch = batches.emplace_back();
    for (size_t i = 0; i < pipeline; ++i) {
      mix.Append(&batch);
    }
  }
  return batches;
}

[[gnu::noinline]] void MeasuredTurns(StillWorld& world, size_t turns) {
  for (size_t i = 0; i < turns; ++i) {
    world.Turn();
  }
}

void Run(const Workload& workload) {
  StillWorld world;
  if (workload.filled) {
    for (const std::string& batch : Batches("SET {key} {value}", KeyOrder::kSequential, kKeys, 500)) {
      world.Serve(batch);
    }
  }
  const std::vector<std::string> batches = Batches(workload.request, KeyOrder::kUniform, kRequests, workload.pipeline);
  for (const std::string& batch : batches) {
    world.network().Send(0, batch);
  }
  MeasuredTurns(world, batches.size());
  CHECK(!world.network().readable(1));
  fmt::print("{}\n", kRequests);
}

int Main(std::string_view name) {
  for (const Workload& workload : kWorkloads) {
    if (name.empty()) {
      fmt::print("{}\n", workload.name);
    } else if (name == workload.name) {
      Run(workload);
      return 0;
    }
  }
  return name.empty() ? 0 : 2;
}

}  // namespace
}  // namespace reprise

int main(int argc, char** argv) { return reprise::Main(argc > 1 ? argv[1] : ""); }
