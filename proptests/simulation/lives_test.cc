// A server that dies: at any operation of its run, in either way, its clients are answered in the end, by a server that
// knows nothing of before.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "proptests/simulation/plan.h"
#include "proptests/simulation/run.h"
#include "sim/tape_source.h"

namespace reprise {
namespace {

class Lives : public testing::TestWithParam<Site> {
 protected:
  static Plan PlanOfSeed(uint64_t seed) { return MakePlan(seed, "quiet", CommandTable()).value(); }
  static ChoiceMade Deadly(uint64_t turn, uint64_t operation) {
    return {{{ActorKind::kServer}, GetParam(), false, turn}, operation};
  }
  static RunReport Play(const Plan& plan, std::vector<ChoiceMade> choices) {
    TapeSource source(std::move(choices));
    return PlayPlan(plan, source);
  }
};

TEST_P(Lives, TheServerMayDieBeforeAnyOfItsOperations) {
  constexpr uint64_t kTurnsMax = 150;
  uint64_t deaths = 0;
  for (uint64_t seed = 1; seed <= 2; ++seed) {
    const Plan plan = PlanOfSeed(seed);
    for (uint64_t place = 0; place < kTurnsMax * 16; ++place) {
      const RunReport report = Play(plan, {Deadly(place / 16, 1 + place % 16)});
      ASSERT_TRUE(report.passed()) << "seed " << seed << ", turn " << place / 16 << ", operation " << 1 + place % 16
                                   << ": " << DescribeFailure(report);
      if (report.deaths == 0) {
        break;  // the run has no such turn
      }
      ++deaths;
    }
  }
  EXPECT_GT(deaths, 600U);
}

TEST_P(Lives, ItMayDieAgainAndAgain) {
  uint64_t deaths = 0;
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    std::vector<ChoiceMade> choices;
    for (uint64_t turn = 5; turn < 60; turn += 5) {
      choices.push_back(Deadly(turn, 1 + (turn + seed) % 16));
    }
    const RunReport report = Play(PlanOfSeed(seed), choices);
    EXPECT_TRUE(report.passed()) << "seed " << seed << ": " << DescribeFailure(report);
    deaths += report.deaths;
  }
  EXPECT_GT(deaths, 60U);
}

TEST_P(Lives, EverybodyIsAnsweredInTheEnd) {
  const RunReport report = Play(PlanOfSeed(3), {Deadly(12, 2)});
  ASSERT_TRUE(report.passed()) << DescribeFailure(report);
  EXPECT_EQ(report.deaths, 1U);
  EXPECT_GT(report.answered, 0U);
  EXPECT_GE(report.healed_ns, 0);
}

INSTANTIATE_TEST_SUITE_P(Deaths, Lives, testing::Values(Site::kProcessKill, Site::kProcessPowerLoss),
                         [](const auto& way) {
                           return way.param == Site::kProcessKill ? std::string("Killed") : std::string("PowerLoss");
                         });

}  // namespace
}  // namespace reprise
