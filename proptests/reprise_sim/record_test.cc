#include "proptests/reprise_sim/record.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "proptests/simulation/plan.h"

namespace reprise {
namespace {

Finding Found(uint64_t checked, uint64_t definite) {
  Finding finding;
  finding.checked = checked;
  finding.definite = definite;
  return finding;
}

// Each number is another one.
RunReport Numbered() {
  RunReport report;
  report.Fail(Verdict::kLeak, Oracle::kPause, "first line\nsecond line");
  report.hash = 1;
  report.steps = 2;
  report.elapsed_ns = 3;
  report.healed_ns = 4;
  report.requests = 5;
  report.answered = 6;
  report.socket_operations = 7;
  report.unsent_peak_bytes = 8;
  report.model = Found(9, 10);
  report.linear = Found(11, 12);
  report.cut = Found(13, 14);
  for (size_t i = 0; i < kSiteCount; ++i) {
    report.sites[i] = {100 + i, 200 + i};
  }
  report.loop.stale_events = 15;
  return report;
}

TEST(PackedReport, IsTheSameWhenItIsUnpacked) {
  const RunReport before = Numbered();
  const RunReport after = UnpackReport(PackReport(before)).value();
  EXPECT_EQ(after.verdict, before.verdict);
  EXPECT_EQ(after.oracle, before.oracle);
  EXPECT_EQ(after.problem, before.problem);
  EXPECT_EQ(after.hash, 1U);
  EXPECT_EQ(after.steps, 2U);
  EXPECT_EQ(after.elapsed_ns, 3);
  EXPECT_EQ(after.healed_ns, 4);
  EXPECT_EQ(after.requests, 5U);
  EXPECT_EQ(after.answered, 6U);
  EXPECT_EQ(after.socket_operations, 7U);
  EXPECT_EQ(after.unsent_peak_bytes, 8U);
  EXPECT_EQ(std::pair(after.model.checked, after.model.definite),
            std::pair(before.model.checked, before.model.definite));
  EXPECT_EQ(std::pair(after.linear.checked, after.linear.definite),
            std::pair(before.linear.checked, before.linear.definite));
  EXPECT_EQ(std::pair(after.cut.checked, after.cut.definite), std::pair(before.cut.checked, before.cut.definite));
  for (size_t i = 0; i < kSiteCount; ++i) {
    EXPECT_EQ(after.sites[i].offered, 100 + i);
    EXPECT_EQ(after.sites[i].fired, 200 + i);
  }
  EXPECT_EQ(after.loop.stale_events, 15U);
}

TEST(PackedReport, OtherBytesAreNone) { EXPECT_FALSE(UnpackReport("too short").ok()); }

TEST(BadEndOf, ACrashIsACrashAndARunThatNeverEndsNoProgress) {
  EXPECT_EQ(DescribeFailure(BadEnd(false, "signal 6")), "crash (crash): signal 6");
  EXPECT_EQ(DescribeFailure(BadEnd(true, "60 s")), "no progress (time): 60 s");
}

class SweepTest : public testing::Test {
 protected:
  // A run in which every fault struck, and every branch was taken.
  static RunReport Rich() {
    RunReport report;
    report.sites.fill({10, 5});
    for (const RarePath& path : RarePaths()) {
      report.loop.*path.counter = 3;
    }
    report.loop.reads_ended = 3;
    report.steps = 7;
    report.elapsed_ns = 8;
    report.requests = 9;
    report.socket_operations = 10;
    report.model = Found(100, 90);
    report.linear = Found(100, 80);
    return report;
  }
  static bool AnyHas(const std::vector<std::string>& problems, std::string_view text) {
    return std::any_of(problems.begin(), problems.end(),
                       [text](const std::string& problem) { return problem.find(text) != std::string::npos; });
  }
};

TEST_F(SweepTest, AddsUp) {
  Sweep sweep;
  sweep.Add(Rich());
  sweep.Add(Rich());
  EXPECT_EQ(sweep.runs(), 2U);
  EXPECT_EQ(sweep.steps(), 14U);
  EXPECT_EQ(sweep.elapsed_ns(), 16);
  EXPECT_EQ(sweep.requests(), 18U);
  EXPECT_EQ(sweep.socket_operations(), 20U);
  EXPECT_EQ(sweep.model().definite, 180U);
  EXPECT_EQ(sweep.ledger().line(Site::kReadShort).fired, 10U);
  EXPECT_EQ(sweep.ledger().line(Site::kReadyStale).seen, 6U);
  EXPECT_TRUE(sweep.LedgerProblems("mixed").empty());
}

TEST_F(SweepTest, AFaultThatNobodySawIsAHole) {
  RunReport report = Rich();
  report.loop.stale_events = 0;
  Sweep sweep;
  sweep.Add(report);
  const std::vector<std::string> problems = sweep.LedgerProblems("mixed");
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems[0], "ready.stale fired 5 times and was never seen");
}

TEST_F(SweepTest, WhatCannotStrikeInAProfileMayNotHave) {
  Sweep sweep;
  sweep.Add(Rich());
  EXPECT_TRUE(AnyHas(sweep.LedgerProblems("quiet"), "read.short fired, and it was thought that it can't"));
  EXPECT_TRUE(AnyHas(sweep.LedgerProblems("cut"), "conn.reset fired, and it was thought that it can't"));
  EXPECT_FALSE(AnyHas(sweep.LedgerProblems("cut"), "read.short"));
}

TEST_F(SweepTest, OraclesHaveToBeSureOfFourFifths) {
  Sweep sweep;
  RunReport report = Rich();
  report.linear.definite = 79;
  sweep.Add(report);
  EXPECT_EQ(sweep.LedgerProblems("mixed"), std::vector<std::string>{"linearizability: only 79 of 100 are definite"});
  report.linear.definite = 81;
  report.model.definite = 60;
  sweep.Add(report);
  EXPECT_EQ(sweep.LedgerProblems("mixed"), std::vector<std::string>{"the model: only 150 of 200 are definite"});
}

}  // namespace
}  // namespace reprise
