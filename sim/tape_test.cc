#include "sim/tape.h"

#include <gtest/gtest.h>

#include "sim/mix.h"
#include "sim/tape_source.h"

namespace reprise {
namespace {

std::string ErrorOf(std::string_view text) {
  const Result<Tape> tape = Tape::FromText(text);
  return tape.ok() ? "" : tape.status().detail();
}

ChoiceMade Made(std::string_view name, uint64_t value) { return {ChoiceName::Parse(name).value(), value}; }

TEST(Tape, ReadsBackAsItWasWritten) {
  Tape tape = Tape::FromChoices({Made("conn.2.3/segment.cut/@128", 5), Made("client.2/script.operation/17", 3),
                                 Made("server/ready.stale/0", uint64_t{0} - 1)});
  tape.SetOption("clients", "3");
  tape.SetOption("note", "a = b, and blanks");
  tape.omitted = {{{ActorKind::kClient, 2}, 5}, {{ActorKind::kClient, 2}, 6}};
  const Result<Tape> again = Tape::FromText(tape.ToText());
  ASSERT_TRUE(again.ok()) << again.status().detail();
  EXPECT_EQ(again.value(), tape);
  EXPECT_EQ(again.value().ToText(), tape.ToText());
}

TEST(Tape, RandomTapesReadBackAsTheyWereWritten) {
  Random random(1);
  for (int round = 0; round < 200; ++round) {
    std::vector<ChoiceMade> made;
    for (uint64_t i = random.Below(30); i > 0; --i) {
      ChoiceMade one;
      one.name.actor = {ActorKind::kConnection, static_cast<uint32_t>(random.Below(9)),
                        static_cast<uint32_t>(random.Below(9))};
      one.name.site = SiteAt(random.Below(kSiteCount));
      one.name.keyed = random.Chance(1, 2);
      one.name.key = random.Next() >> random.Below(64);
      one.value = 1 + (random.Next() >> 1);
      made.push_back(one);
    }
    const Tape tape = Tape::FromChoices(made);
    const Result<Tape> again = Tape::FromText(tape.ToText());
    ASSERT_TRUE(again.ok()) << again.status().detail();
    EXPECT_EQ(again.value(), tape);
  }
}

TEST(Tape, CommentsBlanksAndOrderMeanNothing) {
  const char* text =
      "reprise-tape 1\r\n\n# a comment\n  client.2/read.short/1=4\nconn.0.0/segment.cut/@9 =  1\n"
      "client.1/read.short/0 = 0\noption  seed = 7";
  const Result<Tape> tape = Tape::FromText(text);
  ASSERT_TRUE(tape.ok()) << tape.status().detail();
  EXPECT_EQ(tape.value().ToText(),
            "reprise-tape 1\noption seed = 7\nclient.2/read.short/1 = 4\nconn.0.0/segment.cut/@9 = 1\n");
}

TEST(Tape, ErrorsNameTheLineAndWhatIsWrong) {
  EXPECT_EQ(ErrorOf(""), "not a tape: it is empty");
  EXPECT_EQ(ErrorOf("hello\n"), "line 1: not a tape: the first line is not `reprise-tape 1`");
  EXPECT_EQ(ErrorOf("reprise-tape 2\n"), "line 1: a tape of version 2, and this program reads version 1");
  EXPECT_EQ(ErrorOf("reprise-tape 1\n\nclient.1/read.short/0\n"),
            "line 3: an override is written `actor/site/number = value`");
  EXPECT_EQ(ErrorOf("reprise-tape 1\nclient.1/read.longer/0 = 1\n"), "line 2: there is no site called read.longer");
  EXPECT_EQ(ErrorOf("reprise-tape 1\nclient/read.short/0 = 1\n"), "line 2: not an actor's name: client");
  EXPECT_EQ(ErrorOf("reprise-tape 1\nclient.1/read.short/0 = -1\n"), "line 2: not a number: -1");
  EXPECT_EQ(ErrorOf("reprise-tape 1\nclient.1/read.short/0 = 1 2\n"), "line 2: not a number: 1 2");
  EXPECT_EQ(ErrorOf("reprise-tape 1\noption x\n"), "line 2: an option is written `option name = value`");
  EXPECT_EQ(ErrorOf("reprise-tape 1\noption x = 1\noption x = 2\n"), "line 3: the option x is set twice");
  EXPECT_EQ(ErrorOf("reprise-tape 1\nomit client.1\n"), "line 2: an omitted operation is written `omit actor/number`");
  EXPECT_EQ(ErrorOf("reprise-tape 1\nclient.1/read.short/0 = 1\nclient.1/read.short/0 = 2\n"),
            "overridden twice: client.1/read.short/0");
}

TEST(Tape, AnAnswerGivenTwiceUnderOneNameIsKeptOnce) {
  const Tape tape = Tape::FromChoices({Made("conn.0.0/segment.cut/@9", 2), Made("conn.0.0/segment.cut/@9", 2)});
  EXPECT_EQ(tape.overrides.size(), 1u);
}

TEST(Tape, OptionsCanBeSetReplacedAndAskedFor) {
  Tape tape;
  tape.SetOption("clients", "3");
  tape.SetOption("clients", "4");
  EXPECT_EQ(tape.Option("clients"), "4");
  EXPECT_FALSE(tape.Option("servers").has_value());
  EXPECT_EQ(tape.options.size(), 1u);
}

TEST(Tape, TellsWhichOperationsItOmits) {
  const Result<Tape> tape = Tape::FromText("reprise-tape 1\nomit client.2/7\nomit client.1/9\nomit client.2/7\n");
  ASSERT_TRUE(tape.ok());
  EXPECT_TRUE(tape.value().Omits({{ActorKind::kClient, 2}, 7}));
  EXPECT_FALSE(tape.value().Omits({{ActorKind::kClient, 2}, 9}));
  EXPECT_EQ(tape.value().omitted.size(), 2u);
}

uint64_t Ask(ChoiceSource& source, std::string_view text) {
  const ChoiceName name = ChoiceName::Parse(text).value();
  return source.Answer({name, name.Hash(), ChoiceRequest::Shape::kFault, 0, 100, {}});
}

TEST(TapeSource, AnswersItsOverridesAndZeroElsewhere) {
  TapeSource source({Made("client.1/read.short/0", 7), Made("client.1/read.short/@0", 9)});
  EXPECT_EQ(Ask(source, "client.1/read.short/0"), 7u);
  EXPECT_EQ(Ask(source, "client.1/read.short/@0"), 9u);
  EXPECT_EQ(Ask(source, "client.1/read.short/1"), 0u);
  EXPECT_EQ(Ask(source, "client.1/write.short/0"), 0u);
}

TEST(TapeSource, ReportsWhatNothingAskedFor) {
  TapeSource source(
      {Made("client.1/read.short/0", 7), Made("client.1/read.short/1", 7), Made("client.1/read.short/2", 7)});
  EXPECT_EQ(source.MatchedPerMille(), 0u);
  (void)Ask(source, "client.1/read.short/1");
  (void)Ask(source, "client.1/read.short/1");
  EXPECT_EQ(source.MatchedPerMille(), 333u);
  ASSERT_EQ(source.Unmatched().size(), 2u);
  EXPECT_EQ(source.Unmatched()[1].name.ToString(), "client.1/read.short/2");
  EXPECT_EQ(TapeSource(Tape{}).MatchedPerMille(), 1000u);
}

TEST(TapeSource, FindsEachOfManyOverrides) {
  std::vector<ChoiceMade> made;
  for (uint64_t i = 0; i < 5000; ++i) made.push_back({{{ActorKind::kClient, 1}, Site::kReadShort, false, i}, i + 1});
  TapeSource source(made);
  for (uint64_t i = 0; i < 5000; ++i) {
    EXPECT_EQ(Ask(source, "client.1/read.short/" + std::to_string(i)), i + 1);
  }
  EXPECT_TRUE(source.Unmatched().empty());
}

}  // namespace
}  // namespace reprise
