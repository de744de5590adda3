#include "proptests/oracles/idle.h"

#include <gtest/gtest.h>

#include "proptests/oracles/history_testing.h"

namespace reprise {
namespace {

constexpr int64_t kS = 1'000'000'000;

// A wall clock that is 1,000 s ahead of the run's time, read ten times a second.
Moments TenTimesASecond(int64_t seconds) {
  Moments moments;
  for (int64_t i = 0; i < seconds * 10; ++i) {
    moments.Note(i * (kS / 10), 1'000'000 + i * 100);
  }
  return moments;
}

ClientHistory SilentFor(int64_t seconds) {
  HistoryMaker maker(0, Keys::kOwn);
  maker.Ask("ping", kS, kS + 1000, ReplyValue::Simple("PONG"));
  maker.Ask("ping", (1 + seconds) * kS, (1 + seconds) * kS + 1000, ReplyValue::Simple("PONG"));
  return maker.history();
}

Ending EndedAt(int64_t time_ns) { return {0, time_ns, 0, Ending::How::kUnexpected, ErrorCode::kEndOfStream}; }

TEST(Idle, WhoWasSilentForTooLongHasToBeToldToGo) {
  const Finding finding = CheckIdle(SilentFor(12), TenTimesASecond(20), {.timeout_s = 2});
  EXPECT_NE(finding.problem.find("timeout of 2 s"), std::string::npos) << finding.problem;
}

TEST(Idle, WhoWasSilentForLessMayStay) {
  EXPECT_TRUE(CheckIdle(SilentFor(12), TenTimesASecond(20), {.timeout_s = 5}).ok());
  EXPECT_TRUE(CheckIdle(SilentFor(9), TenTimesASecond(20), {.timeout_s = 2}).ok()) << "the ticks may be late";
}

TEST(Idle, AServerThatLooksJustWhenTheTimeIsOverMayWait) {
  for (const int64_t shown_ms : {1'002'000, 1'002'001}) {
    Moments moments;
    moments.Note(0, 1'000'000);
    moments.Note(kS + 2000, shown_ms);
    EXPECT_EQ(CheckIdle(SilentFor(12), moments, {.timeout_s = 2}).ok(), shown_ms == 1'002'000);
    HistoryMaker maker(0, Keys::kOwn);
    maker.Ask("ping", kS, kS + 1000, ReplyValue::Simple("PONG"));
    EXPECT_EQ(MayHaveBeenIdle(maker.history(), EndedAt(2 * kS), moments, 2), shown_ms != 1'002'000);
  }
}

TEST(Idle, WhoMayNotHaveHeardOfTheEndIsExcused) {
  EXPECT_TRUE(CheckIdle(SilentFor(12), TenTimesASecond(20), {.timeout_s = 2, .may_break = {0}}).ok());
  EXPECT_TRUE(CheckIdle(SilentFor(12), TenTimesASecond(20), {.timeout_s = 2, .any_may_break = true}).ok());
}

TEST(Idle, AClockThatWasSetBackExcusesTheServer) {
  Moments moments;
  moments.Note(0, 1'000'000);
  moments.Note(2 * kS, 500'000);
  EXPECT_TRUE(CheckIdle(SilentFor(12), moments, {.timeout_s = 2}).ok());
}

TEST(Idle, NobodyIsToldToGoBeforeTheTimeIsOver) {
  HistoryMaker maker(0, Keys::kOwn);
  maker.Ask("ping", kS, kS + 1000, ReplyValue::Simple("PONG"));
  EXPECT_TRUE(MayHaveBeenIdle(maker.history(), EndedAt(4 * kS), TenTimesASecond(20), 2));
  EXPECT_FALSE(MayHaveBeenIdle(maker.history(), EndedAt(2 * kS), TenTimesASecond(20), 2));
}

TEST(Idle, AClockThatWasSetForwardEndsTheTimeSooner) {
  HistoryMaker maker(0, Keys::kOwn);
  maker.Ask("ping", kS, kS + 1000, ReplyValue::Simple("PONG"));
  Moments moments;
  moments.Note(0, 1'000'000);
  moments.Note(kS + 2000, 2'000'000);
  EXPECT_TRUE(MayHaveBeenIdle(maker.history(), EndedAt(2 * kS), moments, 2));
}

TEST(Idle, AClockThatWasSetBackInTheMidstOfARequestEndsTheTimeSooner) {
  HistoryMaker maker(0, Keys::kOwn);
  maker.Ask("ping", kS, kS + 1000, ReplyValue::Simple("PONG")).Lose("ping", kS + 2000, 9 * kS);
  Moments moments;
  moments.Note(0, 2'000'000);
  moments.Note(kS + 3000, 1'000'000);
  moments.Note(kS + 4000, 1'002'001);
  EXPECT_TRUE(MayHaveBeenIdle(maker.history(), EndedAt(2 * kS), moments, 2));
}

}  // namespace
}  // namespace reprise
