#include "sim/trace.h"

#include <gtest/gtest.h>

#include <set>

namespace reprise {
namespace {

uint64_t HashOf(int64_t time_ns, StepKind kind, uint32_t actor, int64_t a, int64_t b, std::string_view bytes) {
  Trace trace;
  trace.SetTime(time_ns);
  trace.AddBytes(kind, {actor}, a, b, bytes);
  return trace.hash();
}

TEST(Trace, TheHashDependsOnEveryPartOfAStep) {
  const std::set<uint64_t> hashes = {
      HashOf(1, StepKind::kRead, 2, 3, 4, "bytes"), HashOf(2, StepKind::kRead, 2, 3, 4, "bytes"),
      HashOf(1, StepKind::kNote, 2, 3, 4, "bytes"), HashOf(1, StepKind::kRead, 3, 3, 4, "bytes"),
      HashOf(1, StepKind::kRead, 2, 4, 4, "bytes"), HashOf(1, StepKind::kRead, 2, 3, 5, "bytes"),
      HashOf(1, StepKind::kRead, 2, 3, 4, "byteS"), HashOf(1, StepKind::kRead, 2, 3, 4, ""),
      HashOf(1, StepKind::kRead, 2, 4, 3, "bytes")};
  EXPECT_EQ(hashes.size(), 9u);
}

TEST(Trace, TheHashDependsOnTheOrderOfSteps) {
  Trace one;
  one.Add(StepKind::kNote, {0}, 1);
  one.Add(StepKind::kNote, {0}, 2);
  Trace other;
  other.Add(StepKind::kNote, {0}, 2);
  other.Add(StepKind::kNote, {0}, 1);
  EXPECT_NE(one.hash(), other.hash());
}

// The value is written down: another compiler, level or sanitizer has to find the same.
TEST(Trace, TheHashIsTheSameEverywhere) {
  Trace trace;
  trace.SetTime(123);
  trace.Add(StepKind::kAccept, {7}, -1, 42);
  trace.AddBytes(StepKind::kRead, {7}, 3, 11, "hello world");
  trace.AddChoice({7}, Site::kReadShort, true, 128, 5);
  EXPECT_EQ(trace.hash(), 5364877086007907478u);
}

TEST(Trace, WhatIsKeptDoesNotChangeTheHash) {
  std::set<uint64_t> hashes;
  for (const Trace::Keep keep : {Trace::Keep::kNothing, Trace::Keep::kSteps, Trace::Keep::kAll}) {
    Trace trace(keep);
    trace.AddChoice({1}, Site::kReadShort, false, 0, 0);
    trace.AddBytes(StepKind::kRead, {1}, 1, 2, "xy");
    hashes.insert(trace.hash());
    EXPECT_EQ(trace.step_count(), 2u);
    EXPECT_EQ(trace.steps().size(), static_cast<size_t>(keep));
  }
  EXPECT_EQ(hashes.size(), 1u);
}

TEST(Trace, KeptStepsSayWhatHappened) {
  Trace trace(Trace::Keep::kSteps);
  trace.SetTime(5);
  trace.Add(StepKind::kAccept, {3}, 9, 0);
  trace.SetTime(6);
  trace.AddBytes(StepKind::kRead, {3}, 9, 2, "xy");
  trace.AddChoice({3}, Site::kReadShort, true, 128, 5);
  ASSERT_EQ(trace.steps().size(), 3u);
  const Step& read = trace.steps()[1];
  EXPECT_EQ(read.number, 2u);
  EXPECT_EQ(read.time_ns, 6);
  EXPECT_EQ(read.kind, StepKind::kRead);
  EXPECT_EQ(trace.BytesOf(read), "xy");
  const Step& choice = trace.steps()[2];
  EXPECT_EQ(SiteAt(choice.a & 0xff), Site::kReadShort);
  EXPECT_EQ(choice.a >> 9, 128);
  EXPECT_EQ(choice.b, 5);
  EXPECT_EQ(choice.hash, trace.hash());
}

TEST(Trace, EveryKindOfStepHasANameOfItsOwn) {
  std::set<std::string_view> names;
  for (size_t i = 0; i <= static_cast<size_t>(StepKind::kDigest); ++i) names.insert(StepName(static_cast<StepKind>(i)));
  EXPECT_EQ(names.size(), static_cast<size_t>(StepKind::kDigest) + 1);
  EXPECT_EQ(StepName(StepKind::kChoice), "choice");
  EXPECT_EQ(StepName(StepKind::kRead), "read");
  EXPECT_EQ(StepName(StepKind::kPeerBytes), "peer-bytes");
  EXPECT_EQ(StepName(StepKind::kDigest), "digest");
}

}  // namespace
}  // namespace reprise
