#include <fmt/format.h>
#include "proptests/simulation/run.h"
#include "sim/choices.h"
#include <cstdlib>
#include <chrono>
int main(int argc, char** argv) {
  using namespace reprise;
  uint64_t from = std::strtoull(argv[1], nullptr, 10), to = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : from;
  const char* profile = argc > 3 ? argv[3] : "mixed";
  CommandTable commands;
  std::array<SiteCount, kSiteCount> all{};
  uint64_t bad = 0, requests = 0, definite = 0, checked = 0, ld = 0, lc = 0;
  auto t0 = std::chrono::steady_clock::now();
  for (uint64_t seed = from; seed <= to; ++seed) {
    auto plan = MakePlan(seed, profile, commands);
    if (!plan.ok()) return 1;
    if (from == to) fmt::print("{}{}", DescribeOptions(plan.value()), DescribeClients(plan.value()));
    auto report = PlaySeed(plan.value());
    requests += report.requests; definite += report.model.definite; checked += report.model.checked;
    ld += report.linear.definite; lc += report.linear.checked;
    for (size_t i = 0; i < kSiteCount; ++i) { all[i].offered += report.sites[i].offered; all[i].fired += report.sites[i].fired; }
    if (from == to) fmt::print("steps {} elapsed {} us requests {} hash {:016x}\n", report.steps, report.elapsed_ns / 1000, report.requests, report.hash);
    if (!report.passed()) { ++bad; fmt::print("seed {}: {}: {}\n", seed, VerdictName(report.verdict), report.problem); }
  }
  double s = std::chrono::duration<double>(std::chrono::steady_clock::now() - t0).count();
  fmt::print("{} seeds, {} bad, {:.1f} seeds/s, {} requests, model {}/{} linear {}/{}\n", to - from + 1, bad, double(to - from + 1) / s, requests, definite, checked, ld, lc);
  for (size_t i = 0; i < kSiteCount; ++i) if (IsFault(SiteAt(i))) fmt::print("{:24} {:10} {:10}\n", SiteName(SiteAt(i)), all[i].offered, all[i].fired);
}
