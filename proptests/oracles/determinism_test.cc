#include "proptests/oracles/determinism.h"

#include <gtest/gtest.h>

#include <array>
#include <memory>

#include "sim/seeded_source.h"

namespace reprise {
namespace {

TEST(Determinism, TheSameSeedIsTheSameRun) {
  const CommandTable commands;
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    const Result<Plan> plan = MakePlan(seed, "short", commands);
    ASSERT_TRUE(plan.ok());
    const PlayOnce play = [&](const RunOptions& options) { return PlaySeed(plan.value(), options); };
    EXPECT_EQ(CheckDeterministic(play({}), play), "") << "reprise-sim replay " << seed << " --profile short";
  }
}

TEST(Determinism, ARunThatIsNotTheSameTwiceIsToldFromItsFirstDifference) {
  const CommandTable commands;
  const Result<Plan> plan = MakePlan(4, "short", commands);
  ASSERT_TRUE(plan.ok());
  // A world in which every run has faults of its own, as if something besides the choices had a say.
  uint64_t runs = 0;
  const PlayOnce play = [&](const RunOptions& options) {
    SeededSource source(1000 + runs++);
    return PlayPlan(plan.value(), source, options);
  };
  const std::string difference = CheckDeterministic(play({}), play);
  EXPECT_NE(difference.find("the runs part after"), std::string::npos) << difference;
  EXPECT_NE(difference.find("and the other:"), std::string::npos) << difference;
}

TEST(Determinism, HashStepsAndVerdictHaveToBeTheSame) {
  const CommandTable commands;
  const Plan plan = MakePlan(4, "short", commands).value();
  const PlayOnce play = [&](const RunOptions& options) { return PlaySeed(plan, options); };
  const RunReport right = play({});
  RunReport wrong = right;
  ++wrong.hash;
  EXPECT_NE(CheckDeterministic(wrong, play), "");
  wrong = right;
  ++wrong.steps;
  EXPECT_NE(CheckDeterministic(wrong, play), "");
  wrong = right;
  wrong.verdict = Verdict::kLeak;
  EXPECT_NE(CheckDeterministic(wrong, play), "");
  EXPECT_EQ(CheckDeterministic(right, play), "");
}

TEST(Determinism, WhatFollowsFromAnAddressShows) {
  const CommandTable commands;
  const Result<Plan> plan = MakePlan(4, "short", commands);
  ASSERT_TRUE(plan.ok());
  // As if a hash table were seeded with where it is.
  const PlayOnce play = [&](const RunOptions& options) {
    const auto somewhere = std::make_unique<std::array<char, 100>>();
    SeededSource source(reinterpret_cast<uintptr_t>(somewhere.get()));
    return PlayPlan(plan.value(), source, options);
  };
  EXPECT_NE(CheckDeterministic(play({}), play), "");
}

}  // namespace
}  // namespace reprise
