#include "proptests/simulation/layout.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "proptests/simulation/run.h"
#include "sim/seeded_source.h"

namespace reprise {
namespace {

ChoiceMade Cut(Site site, uint32_t connection, uint64_t at, uint64_t bytes) {
  return {{{ActorKind::kConnection, 3, connection}, site, true, at}, bytes};
}

ExchangePlace Place(uint32_t operation, uint64_t request_begin, uint64_t request_end, uint64_t reply_begin,
                    uint64_t reply_end, uint32_t connection = 0) {
  return {3, connection, operation, 0, request_begin, request_end, reply_begin, reply_end};
}

// Three operations behind what the client asks for itself; the second is left out, and the third has a longer reply.
const Layout kBefore = {Place(Exchange::kSetup, 0, 20, 0, 5), Place(0, 20, 50, 5, 10), Place(1, 50, 90, 10, 30),
                        Place(2, 90, 100, 30, 35)};
const Layout kAfter = {Place(Exchange::kSetup, 0, 20, 0, 5), Place(0, 20, 50, 5, 10), Place(2, 50, 60, 10, 18)};

ChoiceMade Moved(const ChoiceMade& made, const Layout& to = kAfter) {
  Tape tape;
  tape.overrides = {made};
  const Tape moved = MoveChoices(tape, kBefore, to);
  EXPECT_EQ(moved.overrides.size(), 1u);
  return moved.overrides[0];
}

TEST(Layout, ACutMovesWithTheRequestItCuts) {
  EXPECT_EQ(Moved(Cut(Site::kSegmentCut, 0, 90, 4)), Cut(Site::kSegmentCut, 0, 50, 4));
  EXPECT_EQ(Moved(Cut(Site::kReadShort, 0, 95, 2)), Cut(Site::kReadShort, 0, 55, 2));
  EXPECT_EQ(Moved(Cut(Site::kReadShort, 0, 30, 7)), Cut(Site::kReadShort, 0, 30, 7)) << "nothing in front of it went";
}

TEST(Layout, APieceThatBeginsInFrontOfWhatIsGoneAndEndsBehindItBecomesShorter) {
  EXPECT_EQ(Moved(Cut(Site::kReadShort, 0, 40, 53)), Cut(Site::kReadShort, 0, 40, 13));
}

TEST(Layout, ACutInWhatIsGoneGoesToWhatFollows) {
  EXPECT_EQ(Moved(Cut(Site::kSegmentCut, 0, 60, 33)), Cut(Site::kSegmentCut, 0, 50, 3));
  EXPECT_EQ(Moved(Cut(Site::kSegmentCut, 0, 60, 3)), Cut(Site::kSegmentCut, 0, 50, 1));
}

TEST(Layout, WritesAreCutInTheOtherStream) {
  EXPECT_EQ(Moved(Cut(Site::kWriteShort, 0, 32, 2)), Cut(Site::kWriteShort, 0, 12, 2));
  EXPECT_EQ(Moved(Cut(Site::kWriteShort, 0, 2, 30)), Cut(Site::kWriteShort, 0, 2, 10));
}

TEST(Layout, ARequestThatCameToAnotherConnectionIsFollowedThere) {
  Layout after = kAfter;
  after.back() = Place(2, 20, 30, 5, 9, 1);
  EXPECT_EQ(Moved(Cut(Site::kSegmentCut, 0, 93, 4), after), Cut(Site::kSegmentCut, 1, 23, 4));
}

TEST(Layout, WhatIsNotNamedByABytesPlaceStays) {
  const ChoiceMade counted{{{ActorKind::kConnection, 3, 0}, Site::kReadWouldBlock, false, 90}, 1};
  EXPECT_EQ(Moved(counted), counted);
  const ChoiceMade other{{{ActorKind::kConnection, 4, 0}, Site::kSegmentCut, true, 90}, 1};
  EXPECT_EQ(Moved(other), other) << "of another client";
  EXPECT_EQ(Moved(Cut(Site::kSegmentCut, 0, 90, 4), {}), Cut(Site::kSegmentCut, 0, 90, 4)) << "nothing is known";
}

TEST(Layout, TwoThatComeToOnePlaceBecomeOne) {
  Tape tape;
  tape.overrides = {Cut(Site::kSegmentCut, 0, 60, 3), Cut(Site::kSegmentCut, 0, 90, 4)};
  EXPECT_EQ(MoveChoices(tape, kBefore, kAfter).overrides.size(), 1u);
}

// The places that clients write down are those of the bytes on the wire.
TEST(Layout, OfARunItIsWhatWasSentAndAnswered) {
  const CommandTable commands;
  size_t answered = 0;
  for (uint64_t seed = 1; seed <= 30; ++seed) {
    const Result<Plan> plan = MakePlan(seed, "short", commands);
    ASSERT_TRUE(plan.ok());
    Layout layout;
    std::map<std::pair<uint32_t, uint32_t>, uint64_t> sent;
    std::map<std::pair<uint32_t, uint32_t>, uint64_t> got;
    std::map<uint32_t, uint32_t> connects;
    RunOptions options;
    options.keep = Trace::Keep::kSteps;
    options.look_back = [&](auto histories) { layout = LayoutOf(histories); };
    options.inspect = [&](SimWorld& world, const RunReport&) {
      for (const Step& step : world.trace().steps()) {
        const uint32_t client = world.actors().name(step.actor).index;
        connects[client] += step.kind == StepKind::kPeerConnect ? 1 : 0;
        if (step.kind == StepKind::kPeerSend) sent[{client, connects[client] - 1}] += step.bytes;
        if (step.kind == StepKind::kPeerBytes) got[{client, connects[client] - 1}] += step.bytes;
      }
    };
    EXPECT_TRUE(PlaySeed(plan.value(), options).passed());
    EXPECT_EQ(UnpackLayout(PackLayout(layout)), layout);
    std::map<std::pair<uint32_t, uint32_t>, ExchangePlace> last;
    for (const ExchangePlace& place : layout) {
      ExchangePlace& before = last[{place.client, place.connection}];
      EXPECT_EQ(place.request_begin, before.request_end);
      EXPECT_LT(place.request_begin, place.request_end);
      if (place.reply_end > 0) {
        EXPECT_EQ(place.reply_begin, before.reply_end);
        EXPECT_LT(place.reply_begin, place.reply_end);
        EXPECT_LE(place.reply_end, (got[{place.client, place.connection}]));
        ++answered;
      }
      const uint64_t reply_end = std::max(before.reply_end, place.reply_end);
      before = place;
      before.reply_end = reply_end;
    }
    for (const auto& [connection, place] : last) EXPECT_LE(sent[connection], place.request_end) << "seed " << seed;
  }
  EXPECT_GT(answered, 100u);
}

}  // namespace
}  // namespace reprise
