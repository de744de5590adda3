#include "proptests/reprise_sim/supervisor.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "loop/check.h"

namespace reprise {
namespace {

using How = Ended::How;

// What became of each run.
struct Outcome {
  How how = How::kReported;
  std::string report;
  std::string details;
};
using Outcomes = std::map<uint64_t, Outcome>;

// Plays them, and writes down how each has ended, until there are so many.
Outcomes Supervised(const Supervision& supervision, const std::function<std::string(uint64_t)>& play,
                    size_t most = SIZE_MAX) {
  Outcomes outcomes;
  EXPECT_TRUE(Supervise(supervision, play, [&](const Ended& ended) {
    const Outcome outcome{ended.how, std::string(ended.report), std::string(ended.details)};
    EXPECT_TRUE(outcomes.emplace(ended.run, outcome).second) << "run " << ended.run << " has ended twice";
    return outcomes.size() < most;
  }));
  return outcomes;
}

std::string Number(uint64_t run) { return "run " + std::to_string(run); }

TEST(Supervisor, EachRunIsPlayedOnceWhateverTheNumberOfChildren) {
  for (const uint32_t jobs : {1U, 3U, 8U}) {
    const Outcomes outcomes = Supervised({.first = 3, .last = 7, .jobs = jobs}, Number);
    ASSERT_EQ(outcomes.size(), 5U) << jobs;
    for (const auto& [run, outcome] : outcomes) {
      EXPECT_EQ(outcome.how, How::kReported);
      EXPECT_EQ(outcome.report, Number(run));
    }
  }
}

TEST(Supervisor, ACrashCostsItsRunAlone) {
  const Outcomes outcomes = Supervised({.first = 1, .last = 9, .jobs = 2}, [](uint64_t run) {
    CHECK(run != 4);
    return Number(run);
  });
  ASSERT_EQ(outcomes.size(), 9U);
  for (const auto& [run, outcome] : outcomes) {
    EXPECT_EQ(outcome.how, run == 4 ? How::kCrashed : How::kReported) << run;
  }
  EXPECT_NE(outcomes.at(4).details.find("ended by signal 6"), std::string::npos) << outcomes.at(4).details;
  EXPECT_NE(outcomes.at(4).details.find("CHECK failed: run != 4"), std::string::npos) << outcomes.at(4).details;
}

TEST(Supervisor, ReportsOfAllSizesArriveAndInOrder) {
  uint64_t next = 1;
  const auto report = [](uint64_t run) { return Number(run) + std::string(run % 7 == 0 ? 200'000 : run * 50, 'x'); };
  EXPECT_TRUE(Supervise({.first = 1, .last = 500}, report, [&](const Ended& ended) {
    EXPECT_EQ(ended.run, next);
    EXPECT_EQ(ended.report, report(next++));
    return true;
  }));
  EXPECT_EQ(next, 501U);
}

TEST(Supervisor, ARunThatNeverEndsIsEnded) {
  const Outcomes outcomes = Supervised({.first = 1, .last = 3, .jobs = 1, .run_seconds_max = 1}, [](uint64_t run) {
    while (run == 2) {
      (void)CpuMilliseconds();
    }
    return Number(run);
  });
  ASSERT_EQ(outcomes.size(), 3U);
  EXPECT_EQ(outcomes.at(1).how, How::kReported);
  EXPECT_EQ(outcomes.at(2).how, How::kTimedOut);
  EXPECT_EQ(outcomes.at(2).details, "it took more than 1 s");
  EXPECT_EQ(outcomes.at(3).how, How::kReported);
}

// As a sanitizer does that has found memory lost.
TEST(Supervisor, AChildThatComesToABadEndBehindItsLastRunIsToldOf) {
  std::vector<std::pair<uint64_t, How>> ends;
  EXPECT_TRUE(Supervise(
      {.first = 1, .last = 3},
      [](uint64_t run) {
        if (run == 1) {
          CHECK(std::atexit([] { std::_Exit(23); }) == 0);
        }
        return Number(run);
      },
      [&](const Ended& ended) {
        ends.emplace_back(ended.run, ended.how);
        return true;
      }));
  EXPECT_EQ(ends, (std::vector<std::pair<uint64_t, How>>{
                      {1, How::kReported}, {2, How::kReported}, {3, How::kReported}, {3, How::kCrashed}}));
}

TEST(Supervisor, ItIsOverWhenWhoIsToldHasHeardEnough) {
  EXPECT_EQ(Supervised({.first = 1, .last = UINT64_MAX, .jobs = 2}, Number, 5).size(), 5U);
}

TEST(Supervisor, ItIsOverWhenTimeIs) {
  bool enough = false;
  EXPECT_TRUE(Supervise({.first = 1, .last = UINT64_MAX, .enough = [&enough] { return enough; }}, Number,
                        [&enough](const Ended&) { return enough = true; }));
}

TEST(Supervisor, TheLastRunMayBeTheLargestNumber) {
  EXPECT_EQ(Supervised({.first = UINT64_MAX - 2, .last = UINT64_MAX, .jobs = 2}, Number).size(), 3U);
}

}  // namespace
}  // namespace reprise
