#include "proptests/simulation/reduce.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace reprise {
namespace {

// Shrinks a seed's plan and some choices for as long as `fails` says so of the plan.
template <typename Fails>
Tape Shrunk(const Plan& plan, std::vector<ChoiceMade> choices, const CommandTable& commands, const Fails& fails) {
  ShrinkRequest request;
  request.tape = TapeOf(plan, true);
  request.tape.overrides = std::move(choices);
  request.still_fails = [&](const Tape& tape) {
    const Result<Plan> candidate = PlanOf(tape, commands);
    return candidate.ok() && fails(candidate.value(), tape);
  };
  const ShrinkResult result = Reduce(std::move(request), commands);
  EXPECT_TRUE(result.reproduced);
  EXPECT_TRUE(result.minimal);
  return result.tape;
}

Plan MadePlan(const std::string& profile, const CommandTable& commands) {
  Result<Plan> plan = MakePlan(3, profile, commands);
  CHECK(plan.ok());
  return std::move(plan).value();
}

TEST(Reduce, LeavesTheOneOperationAndTheOneChoiceThatMatter) {
  const CommandTable commands;
  Plan plan = MadePlan("mixed", commands);
  ASSERT_GT(plan.script.clients.size(), 1u);
  plan.SetConfig("requirepass", "sesame");
  plan.script.clients[1].operations[2].words = {"set", "k", std::string(300, 'v')};
  const uint32_t number = plan.script.clients[1].operations[2].number;
  const auto holds = [number](const Plan& candidate) {
    for (const ScriptClient& client : candidate.script.clients) {
      for (const Operation& operation : client.operations) {
        if (client.id == 1 && operation.number == number) {
          return operation.words.size() == 3 && operation.words[2].size() >= 30;
        }
      }
    }
    return false;
  };
  std::vector<ChoiceMade> choices;
  for (uint64_t i = 0; i < 20; ++i) {
    choices.push_back({{{ActorKind::kConnection, 1, 0}, Site::kReadShort, true, i}, 9});
  }
  const Tape tape = Shrunk(plan, choices, commands, [&](const Plan& candidate, const Tape& of) {
    const bool cut = std::any_of(of.overrides.begin(), of.overrides.end(),
                                 [](const ChoiceMade& made) { return made.name.key == 7 && made.value >= 4; });
    return cut && holds(candidate);
  });
  ASSERT_EQ(tape.overrides.size(), 1u);
  EXPECT_EQ(tape.overrides[0].value, 4u);
  EXPECT_TRUE(tape.omitted.empty());
  const Result<Plan> small = PlanOf(tape, commands);
  ASSERT_TRUE(small.ok());
  ASSERT_EQ(small.value().script.clients.size(), 1u);
  EXPECT_EQ(small.value().script.clients[0].id, 1u);
  EXPECT_EQ(small.value().script.OperationCount(), 1u);
  EXPECT_LT(small.value().script.clients[0].operations[0].words[2].size(), 60u);
  EXPECT_EQ(small.value().Config("requirepass"), "");
}

TEST(Reduce, CutsAStreamDownToTheBytesThatMatter) {
  const CommandTable commands;
  Plan plan = MadePlan("cut", commands);
  ASSERT_TRUE(plan.stream.has_value());
  plan.stream->insert(plan.stream->size() / 2, "SET boom 1\r\n");
  const Tape tape = Shrunk(plan, {}, commands, [](const Plan& candidate, const Tape&) {
    return candidate.stream && candidate.stream->find("boom") != std::string::npos;
  });
  const Result<Plan> small = PlanOf(tape, commands);
  ASSERT_TRUE(small.ok());
  EXPECT_EQ(*small.value().stream, "boom");
}

TEST(Reduce, AStreamsCutsMoveWhenWhatIsInFrontOfThemGoes) {
  const CommandTable commands;
  Plan plan = MadePlan("cut", commands);
  plan.stream = "PING\r\nPING\r\nSET k v\r\nGET k\r\nSET boom 1\r\nPING\r\n";
  const uint64_t at = plan.stream->find("boom") + 2;
  const std::vector<ChoiceMade> cut = {{{{ActorKind::kConnection, 0, 0}, Site::kReadShort, true, 6}, at - 6}};
  const Tape tape = Shrunk(plan, cut, commands, [](const Plan& candidate, const Tape& of) {
    const size_t boom = candidate.stream ? candidate.stream->find("boom") : std::string::npos;
    return boom != std::string::npos && of.overrides.size() == 1 &&
           of.overrides[0].name.key + of.overrides[0].value == boom + 2;
  });
  const Result<Plan> small = PlanOf(tape, commands);
  ASSERT_TRUE(small.ok());
  EXPECT_EQ(*small.value().stream, "boom");
  EXPECT_EQ(tape.overrides[0].name.key + tape.overrides[0].value, 2u);
}

TEST(Reduce, WhatIsPlainerBecomesPlainNoFurther) {
  const CommandTable commands;
  Tape tape = TapeOf(MadePlan("short", commands), true);
  for (int i = 0; i < 2000; ++i) {
    const std::vector<Tape> plainer = PlainerTapes(tape, commands);
    if (plainer.empty()) {
      return;
    }
    tape = plainer.front();
  }
  FAIL() << "it goes on for ever:\n" << tape.ToText();
}

}  // namespace
}  // namespace reprise
