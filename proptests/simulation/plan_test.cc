#include "proptests/simulation/plan.h"

#include <gtest/gtest.h>

#include "proptests/simulation/profile.h"

namespace reprise {
namespace {

TEST(PlanOfATape, IsThePlanThatItWasMadeOf) {
  const CommandTable commands;
  for (const ProfileFacts& profile : Profiles()) {
    const Plan plan = MakePlan(7, profile.name, commands).value();
    for (const bool with_script : {false, true}) {
      const Result<Plan> again = PlanOf(TapeOf(plan, with_script), commands);
      ASSERT_TRUE(again.ok()) << profile.name << ": " << again.status().detail();
      EXPECT_EQ(DescribeOptions(again.value()), DescribeOptions(plan)) << profile.name;
      EXPECT_EQ(again.value().script, plan.script) << profile.name;
      EXPECT_EQ(again.value().stream, plan.stream) << profile.name;
      EXPECT_EQ(again.value().config, plan.config) << profile.name;
    }
  }
}

}  // namespace
}  // namespace reprise
