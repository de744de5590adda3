#include "sim/trace_diff.h"

#include <gtest/gtest.h>

#include "sim/echo_scenario.h"
#include "sim/seeded_source.h"
#include "sim/tape_source.h"

namespace reprise {
namespace {

constexpr EchoOptions kScenario = {.clients = 3, .messages = 8, .message_bytes = 100, .heal_after_ns = kNanosPerSecond};

// A run of the scenario whose recording can be looked at.
class Recorded {
 public:
  explicit Recorded(std::vector<ChoiceMade> overrides, Trace::Keep keep = Trace::Keep::kAll)
      : source_(std::move(overrides)), world_(source_, SwarmProfile::Quiet(), WithKeep(keep)) {
    (void)RunEcho(world_, 1, kScenario);
  }
  Recording run() { return {world_.trace(), world_.actors()}; }

 private:
  static SimOptions WithKeep(Trace::Keep keep) {
    SimOptions options;
    options.keep = keep;
    return options;
  }
  TapeSource source_;
  SimWorld world_;
};

std::vector<ChoiceMade> SeededChoices(uint64_t seed) {
  SeededSource source(seed);
  SimWorld world(source, SwarmProfile::Everything());
  (void)RunEcho(world, 1, kScenario);
  return Tape::FromChoices(world.choices().made()).overrides;
}

// What the search has to find, found in the plainest way.
std::optional<size_t> FirstByHand(const Recording& one, const Recording& other) {
  const auto& a = one.trace.steps();
  const auto& b = other.trace.steps();
  for (size_t i = 0; i < a.size() || i < b.size(); ++i) {
    if (i >= a.size() || i >= b.size()) return i;
    if (StepLine(one, a[i], 1000) != StepLine(other, b[i], 1000) || a[i].time_ns != b[i].time_ns) return i;
  }
  return std::nullopt;
}

TEST(TraceDiff, RunsThatAreTheSameHaveNoDifference) {
  const std::vector<ChoiceMade> choices = SeededChoices(5);
  Recorded one(choices);
  Recorded other(choices);
  EXPECT_FALSE(FirstDifference(one.run(), other.run()).has_value());
  EXPECT_NE(DescribeDifference(one.run(), other.run()).find("the runs are the same"), std::string::npos);
}

TEST(TraceDiff, FindsTheFirstStepThatIsNotTheSame) {
  const std::vector<ChoiceMade> choices = SeededChoices(5);
  ASSERT_GT(choices.size(), 20u);
  for (const Trace::Keep keep : {Trace::Keep::kAll, Trace::Keep::kSteps}) {
    Recorded whole(choices, keep);
    for (size_t removed = 0; removed < choices.size(); removed += 1 + choices.size() / 20) {
      std::vector<ChoiceMade> fewer = choices;
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(removed));
      Recorded other(fewer, keep);
      const std::optional<size_t> index = FirstDifference(whole.run(), other.run());
      EXPECT_EQ(index, FirstByHand(whole.run(), other.run()));
      ASSERT_TRUE(index.has_value());
    }
  }
}

TEST(TraceDiff, EachPartOfAStepCounts) {
  struct Part {
    size_t client = 0;
    int64_t time_ns = 0;
    int64_t a = 1;
    int64_t b = 3;
    std::string bytes = "abc";
  };
  const auto record = [](const Part& part) {
    KeptRecording run{Trace(Trace::Keep::kAll), ActorTable()};
    const std::array clients = {run.actors.Add({ActorKind::kClient, 0}), run.actors.Add({ActorKind::kClient, 1})};
    run.trace.Add(StepKind::kHeal, ActorTable::kWorld);
    run.trace.SetTime(part.time_ns);
    run.trace.AddBytes(StepKind::kPeerSend, clients[part.client], part.a, part.b, part.bytes);
    run.trace.SetTime(9);
    run.trace.Add(StepKind::kStuck, ActorTable::kWorld);
    return run;
  };
  const KeptRecording one = record({});
  EXPECT_EQ(FirstDifference(one.recording(), record({}).recording()), std::nullopt);
  for (const Part& part : {Part{.client = 1}, Part{.time_ns = 1}, Part{.a = 2}, Part{.b = 4}, Part{.bytes = "abd"}}) {
    EXPECT_EQ(FirstDifference(one.recording(), record(part).recording()), 1u);
  }
}

TEST(TraceDiff, ShowsTheChoiceAtWhichTheyPartAndWhatLedToIt) {
  const std::vector<ChoiceMade> one_cut = {{ChoiceName::Parse("conn.1.0/segment.cut/@0").value(), 1}};
  Recorded plain({});
  Recorded cut(one_cut);
  const std::string text = DescribeDifference(plain.run(), cut.run(), 3);
  EXPECT_NE(text.find("choice: conn.1.0/segment.cut/@0 = 0"), std::string::npos) << text;
  EXPECT_NE(text.find("is cut after 1 byte (conn.1.0/segment.cut/@0 = 1)"), std::string::npos) << text;
  EXPECT_NE(text.find("what led to it:\n"), std::string::npos) << text;
  EXPECT_NE(text.find("client 1 sends"), std::string::npos) << text;
}

TEST(TraceDiff, ARunThatEndsEarlierDiffersAtItsEnd) {
  ActorTable actors;
  Trace one(Trace::Keep::kAll);
  Trace other(Trace::Keep::kAll);
  for (Trace* trace : {&one, &other}) trace->Add(StepKind::kNote, ActorTable::kWorld, 1, 2);
  other.Add(StepKind::kNote, ActorTable::kWorld, 3, 4);
  EXPECT_EQ(FirstDifference({one, actors}, {other, actors}), 1u);
  EXPECT_NE(DescribeDifference({one, actors}, {other, actors}).find("(the run has ended)"), std::string::npos);
}

}  // namespace
}  // namespace reprise
