#include "proptests/reprise_sim/isolation.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "loop/check.h"

namespace reprise {
namespace {

using How = Isolation::Answer::How;

// Answers, crashes, never ends, or answers from the middle of something, as it is asked to.
std::string Obey(std::string_view request, const Isolation::Child& child) {
  child.Mark(request.size());
  if (request == "crash") {
    CHECK(request.empty());
  }
  if (request == "abort") {
    std::abort();
  }
  if (request == "leave") {
    std::_Exit(0);
  }
  while (request == "never end") {
    child.Mark(7);
  }
  if (request == "spin") {
    child.LimitCpu(20);
    for (;;) {
      child.Mark(8);
    }
  }
  if (request == "break off") {
    child.AnswerAndEnd("so far");
  }
  return "did " + std::string(request);
}

TEST(Isolation, ManyRunsShareAProcess) {
  Isolation isolation(Obey);
  for (int i = 0; i < 1000; ++i) {
    const Isolation::Answer answer = isolation.Ask(std::to_string(i), 10);
    ASSERT_EQ(answer.how, How::kReported);
    ASSERT_EQ(answer.report, "did " + std::to_string(i));
  }
  EXPECT_EQ(isolation.Finish(10).how, How::kReported);
}

TEST(Isolation, ReportsAreOfAnySize) {
  Isolation isolation(Obey);
  const std::string large(3'000'000, 'x');
  EXPECT_EQ(isolation.Ask(large, 10).report, "did " + large);
}

TEST(Isolation, WhoWatchesMayEndIt) {
  uint64_t seen = 0;
  Isolation isolation(Obey, [&](uint64_t mark) {
    seen = mark;
    return mark != 7;
  });
  const Isolation::Answer answer = isolation.Ask("never end", 60);
  EXPECT_EQ(answer.how, How::kStopped);
  EXPECT_EQ(seen, 7u);
  EXPECT_EQ(isolation.Ask("again", 10).report, "did again");
}

TEST(Isolation, ACrashIsAnAnswerThatNamesTheCheck) {
  Isolation isolation(Obey);
  const Isolation::Answer answer = isolation.Ask("crash", 10);
  EXPECT_EQ(answer.how, How::kCrashed);
  EXPECT_NE(answer.details.find("CHECK failed: request.empty()"), std::string::npos) << answer.details;
  EXPECT_NE(answer.errors.find("CHECK failed"), std::string::npos);
  EXPECT_EQ(answer.mark, 5u);
  EXPECT_EQ(isolation.Ask("abort", 10).how, How::kCrashed);
  EXPECT_EQ(isolation.Ask("leave", 10).how, How::kCrashed);
  EXPECT_EQ(isolation.Ask("go on", 10).report, "did go on");
}

TEST(Isolation, WhatNeverEndsIsEnded) {
  Isolation isolation(Obey);
  const Isolation::Answer answer = isolation.Ask("never end", 1);
  EXPECT_EQ(answer.how, How::kTimedOut);
  EXPECT_EQ(answer.mark, 7u);
  EXPECT_EQ(isolation.Ask("go on", 10).report, "did go on");
}

TEST(Isolation, WhatTakesMoreOfTheProcessorThanItMayIsEnded) {
  Isolation isolation(Obey);
  const Isolation::Answer answer = isolation.Ask("spin", 100);
  EXPECT_EQ(answer.how, How::kTimedOut);
  EXPECT_EQ(answer.mark, 8u);
  EXPECT_EQ(isolation.Ask("go on", 10).report, "did go on");
}

TEST(Isolation, ARunCanAnswerFromItsMiddle) {
  Isolation isolation(Obey);
  EXPECT_EQ(isolation.Ask("break off", 10).report, "so far");
  EXPECT_EQ(isolation.Finish(10).how, How::kReported);
  EXPECT_EQ(isolation.Ask("go on", 10).report, "did go on");
}

TEST(EndWithParentTest, AChildWhoseParentHasGoneAlreadyEndsAtOnce) {
  EXPECT_EXIT(EndWithParent(-1), testing::ExitedWithCode(1), "");
}

TEST(TellingLineOf, AnErrorOutputIsTheOneThatSaysWhatHappened) {
  EXPECT_EQ(TellingLine("warming up\nx.cc:3: CHECK failed: a == b\nmore\n"), "x.cc:3: CHECK failed: a == b");
  EXPECT_EQ(TellingLine("==1==ERROR\nSUMMARY: AddressSanitizer: heap-use-after-free x.cc:3 in f\n"),
            "SUMMARY: AddressSanitizer: heap-use-after-free x.cc:3 in f");
  EXPECT_EQ(TellingLine("nothing of note"), "");
}

}  // namespace
}  // namespace reprise
