#include "proptests/model/model.h"

#include <gtest/gtest.h>

#include <sstream>

#include "proptests/model/glob.h"

namespace reprise {
namespace {

// What the model expects of a request written as words with blanks between them.
class ModelTest : public testing::Test {
 protected:
  Expected Ask(const std::string& request, int64_t now_ms = 1000) {
    std::istringstream in(request);
    std::vector<std::string> words;
    for (std::string word; in >> word;) {
      words.push_back(word);
    }
    return model_.Apply(words, now_ms);
  }
  ReplyValue Answer(const std::string& request, int64_t now_ms = 1000) {
    const Expected expected = Ask(request, now_ms);
    EXPECT_TRUE(expected.exact.has_value()) << request;
    return expected.exact.value_or(ReplyValue());
  }

  Model model_;
};

TEST_F(ModelTest, AKeyLivesInTheMillisecondThatItExpiresAt) {
  Answer("set k v px 50", 1000);
  EXPECT_EQ(Answer("get k", 1050), ReplyValue::Bulk("v"));
  EXPECT_EQ(Answer("pttl k", 1050), ReplyValue::Integer(0));
  EXPECT_TRUE(Answer("get k", 1051).IsNull());
}

// As redis-server does, whose sum is one of 64 bits without a sign when it is compiled.
TEST_F(ModelTest, TheLastMomentThatThereIsIsRoundedUp) {
  Ask("set k v");
  Ask("pexpireat k 9223372036854775807");
  EXPECT_EQ(Ask("expiretime k").exact, ReplyValue::Integer(9'223'372'036'854'776));
  Ask("pexpireat k 9223372036854775400");
  EXPECT_EQ(Ask("expiretime k").exact, ReplyValue::Integer(9'223'372'036'854'775));
}

TEST_F(ModelTest, NullHasAnotherTypeInResp3) {
  EXPECT_EQ(Answer("get k").type, '$');
  Ask("hello 3");
  EXPECT_EQ(Answer("get k").type, '_');
}

TEST_F(ModelTest, AResetPutsTheConnectionBackAndLeavesTheKeys) {
  Answer("set k v");
  Answer("client setname someone");
  Ask("hello 3");
  Answer("select 1");
  EXPECT_EQ(Answer("reset"), ReplyValue::Simple("RESET"));
  EXPECT_EQ(Answer("get k"), ReplyValue::Bulk("v"));
  EXPECT_EQ(Answer("client getname").type, '$');
}

TEST_F(ModelTest, SetWithGetAndNxAnswersTheFormerValueAndSetsNothing) {
  Answer("set k old");
  EXPECT_EQ(Answer("set k new nx get"), ReplyValue::Bulk("old"));
  EXPECT_EQ(Answer("get k"), ReplyValue::Bulk("old"));
}

TEST_F(ModelTest, ExpireWithGtLeavesAKeyWithoutExpiryAlone) {
  Answer("set k v");
  EXPECT_EQ(Answer("pexpire k 100 gt"), ReplyValue::Integer(0));
  EXPECT_EQ(Answer("pexpire k 100 lt"), ReplyValue::Integer(1));
  EXPECT_EQ(Answer("pexpire k 50 gt"), ReplyValue::Integer(0));
  EXPECT_EQ(Answer("pexpire k 150 gt"), ReplyValue::Integer(1));
}

TEST_F(ModelTest, IncrementsOverflowWithAnError) {
  Answer("set k 9223372036854775807");
  EXPECT_EQ(Answer("incr k"), ReplyValue::Error("ERR increment or decrement would overflow"));
  EXPECT_EQ(Answer("decrby k -9223372036854775808"), ReplyValue::Error("ERR decrement would overflow"));
}

TEST_F(ModelTest, FloatsAreWrittenAsPeopleWriteThem) {
  EXPECT_EQ(Answer("incrbyfloat k 10.5"), ReplyValue::Bulk("10.5"));
  EXPECT_EQ(Answer("incrbyfloat k 0.25"), ReplyValue::Bulk("10.75"));
  EXPECT_EQ(Answer("incrbyfloat k -10.75"), ReplyValue::Bulk("0"));
}

TEST_F(ModelTest, KeysAreAcceptedInAnyOrderButNotOneMore) {
  Answer("mset a 1 b 2 c 3");
  const Expected expected = Ask("keys [ab]");
  EXPECT_TRUE(expected.Accepts(ReplyValue::Array({ReplyValue::Bulk("b"), ReplyValue::Bulk("a")})));
  EXPECT_FALSE(expected.Accepts(ReplyValue::Array({ReplyValue::Bulk("b")})));
  EXPECT_FALSE(
      expected.Accepts(ReplyValue::Array({ReplyValue::Bulk("b"), ReplyValue::Bulk("a"), ReplyValue::Bulk("c")})));
}

TEST_F(ModelTest, AScanThatLeavesAKeyOutIsToldOf) {
  Answer("mset a 1 b 2");
  const std::vector<std::string> scan = {"scan", "0"};
  const ReplyValue reply = ReplyValue::Array({ReplyValue::Bulk("0"), ReplyValue::Array({ReplyValue::Bulk("a")})});
  EXPECT_TRUE(model_.Apply(scan, 1000).Accepts(reply));
  EXPECT_NE(model_.ObserveScan(scan, reply), "");
}

TEST_F(ModelTest, AScanFromACursorOfAnotherIterationIsNotItsEnd) {
  Answer("mset a 1 b 2");
  const ReplyValue some = ReplyValue::Array({ReplyValue::Bulk("5"), ReplyValue::Array({})});
  const ReplyValue end = ReplyValue::Array({ReplyValue::Bulk("0"), ReplyValue::Array({})});
  for (const auto& [cursor, all_is_well] : {std::pair("7", true), std::pair("5", false)}) {
    const std::vector<std::string> first = {"scan", "0"};
    const std::vector<std::string> second = {"scan", cursor};
    EXPECT_TRUE(model_.Apply(first, 1000).Accepts(some));
    EXPECT_EQ(model_.ObserveScan(first, some), "");
    EXPECT_TRUE(model_.Apply(second, 1000).Accepts(end));
    EXPECT_EQ(model_.ObserveScan(second, end).empty(), all_is_well) << cursor;
  }
}

TEST_F(ModelTest, AScanMayLeaveOutWhatCameOrWentMeanwhile) {
  Answer("mset a 1 b 2");
  const std::vector<std::string> first = {"scan", "0"};
  const ReplyValue some = ReplyValue::Array({ReplyValue::Bulk("5"), ReplyValue::Array({ReplyValue::Bulk("a")})});
  EXPECT_TRUE(model_.Apply(first, 1000).Accepts(some));
  EXPECT_EQ(model_.ObserveScan(first, some), "");
  Answer("del b");
  Answer("mset b 3 c 4");
  const std::vector<std::string> second = {"scan", "5"};
  const ReplyValue end = ReplyValue::Array({ReplyValue::Bulk("0"), ReplyValue::Array({})});
  EXPECT_TRUE(model_.Apply(second, 1000).Accepts(end));
  EXPECT_EQ(model_.ObserveScan(second, end), "");
}

TEST_F(ModelTest, DbSizeMayCountWhatHasExpiredAndNobodyHasMetSince) {
  Answer("set k v px 10", 1000);
  Answer("set l v", 1000);
  const Expected expected = Ask("dbsize", 2000);
  EXPECT_TRUE(expected.Accepts(ReplyValue::Integer(1)));
  EXPECT_TRUE(expected.Accepts(ReplyValue::Integer(2)));
  EXPECT_FALSE(expected.Accepts(ReplyValue::Integer(0)));
}

TEST_F(ModelTest, LcsFindsTheLongestCommonSubsequence) {
  Answer("mset a ohmytext b mynewtext");
  EXPECT_EQ(Answer("lcs a b"), ReplyValue::Bulk("mytext"));
  EXPECT_EQ(Answer("lcs a b len"), ReplyValue::Integer(6));
}

TEST(Glob, KnowsClassesRangesAndEscapes) {
  EXPECT_TRUE(GlobMatches("h[^e]llo", "hallo"));
  EXPECT_FALSE(GlobMatches("h[^e]llo", "hello"));
  EXPECT_TRUE(GlobMatches("k[c-a]", "kb"));
  EXPECT_TRUE(GlobMatches("\\*", "*"));
  EXPECT_FALSE(GlobMatches("\\*", "x"));
  EXPECT_TRUE(GlobMatches("*a*b*", "xxaxxbxx"));
}

TEST(StrictInteger, TakesWhatRedisTakes) {
  EXPECT_EQ(StrictInteger("-9223372036854775808"), INT64_MIN);
  for (const char* wrong : {"", "+1", "01", "-0", " 1", "1 ", "9223372036854775808", "1.0"}) {
    EXPECT_EQ(StrictInteger(wrong), std::nullopt) << wrong;
  }
}

TEST_F(ModelTest, ACopyKeepsWhatItWasWhateverBecomesOfTheOther) {
  Answer("set k v px 50");
  const Model before = model_;
  EXPECT_EQ(before, model_);
  EXPECT_EQ(before.Sketch(), model_.Sketch());
  Answer("append k w");
  EXPECT_EQ(*before.database(0).at("k").value, "v");
  EXPECT_FALSE(before == model_);
}

TEST_F(ModelTest, TheSketchTellsExpiriesAndKeysApart) {
  Answer("mset a 1 b 2");
  const Model before = model_;
  Answer("pexpire a 50");
  const Model with_expiry = model_;
  EXPECT_NE(before.Sketch(), with_expiry.Sketch());
  Answer("del b");
  EXPECT_NE(with_expiry.Sketch(), model_.Sketch());
}

}  // namespace
}  // namespace reprise
