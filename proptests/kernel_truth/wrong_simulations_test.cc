// The comparison, compared with what it is for: each way of being wrong about TCP must be found, in a few hundred
// histories of the kernel.
#include <gtest/gtest.h>

#include <iostream>
#include <vector>

#include "proptests/kernel_truth/explain.h"
#include "proptests/kernel_truth/plan.h"
#include "proptests/kernel_truth/sample.h"

namespace reprise::kernel_truth {
namespace {

constexpr SearchLimits kLimits{.runs_most = 60, .choices_most = 2};

// Those that the right simulation explains without much searching.
std::vector<History> ExplainedHistories() {
  std::vector<History> explained;
  for (History& history : SampleHistories()) {
    if (Explain(history, Wrong::kNothing, kLimits).found) explained.push_back(std::move(history));
  }
  return explained;
}

TEST(WrongSimulations, AreFoundAllOfThem) {
  const std::vector<History> histories = ExplainedHistories();
  EXPECT_GE(histories.size(), 100U);
  size_t found = 0;
  for (size_t i = 1; i < kWrongCount; ++i) {
    const auto wrong = static_cast<Wrong>(i);
    size_t tried = 0;
    while (tried < histories.size() && Explain(histories[tried], wrong, kLimits).found) ++tried;
    EXPECT_LT(tried, histories.size()) << "no history tells " << WrongName(wrong) << " from the right simulation";
    if (tried < histories.size()) ++found;
    std::cout << WrongName(wrong) << ": found by history " << tried << '\n';
  }
  std::cout << found << " of " << kWrongCount - 1 << " wrong simulations were found\n";
  EXPECT_GE(found, 20U);
}

}  // namespace
}  // namespace reprise::kernel_truth
