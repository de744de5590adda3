// Random histories on the kernel, each searched for in what the simulation allows. The same at nightly size:
// tools/kernel-truth.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <iostream>

#include "proptests/kernel_truth/allowed.h"
#include "proptests/kernel_truth/coverage.h"
#include "proptests/kernel_truth/explain.h"
#include "proptests/kernel_truth/kernel_stage.h"
#include "proptests/kernel_truth/plan.h"
#include "proptests/kernel_truth/sweep.h"

namespace reprise::kernel_truth {
namespace {

constexpr uint64_t kSequences = 1'000;
constexpr uint64_t kSeed = 20261123;

TEST(KernelTruth, TheSimulationAllowsAllThatTheKernelDoes) {
  const SweepResult result = RunSweep({.sequences = kSequences, .seed = kSeed, .shrink = true});
  std::cout << result.ToString();
  EXPECT_TRUE(result.passed) << result.difference;
  EXPECT_EQ(result.coverage.histories(), kSequences);
  EXPECT_EQ(result.over_ipv6 > 0, HasIpv6Loopback());
}

TEST(KernelTruth, HistoriesCoverEveryOperation) {
  const Coverage coverage = RunSweep({.sequences = 300, .seed = kSeed + 1, .shrink = true}).coverage;
  for (size_t i = 0; i < kActCount; ++i) {
    const std::string act(ActName(static_cast<Act>(i)));
    const auto found = coverage.counts().lower_bound({act, ""});
    ASSERT_NE(found, coverage.counts().end()) << act;
    EXPECT_EQ(found->first.first, act) << "no history came by it";
  }
}

TEST(KernelTruth, AHistoryIsReadBackFromItsText) {
  const std::vector<Intent> intents = {{Act::kGather, 0, 30}, {Act::kFill, 1, 1},     {Act::kWatch, 0, 2},
                                       {Act::kRead, 1, 7},    {Act::kConnect, 0, 1},  {Act::kAbort, 2, 1},
                                       {Act::kAccept, 0, 1},  {Act::kAwaitRead, 1, 1}};
  const std::string text = ToString(RecordOnKernel(intents, {}));
  const Result<History> parsed = ParseHistory(text);
  ASSERT_TRUE(parsed.ok()) << parsed.status().ToString();
  EXPECT_EQ(ToString(parsed.value()), text);
  EXPECT_GT(parsed.value().size(), intents.size());
}

// One that was refused never waited, and one that is still there can be told by its address.
TEST(KernelTruth, WhoCanNotBeToldAtTheAcceptIsTheFirstWhoWaitedAndLeft) {
  const std::vector<Intent> intents = {{Act::kCloseListener, 0, 1}, {Act::kConnect, 0, 1}, {Act::kListen, 0, 4},
                                       {Act::kConnect, 0, 1},       {Act::kConnect, 0, 1}, {Act::kAbort, 6, 1},
                                       {Act::kAccept, 0, 1},        {Act::kAccept, 0, 1}};
  std::string accepts;
  for (const Step& step : RecordOnKernel(intents, {})) {
    if (step.operation.act == Act::kAccept) accepts += step.ToString() + '\n';
  }
  EXPECT_EQ(accepts, "accept L0 -> ok, c0\naccept L0 -> ok, c2\naccept L0 c3 -> ok, c?\n");
}

TEST(KernelTruth, ALineThatIsNoStepIsRefused) {
  for (const char* line : {"read c0", "dance c0 -> ok", "read x0 1 -> ok", "look -> c0 z", "read c0 1 -> perhaps"}) {
    EXPECT_FALSE(ParseHistory(line).ok()) << line;
  }
}

TEST(KernelTruth, EveryFaultHasASourceThatSaysItCanHappen) {
  for (size_t i = 0; i < kSiteCount; ++i) {
    if (!IsFault(SiteAt(i))) continue;
    EXPECT_FALSE(SourceOf(SiteAt(i)).empty()) << SiteName(SiteAt(i));
  }
}

TEST(KernelTruth, AnOutcomeThatOnlyTheSimulationGivesHasAFaultBehindItOrIsToldToHaveNone) {
  EXPECT_EQ(FaultBehind("accept", "too many open handles"), Site::kAcceptTooMany);
  EXPECT_EQ(FaultBehind("read", "timed out"), Site::kConnectFail);
  EXPECT_EQ(FaultBehind("read", "permission denied"), std::nullopt);
  SweepResult result;
  const Operation read{.act = Act::kRead, .amount = 1};
  result.simulated.Add(History{{read, {.code = ErrorCode::kPermissionDenied}}, {read, {.code = ErrorCode::kTimedOut}}});
  EXPECT_EQ(result.WithoutSource(), 1U);
  EXPECT_NE(result.ToldOnlyBySimulation().find("permission denied"), std::string::npos);
}

// The search may not depend on addresses or on what ran before it.
TEST(KernelTruth, ASearchForTheSameHistoryGoesTheSameWay) {
  const History history = RecordOnKernel({{Act::kFill, 0, 1}, {Act::kRead, 1, 9}, {Act::kWrite, 0, 9}}, {});
  const Explanation one = Explain(history);
  const Explanation other = Explain(history);
  EXPECT_TRUE(one.found);
  EXPECT_EQ(one.runs, other.runs);
  EXPECT_EQ(one.choices, other.choices);
}

}  // namespace
}  // namespace reprise::kernel_truth
