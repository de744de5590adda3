#include "proptests/oracles/model_oracle.h"

#include <gtest/gtest.h>

#include "proptests/oracles/history_testing.h"

namespace reprise {
namespace {

constexpr int64_t kMs = 1'000'000;

// A wall clock that is 1,000 s ahead of the run's time.
Moments EveryMs(int64_t count) {
  Moments moments;
  for (int64_t ms = 0; ms < count; ++ms) {
    moments.Note(ms * kMs, 1'000'000 + ms);
  }
  return moments;
}

ReplyValue Null() {
  ReplyValue null;
  null.type = '$';
  null.null = true;
  return null;
}

TEST(ModelOracle, AcceptsRightReplies) {
  HistoryMaker maker(0, Keys::kOwn);
  maker.Ask("set k v", 0, 10, ReplyValue::Ok()).Ask("get k", 20, 30, ReplyValue::Bulk("v"));
  const Finding finding = CheckAgainstModel(maker.history(), EveryMs(2));
  EXPECT_TRUE(finding.ok()) << finding.problem;
  EXPECT_EQ(finding.definite, 2u);
}

TEST(ModelOracle, FindsAWrongValueAndSaysWhere) {
  HistoryMaker maker(3, Keys::kOwn);
  maker.Ask("set k v", 0, 10, ReplyValue::Ok()).Ask("get k", 20, 30, ReplyValue::Bulk("w"));
  const Finding finding = CheckAgainstModel(maker.history(), EveryMs(2));
  EXPECT_NE(finding.problem.find("client 3, operation 1"), std::string::npos) << finding.problem;
  EXPECT_NE(finding.problem.find("\"w\""), std::string::npos) << finding.problem;
}

TEST(ModelOracle, FindsAReplyOfTheWrongProtocolVersion) {
  HistoryMaker maker(0, Keys::kOwn);
  ReplyValue resp3_null;
  resp3_null.type = '_';
  maker.Ask("get k", 0, 10, resp3_null);
  EXPECT_FALSE(CheckAgainstModel(maker.history(), EveryMs(1)).ok());
}

TEST(ModelOracle, FindsAKeyThatOutlivesItsExpiry) {
  HistoryMaker maker(0, Keys::kOwn);
  maker.Ask("set k v px 5", 0, 10, ReplyValue::Ok()).Ask("get k", 7 * kMs, 7 * kMs + 10, ReplyValue::Bulk("v"));
  EXPECT_FALSE(CheckAgainstModel(maker.history(), EveryMs(20)).ok());
}

TEST(ModelOracle, FindsAKeyThatDiesTooSoon) {
  HistoryMaker maker(0, Keys::kOwn);
  maker.Ask("set k v px 5", 0, 10, ReplyValue::Ok()).Ask("get k", 4 * kMs, 4 * kMs + 10, Null());
  EXPECT_FALSE(CheckAgainstModel(maker.history(), EveryMs(20)).ok());
}

TEST(ModelOracle, AllowsBothWhereTheMomentIsNotKnown) {
  for (const ReplyValue& reply : {ReplyValue::Bulk("v"), Null()}) {
    HistoryMaker maker(0, Keys::kOwn);
    maker.Ask("set k v px 5", 0, 10, ReplyValue::Ok()).Ask("get k", 3 * kMs, 9 * kMs, reply);
    EXPECT_TRUE(CheckAgainstModel(maker.history(), EveryMs(20)).ok());
  }
}

TEST(ModelOracle, HoldsTheServerToWhatItHasShown) {
  HistoryMaker maker(0, Keys::kOwn);
  maker.Ask("set k v px 5", 0, 10, ReplyValue::Ok())
      .Ask("get k", 3 * kMs, 9 * kMs, Null())
      .Ask("get k", 9 * kMs, 9 * kMs + 10, ReplyValue::Bulk("v"));
  EXPECT_FALSE(CheckAgainstModel(maker.history(), EveryMs(20)).ok());
}

TEST(ModelOracle, AKeyMayBeGoneWhenTheWallClockWasAheadMeanwhile) {
  Moments moments;
  moments.Note(0, 1'000'000);
  moments.Note(1 * kMs, 2'000'000);
  moments.Note(2 * kMs, 1'000'002);
  for (const ReplyValue& reply : {ReplyValue::Bulk("v"), Null()}) {
    HistoryMaker maker(0, Keys::kOwn);
    maker.Ask("set k v px 50", 0, 10, ReplyValue::Ok()).Ask("get k", 3 * kMs, 3 * kMs, reply);
    const Finding finding = CheckAgainstModel(maker.history(), moments);
    EXPECT_TRUE(finding.ok()) << finding.problem;
  }
}

TEST(ModelOracle, WhatWasLostMayNotShowAfterTheFence) {
  HistoryMaker maker(0, Keys::kOwn);
  maker.Ask("set k v", 0, 10, ReplyValue::Ok()).Lose("set k w", 20, 100).Reconnect();
  maker.Ask("get k", 110, 120, Null());
  EXPECT_TRUE(CheckAgainstModel(maker.history(), EveryMs(1)).ok());
  maker.Ask("get k", 130, 140, ReplyValue::Bulk("w"));
  EXPECT_FALSE(CheckAgainstModel(maker.history(), EveryMs(1)).ok());
}

TEST(ModelOracle, AServerThatHasDiedHasForgottenEverything) {
  HistoryMaker maker(0, Keys::kOwn);
  maker.Ask("set k v", 0, 10, ReplyValue::Ok()).Reconnect().Ask("get k", 20, 30, ReplyValue::Bulk("v"));
  EXPECT_TRUE(CheckAgainstModel(maker.history(), EveryMs(2)).ok());
  maker.history().lives = {0, 1};
  EXPECT_FALSE(CheckAgainstModel(maker.history(), EveryMs(2)).ok()) << "the key has outlived the server";
  maker.history().lives = {1, 1};
  EXPECT_TRUE(CheckAgainstModel(maker.history(), EveryMs(2)).ok())
      << "both are of the same life, though not of the first";
  maker.history().lives = {0, 1};
  maker.history().exchanges.back().reply = Null();
  EXPECT_TRUE(CheckAgainstModel(maker.history(), EveryMs(2)).ok());
}

}  // namespace
}  // namespace reprise
