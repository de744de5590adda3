// The comparison, compared with what it is for: each way of being wrong about TCP must be found, in a few hundred
// histories of the kernel.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "proptests/kernel_truth/explain.h"
#include "proptests/kernel_truth/plan.h"
#include "proptests/kernel_truth/sample.h"

namespace reprise::kernel_truth {
namespace {

class WrongSimulation : public ::testing::TestWithParam<Wrong> {};

TEST_P(WrongSimulation, IsFound) {
  const SearchLimits limits{.runs_most = 60, .choices_most = 2};
  std::string difference;
  for (const History& history : SampleHistories()) {
    const Explanation explanation = Explain(history, GetParam(), limits);
    if (explanation.found) continue;
    // Not for want of searching: the right simulation explains it.
    if (!Explain(history, Wrong::kNothing, limits).found) continue;
    difference = explanation.Describe(history);
    break;
  }
  EXPECT_NE(difference, "") << "no history tells " << WrongName(GetParam()) << " from the right simulation";
}

std::vector<Wrong> AllWrongs() {
  std::vector<Wrong> all;
  for (size_t i = 1; i < kWrongCount; ++i) all.push_back(static_cast<Wrong>(i));
  return all;
}

INSTANTIATE_TEST_SUITE_P(KernelTruth, WrongSimulation, ::testing::ValuesIn(AllWrongs()),
                         [](const ::testing::TestParamInfo<Wrong>& wrong) {
                           return std::string(WrongName(wrong.param));
                         });

TEST(WrongSimulations, AreAtLeastTwenty) { EXPECT_GE(AllWrongs().size(), 20U); }

}  // namespace
}  // namespace reprise::kernel_truth
