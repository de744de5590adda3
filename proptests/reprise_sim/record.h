// Record: a RunReport as bytes, from a child process to its supervisor, and the sum of many.
#ifndef REPRISE_PROPTESTS_REPRISE_SIM_RECORD_H_
#define REPRISE_PROPTESTS_REPRISE_SIM_RECORD_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "proptests/simulation/run.h"
#include "sim/ledger.h"

namespace reprise {

std::string PackReport(const RunReport& report);
// Errors: kInvalidArgument, these are not the bytes of a report.
Result<RunReport> UnpackReport(std::string_view bytes);

// The report of a run whose process came to a bad end.
RunReport BadEnd(bool timed_out, std::string details);

// What a sweep has done and met.
class Sweep {
 public:
  void Add(const RunReport& report);
  void AddFailure() { ++failures_; }

  uint64_t runs() const { return runs_; }
  uint64_t failures() const { return failures_; }
  int64_t elapsed_ns() const { return elapsed_ns_; }
  uint64_t steps() const { return steps_; }
  uint64_t requests() const { return requests_; }
  uint64_t socket_operations() const { return socket_operations_; }
  const Finding& model() const { return model_; }
  const Finding& linear() const { return linear_; }
  const Finding& cut() const { return cut_; }
  const Ledger& ledger() const { return ledger_; }

  // A sentence for each fault that was never asked for, never fired, or was never seen although something looks out for
  // it, and for each oracle that could not say enough for sure. All runs were of this profile.
  std::vector<std::string> LedgerProblems(std::string_view profile) const;

 private:
  Ledger ledger_;
  uint64_t runs_ = 0;
  uint64_t failures_ = 0;
  int64_t elapsed_ns_ = 0;
  uint64_t steps_ = 0;
  uint64_t requests_ = 0;
  uint64_t socket_operations_ = 0;
  Finding model_;
  Finding linear_;
  Finding cut_;
};

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_REPRISE_SIM_RECORD_H_
