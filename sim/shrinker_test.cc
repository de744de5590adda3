#include "sim/shrinker.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "sim/mix.h"

namespace reprise {
namespace {

ChoiceMade Made(uint32_t client, Site site, uint64_t key, uint64_t value) {
  return {{{ActorKind::kClient, client}, site, false, key}, value};
}

Tape NoisyTape(size_t overrides) {
  Random random(1);
  std::vector<ChoiceMade> made;
  for (size_t i = 0; i < overrides; ++i) {
    made.push_back(Made(static_cast<uint32_t>(random.Below(4)), SiteAt(random.Below(kSiteCount)), random.Below(1000),
                        1 + random.Below(50)));
  }
  return Tape::FromChoices(made);
}

uint64_t ValueOf(const Tape& tape, const ChoiceMade& wanted) {
  for (const ChoiceMade& made : tape.overrides) {
    if (made.name == wanted.name) return made.value;
  }
  return 0;
}

TEST(Shrinker, FindsTheFewOverridesThatMatterAmongMany) {
  Tape tape = NoisyTape(2000);
  const ChoiceMade one = Made(1, Site::kReadShort, 5000, 9);
  const ChoiceMade two = Made(2, Site::kConnReset, 6000, 1);
  const ChoiceMade three = Made(2, Site::kScriptOperation, 7000, 30);
  for (const ChoiceMade& made : {one, two, three}) tape.overrides.push_back(made);
  std::sort(tape.overrides.begin(), tape.overrides.end());
  ShrinkRequest request;
  request.tape = tape;
  request.still_fails = [&](const Tape& candidate) {
    return ValueOf(candidate, one) >= 4 && ValueOf(candidate, two) != 0 && ValueOf(candidate, three) >= 17;
  };
  const ShrinkResult result = Shrink(request);
  EXPECT_TRUE(result.reproduced);
  EXPECT_TRUE(result.minimal);
  ASSERT_EQ(result.tape.overrides.size(), 3u);
  EXPECT_EQ(ValueOf(result.tape, one), 4u);
  EXPECT_EQ(ValueOf(result.tape, two), 1u);
  EXPECT_EQ(ValueOf(result.tape, three), 17u);
  EXPECT_LT(result.tries, 400u);
}

TEST(Shrinker, AFailureThatNeedsNoFaultLosesThemAllAtOnce) {
  ShrinkRequest request;
  request.tape = NoisyTape(2000);
  std::erase_if(request.tape.overrides, [](const ChoiceMade& made) { return !IsFault(made.name.site); });
  request.still_fails = [](const Tape&) { return true; };
  const ShrinkResult result = Shrink(request);
  EXPECT_TRUE(result.tape.overrides.empty());
  EXPECT_LE(result.tries, 4u);
}

TEST(Shrinker, OperationsThatDoNotMatterAreOmitted) {
  ShrinkRequest request;
  for (uint32_t client = 0; client < 3; ++client) {
    for (uint64_t number = 0; number < 100; ++number)
      request.operations.push_back({{ActorKind::kClient, client}, number});
  }
  const OperationId first{{ActorKind::kClient, 1}, 7};
  const OperationId second{{ActorKind::kClient, 1}, 91};
  request.still_fails = [&](const Tape& tape) { return !tape.Omits(first) && !tape.Omits(second); };
  const ShrinkResult result = Shrink(request);
  EXPECT_EQ(result.tape.omitted.size(), 298u);
  EXPECT_FALSE(result.tape.Omits(first));
  EXPECT_FALSE(result.tape.Omits(second));
  EXPECT_LT(result.tries, 100u);
}

TEST(Shrinker, ATapeThatDoesNotFailIsGivenBackUnchanged) {
  ShrinkRequest request;
  request.tape = NoisyTape(20);
  request.still_fails = [](const Tape&) { return false; };
  const ShrinkResult result = Shrink(request);
  EXPECT_FALSE(result.reproduced);
  EXPECT_EQ(result.tape, request.tape);
  EXPECT_EQ(result.tries, 1u);
}

TEST(Shrinker, EveryTapeItKeepsFailsAndTheLastIsTheResult) {
  ShrinkRequest request;
  request.tape = NoisyTape(300);
  // Fails when an odd number of overrides is left: nothing simple, and not monotone.
  request.still_fails = [](const Tape& tape) { return tape.overrides.size() % 2 == 1; };
  if (request.tape.overrides.size() % 2 == 0) request.tape.overrides.pop_back();
  Tape last;
  uint64_t kept = 0;
  request.progress = [&](const Tape& tape, uint64_t) {
    EXPECT_TRUE(request.still_fails(tape));
    last = tape;
    ++kept;
  };
  const ShrinkResult result = Shrink(request);
  EXPECT_EQ(result.tape, last);
  EXPECT_GT(kept, 0u);
  EXPECT_EQ(result.tape.overrides.size() % 2, 1u);
}

TEST(Shrinker, StopsAtTheLimitOfTries) {
  ShrinkRequest request;
  request.tape = NoisyTape(500);
  request.still_fails = [&](const Tape& tape) { return tape == request.tape; };
  request.tries_max = 50;
  const ShrinkResult result = Shrink(request);
  EXPECT_EQ(result.tries, 50u);
  EXPECT_FALSE(result.minimal);
}

TEST(Shrinker, TriesTheCallersSimplificationsAsLongAsTheyHelp) {
  ShrinkRequest request;
  request.tape.SetOption("clients", "9");
  request.still_fails = [](const Tape& tape) { return std::stoi(*tape.Option("clients")) >= 3; };
  request.simpler = [](const Tape& tape) {
    Tape fewer = tape;
    const int clients = std::stoi(*tape.Option("clients"));
    if (clients == 0) return std::vector<Tape>{};
    fewer.SetOption("clients", std::to_string(clients - 1));
    return std::vector<Tape>{fewer};
  };
  EXPECT_EQ(Shrink(request).tape.Option("clients"), "3");
}

TEST(Shrinker, WhatAnOperationNeededGoesWhenTheOperationHasGone) {
  const OperationId wanted{{ActorKind::kClient, 1}, 0};
  const OperationId other{{ActorKind::kClient, 1}, 1};
  ShrinkRequest request;
  request.operations = {wanted, other};
  request.tape.overrides = {Made(1, Site::kReadWouldBlock, 0, 1)};
  request.still_fails = [&](const Tape& tape) {
    return !tape.Omits(wanted) && (tape.Omits(other) || !tape.overrides.empty());
  };
  const ShrinkResult result = Shrink(request);
  EXPECT_TRUE(result.tape.Omits(other));
  EXPECT_TRUE(result.tape.overrides.empty());
  EXPECT_TRUE(result.minimal);
}

TEST(Shrinker, WhatStrikesLateIsTriedEarlier) {
  ShrinkRequest request;
  request.tape.overrides = {Made(1, Site::kReadWouldBlock, 37, 1), Made(1, Site::kReadWouldBlock, 90, 1)};
  std::sort(request.tape.overrides.begin(), request.tape.overrides.end());
  // Two of them from the third time on.
  request.still_fails = [](const Tape& tape) { return tape.overrides.size() == 2 && tape.overrides[0].name.key >= 2; };
  const ShrinkResult result = Shrink(request);
  ASSERT_EQ(result.tape.overrides.size(), 2u);
  EXPECT_EQ(result.tape.overrides[0].name.key, 2u);
  EXPECT_EQ(result.tape.overrides[1].name.key, 3u);
}

TEST(Shrinker, AChoiceThatMattersMovesWithItsOperation) {
  // Each operation has ten bytes; the failure is a cut in the middle of the seventh.
  constexpr uint64_t kBytes = 10;
  const ActorName client{ActorKind::kClient, 1};
  const OperationId wanted{client, 7};
  const auto place = [&](const Tape& tape, uint64_t number) {
    uint64_t at = 0;
    for (uint64_t before = 0; before < number; ++before) at += tape.Omits({client, before}) ? 0 : kBytes;
    return at;
  };
  ShrinkRequest request;
  request.tape.overrides = {{{{ActorKind::kConnection, 1, 0}, Site::kSegmentCut, true, 75}, 1}};
  for (uint64_t number = 0; number < 20; ++number) request.operations.push_back({client, number});
  request.still_fails = [&](const Tape& tape) {
    return !tape.Omits(wanted) && tape.overrides.size() == 1 && tape.overrides[0].name.key == place(tape, 7) + 5;
  };
  EXPECT_EQ(Shrink(request).tape.omitted.size(), 12u) << "what is in front of it stays, or the cut would miss it";
  request.moved = [&](const Tape& tape, const Tape& smaller) {
    Tape moved = smaller;
    for (ChoiceMade& made : moved.overrides) made.name.key -= place(tape, 7) - place(smaller, 7);
    return moved;
  };
  const ShrinkResult result = Shrink(request);
  EXPECT_EQ(result.tape.omitted.size(), 19u);
  EXPECT_EQ(result.tape.overrides[0].name.key, 5u);
}

}  // namespace
}  // namespace reprise
