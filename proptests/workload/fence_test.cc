#include "proptests/workload/fence.h"

#include <gtest/gtest.h>

namespace reprise {
namespace {

ScriptClient Owner() {
  ScriptClient script;
  script.id = 2;
  script.keys = Keys::kOwn;
  return script;
}

Exchange IdIs(int64_t id) {
  Exchange exchange;
  exchange.words = {"CLIENT", "ID"};
  exchange.reply = ReplyValue::Integer(id);
  return exchange;
}

TEST(Fence, AsksForTheIdAndSelectsTheOwnersDatabase) {
  const ScriptClient script = Owner();
  Fence fence(script, "sesame");
  const Fence::Requests expected = {{"AUTH", "sesame"}, {"CLIENT", "ID"}, {"SELECT", "5"}};
  EXPECT_EQ(fence.Open(), expected);
  EXPECT_FALSE(fence.EmptiesNext()) << "nothing was lost";
}

TEST(Fence, SaysAgainWhatAResetHasUndone) {
  ScriptClient script = Owner();
  script.resp3 = true;
  const Fence fence(script, "sesame");
  const Fence::Requests expected = {
      {"GET", "k0"}, {"AUTH", "sesame"}, {"HELLO", "3"}, {"CLIENT", "INFO"}, {"SELECT", "5"}};
  EXPECT_EQ(fence.AfterReset(), expected);
}

TEST(Fence, OnEveryOtherConnectionSomethingIsTriedBeforeThePasswordIsGiven) {
  const ScriptClient script = Owner();
  Fence fence(script, "sesame");
  EXPECT_EQ(fence.Open().front()[0], "AUTH");
  EXPECT_NE(fence.Open().front()[0], "AUTH");
  EXPECT_EQ(fence.Open().front()[0], "AUTH");
}

TEST(Fence, EndsTheFormerConnectionAndEmptiesTheDatabasesWhenSomethingWasLost) {
  const ScriptClient script = Owner();
  Fence fence(script, "");
  (void)fence.Open();
  fence.OnAnswer(IdIs(7));
  (void)fence.Stand();
  fence.OnEnd({3, 4}, false);
  EXPECT_TRUE(fence.wanted());
  const Fence::Requests expected = {{"CLIENT", "ID"}, {"CLIENT", "KILL", "ID", "7"}, {"SELECT", "5"}};
  EXPECT_EQ(fence.Open(), expected);
  EXPECT_TRUE(fence.EmptiesNext());
  EXPECT_EQ(fence.Empty().size(), 4u);
  EXPECT_EQ(fence.Stand(), (std::vector<size_t>{3, 4}));
  EXPECT_FALSE(fence.wanted());
  EXPECT_EQ(fence.Open().size(), 2u);
}

TEST(Fence, AConnectionThatWasLostWhileItEmptiedHasToBeEndedToo) {
  const ScriptClient script = Owner();
  Fence fence(script, "");
  (void)fence.Open();
  fence.OnAnswer(IdIs(7));
  fence.OnEnd({3}, false);
  (void)fence.Open();
  fence.OnAnswer(IdIs(8));
  (void)fence.Empty();
  fence.OnEnd({}, true);
  const Fence::Requests expected = {
      {"CLIENT", "ID"}, {"CLIENT", "KILL", "ID", "7"}, {"CLIENT", "KILL", "ID", "8"}, {"SELECT", "5"}};
  EXPECT_EQ(fence.Open(), expected);
}

TEST(Fence, WhoLostNothingNeedsNone) {
  const ScriptClient script = Owner();
  Fence fence(script, "");
  (void)fence.Open();
  fence.OnEnd({}, false);
  EXPECT_FALSE(fence.wanted());
  EXPECT_FALSE(fence.EmptiesNext());
}

TEST(Fence, NobodyIsEndedForTheIdThatAnotherHadInADeadServer) {
  const ScriptClient script = Owner();
  Fence fence(script, "");
  (void)fence.Open();
  fence.OnAnswer(IdIs(7));
  fence.OnEnd({3}, false);
  (void)fence.Open();
  fence.OnServerDied();
  fence.OnAnswer(IdIs(8));  // was under way when the server died
  fence.OnEnd({4}, false);
  EXPECT_EQ(fence.Open(), (Fence::Requests{{"CLIENT", "ID"}, {"SELECT", "5"}}));
  EXPECT_EQ(fence.Stand(), (std::vector<size_t>{3, 4}));
}

}  // namespace
}  // namespace reprise
