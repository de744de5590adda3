#include "proptests/oracles/pause.h"

#include <gtest/gtest.h>

#include <vector>

#include "proptests/oracles/history_testing.h"

namespace reprise {
namespace {

constexpr int64_t kMs = 1'000'000;

// Client 0 pauses for 10 ms: it asks at 5 ms, and is answered at 6 ms.
HistoryMaker Pausing(const std::string& mode = "all") {
  HistoryMaker maker(0, Keys::kBlind);
  maker.Ask("CLIENT pause 10 " + mode, 5 * kMs, 6 * kMs, ReplyValue::Ok());
  return maker;
}

HistoryMaker Other(const std::string& request, int64_t sent_ms, int64_t done_ms) {
  HistoryMaker maker(1, Keys::kBlind);
  maker.Ask(request, sent_ms * kMs, done_ms * kMs, ReplyValue::Ok());
  return maker;
}

bool IsRight(HistoryMaker a, HistoryMaker b) {
  const std::vector<const ClientHistory*> both = {&a.history(), &b.history()};
  return CheckPauses(both).ok();
}

TEST(Pauses, WhatIsAnsweredWithinAPauseIsToldOf) {
  EXPECT_FALSE(IsRight(Pausing(), Other("get k", 7, 14)));
  EXPECT_TRUE(IsRight(Pausing(), Other("get k", 7, 15))) << "the pause may be over";
  EXPECT_TRUE(IsRight(Pausing(), Other("get k", 5, 8))) << "it may have come before the pause";
  EXPECT_TRUE(IsRight(Pausing(), Other("get k", 16, 17)));
}

TEST(Pauses, OneOfWritesHoldsWritesOnly) {
  EXPECT_FALSE(IsRight(Pausing("write"), Other("SET k v", 7, 8)));
  EXPECT_TRUE(IsRight(Pausing("write"), Other("GET k", 7, 8)));
}

TEST(Pauses, WhatOneSendsBehindItsOwnPauseIsHeldAtOnce) {
  EXPECT_FALSE(IsRight(Pausing().Ask("ping", 5 * kMs, 6 * kMs, ReplyValue::Simple("PONG")), Other("get k", 1, 2)));
  EXPECT_TRUE(IsRight(Pausing().Ask("ping", 5 * kMs, 15 * kMs, ReplyValue::Simple("PONG")), Other("get k", 1, 2)));
}

TEST(Pauses, AnUnpauseThatMayHaveComeInBetweenExcuses) {
  EXPECT_TRUE(
      IsRight(Pausing("write").Ask("client unpause", 8 * kMs, 9 * kMs, ReplyValue::Ok()), Other("set k v", 8, 10)));
  EXPECT_FALSE(
      IsRight(Pausing("write").Ask("client unpause", 8 * kMs, 9 * kMs, ReplyValue::Ok()), Other("set k v", 6, 7)));
  EXPECT_TRUE(IsRight(Pausing("write").Lose("client unpause", 7 * kMs, -1), Other("set k v", 7, 10)));
}

TEST(Pauses, AnErrorIsNoAnswerThatHadToWait) {
  HistoryMaker other(1, Keys::kBlind);
  other.Ask("nothing", 7 * kMs, 8 * kMs, ReplyValue::Error("ERR unknown command"));
  EXPECT_TRUE(IsRight(Pausing(), other));
}

}  // namespace
}  // namespace reprise
