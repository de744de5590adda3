#include "sim/choices.h"

#include <gtest/gtest.h>

#include "sim/function_source.h"
#include "sim/seeded_source.h"
#include "sim/tape_source.h"

namespace reprise {
namespace {

// Choices with a source of the test's, and two actors.
class ChoicesOf {
 public:
  explicit ChoicesOf(ChoiceSource& source, const SwarmProfile& profile = SwarmProfile::Everything())
      : one(actors.Add({ActorKind::kClient, 1})),
        two(actors.Add({ActorKind::kClient, 2})),
        choices(source, profile, actors, trace) {}

  ActorTable actors;
  Trace trace;
  const Actor one;
  const Actor two;
  Choices choices;
};

uint64_t LargestAnswer(const ChoiceRequest&) { return ~uint64_t{0}; }

TEST(Choices, AnAnswerDependsOnItsNameAloneAndNotOnWhatElseIsAsked) {
  SeededSource source(7);
  ChoicesOf alone(source);
  ChoicesOf among(source);
  for (int i = 0; i < 200; ++i) {
    for (int k = 0; k < i % 3; ++k) (void)among.choices.Below(among.two, Site::kScriptOther, 1000);
    (void)among.choices.Fault(among.one, Site::kReadShort);
    EXPECT_EQ(among.choices.Below(among.one, Site::kScriptOther, 1000),
              alone.choices.Below(alone.one, Site::kScriptOther, 1000));
  }
}

TEST(Choices, ActorsSitesOccurrencesAndKeysAreAnsweredApart) {
  SeededSource source(7);
  ChoicesOf of(source);
  const uint64_t n = uint64_t{1} << 40;
  std::vector<uint64_t> answers;
  for (int i = 0; i < 3; ++i) answers.push_back(of.choices.Below(of.one, Site::kScriptOther, n));
  answers.push_back(of.choices.Below(of.two, Site::kScriptOther, n));
  answers.push_back(of.choices.Below(of.one, Site::kScriptLength, n));
  for (uint64_t key = 0; key < 3; ++key) answers.push_back(of.choices.BelowAt(of.one, Site::kScriptOther, key, n));
  std::sort(answers.begin(), answers.end());
  EXPECT_EQ(std::unique(answers.begin(), answers.end()), answers.end());
}

TEST(Choices, AKeyedChoiceIsAnsweredTheSameHoweverOftenOthersWereAsked) {
  SeededSource source(7);
  ChoicesOf early(source);
  ChoicesOf late(source);
  for (int i = 0; i < 50; ++i) (void)late.choices.FaultAmount(late.one, Site::kSegmentCut, 100);
  for (uint64_t key = 0; key < 50; ++key) {
    EXPECT_EQ(early.choices.FaultAmountAt(early.one, Site::kSegmentCut, key, 1 << 30),
              late.choices.FaultAmountAt(late.one, Site::kSegmentCut, key, 1 << 30));
  }
}

TEST(Choices, TakingOneOverrideAwayDoesNotShiftTheOthers) {
  SeededSource seeded(11);
  ChoicesOf first(seeded);
  const auto ask = [](ChoicesOf& of) {
    std::vector<uint64_t> answers;
    for (int i = 0; i < 100; ++i) {
      const Actor actor = i % 3 == 0 ? of.one : of.two;
      answers.push_back(of.choices.FaultAmount(actor, i % 2 == 0 ? Site::kReadWouldBlock : Site::kSegmentDelay, 20));
    }
    return answers;
  };
  const std::vector<uint64_t> expected = ask(first);
  const Tape whole = Tape::FromChoices(first.choices.made());
  ASSERT_GT(whole.overrides.size(), 5u);
  for (size_t removed = 0; removed < whole.overrides.size(); ++removed) {
    Tape tape = whole;
    tape.overrides.erase(tape.overrides.begin() + static_cast<std::ptrdiff_t>(removed));
    TapeSource source(tape);
    ChoicesOf again(source);
    const std::vector<uint64_t> answers = ask(again);
    int differences = 0;
    for (size_t i = 0; i < answers.size(); ++i) {
      if (answers[i] == expected[i]) continue;
      ++differences;
      EXPECT_EQ(answers[i], 0u);
    }
    EXPECT_EQ(differences, 1);
  }
}

TEST(Choices, ASeededRunWrittenAsATapeIsPlayedAgain) {
  SeededSource seeded(3);
  ChoicesOf first(seeded);
  const std::array<uint32_t, 4> weights = {5, 0, 3, 1};
  const auto ask = [&](ChoicesOf& of) {
    for (uint64_t i = 0; i < 300; ++i) {
      (void)of.choices.Fault(of.one, Site::kReadWouldBlock);
      (void)of.choices.FaultAmountAt(of.two, Site::kReadShort, i * 7, 50);
      (void)of.choices.Below(of.one, Site::kScriptArgument, 10);
      (void)of.choices.Choose(of.two, Site::kScriptOperation, weights);
      (void)of.choices.ChooseAt(of.two, Site::kScriptOperation, i, weights);
    }
    return of.trace.hash();
  };
  const uint64_t hash = ask(first);
  const Result<Tape> tape = Tape::FromText(Tape::FromChoices(first.choices.made()).ToText());
  ASSERT_TRUE(tape.ok()) << tape.status().detail();
  TapeSource source(tape.value());
  ChoicesOf again(source, SwarmProfile::Quiet());
  EXPECT_EQ(ask(again), hash);
  EXPECT_EQ(source.MatchedPerMille(), 1000u);
}

TEST(Choices, AnswersBeyondTheBoundCountAsTheLargestAllowed) {
  FunctionSource source(LargestAnswer);
  ChoicesOf of(source);
  EXPECT_EQ(of.choices.FaultAmount(of.one, Site::kReadShort, 5), 5u);
  EXPECT_EQ(of.choices.Below(of.one, Site::kScriptOther, 5), 4u);
  const std::array<uint32_t, 3> weights = {1, 1, 1};
  EXPECT_EQ(of.choices.Choose(of.one, Site::kScriptOther, weights), 2u);
  EXPECT_EQ(of.choices.made().front().value, 5u);
}

TEST(Choices, AWeightOfZeroIsNeverChosenWhateverTheTapeSays) {
  FunctionSource source(LargestAnswer);
  ChoicesOf of(source);
  const std::array<uint32_t, 3> weights = {1, 1, 0};
  EXPECT_EQ(of.choices.Choose(of.one, Site::kScriptOther, weights), 0u);
}

TEST(Choices, WeightsAreKeptByTheSeededSource) {
  SeededSource source(5);
  ChoicesOf of(source);
  const std::array<uint32_t, 4> weights = {60, 0, 30, 10};
  std::array<int, 4> times{};
  for (int i = 0; i < 10'000; ++i) ++times[of.choices.Choose(of.one, Site::kScriptOther, weights)];
  EXPECT_NEAR(times[0], 6000, 200);
  EXPECT_EQ(times[1], 0);
  EXPECT_NEAR(times[2], 3000, 200);
  EXPECT_NEAR(times[3], 1000, 150);
}

TEST(Choices, RatesOfTheProfileAreKeptAndAmountsCoverTheirRange) {
  SwarmProfile profile = SwarmProfile::Quiet();
  profile.SetRate(Site::kReadShort, kRateOne / 4);
  SeededSource source(5);
  ChoicesOf of(source, profile);
  std::array<int, 6> times{};
  for (int i = 0; i < 20'000; ++i) ++times[of.choices.FaultAmount(of.one, Site::kReadShort, 5)];
  EXPECT_NEAR(times[0], 15'000, 400);
  for (size_t amount = 1; amount <= 5; ++amount) EXPECT_NEAR(times[amount], 1000, 150) << amount;
  EXPECT_FALSE(of.choices.Fault(of.one, Site::kWriteShort));
}

TEST(Choices, AfterHealingNoFaultStrikesAndTheWorkloadGoesOn) {
  FunctionSource source(LargestAnswer);
  ChoicesOf of(source);
  of.choices.Heal();
  EXPECT_FALSE(of.choices.Fault(of.one, Site::kReadShort));
  EXPECT_EQ(of.choices.FaultAmountAt(of.one, Site::kSegmentCut, 3, 10), 0u);
  EXPECT_EQ(of.choices.count(Site::kReadShort).offered, 0u);
  EXPECT_EQ(of.choices.Below(of.one, Site::kScriptOther, 10), 9u);
}

TEST(Choices, WhatCannotGoEitherWayIsNotAsked) {
  FunctionSource source(LargestAnswer);
  ChoicesOf of(source);
  EXPECT_EQ(of.choices.FaultAmount(of.one, Site::kReadShort, 0), 0u);
  EXPECT_EQ(of.choices.Below(of.one, Site::kScriptOther, 1), 0u);
  EXPECT_EQ(of.trace.step_count(), 0u);
  EXPECT_EQ(of.choices.count(Site::kReadShort).offered, 0u);
}

TEST(Choices, OfferedAndFiredAreCountedBySite) {
  int asked = 0;
  FunctionSource source([&](const ChoiceRequest&) -> uint64_t { return ++asked % 3 == 0 ? 1 : 0; });
  ChoicesOf of(source);
  for (int i = 0; i < 9; ++i) (void)of.choices.Fault(of.one, Site::kReadWouldBlock);
  EXPECT_EQ(of.choices.count(Site::kReadWouldBlock).offered, 9u);
  EXPECT_EQ(of.choices.count(Site::kReadWouldBlock).fired, 3u);
  EXPECT_EQ(of.choices.made().size(), 3u);
  EXPECT_EQ(of.choices.made()[0].name.ToString(), "client.1/read.would_block/2");
}

TEST(ChoiceName, ReadsBackAsItWasWritten) {
  for (const char* text : {"client.2/read.short/17", "conn.2.3/segment.cut/@128", "world/clock.wall_jump/0",
                           "conn.0.0/segment.cut/@18446744073709551615"}) {
    const Result<ChoiceName> name = ChoiceName::Parse(text);
    ASSERT_TRUE(name.ok()) << text;
    EXPECT_EQ(name.value().ToString(), text);
  }
}

TEST(ChoiceName, WhatIsNoNameIsRefused) {
  for (const char* text :
       {"", "client.2", "client.2/read.short", "client.2/read.short/", "client.2/read.short/x", "client.2/read.short/@",
        "client.2/no.such/1", "nobody/read.short/1", "client.2/read.short/1 "}) {
    EXPECT_FALSE(ChoiceName::Parse(text).ok()) << text;
  }
}

}  // namespace
}  // namespace reprise
