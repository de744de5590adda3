#include "sim/step_text.h"

#include <gtest/gtest.h>

#include "sim/echo_scenario.h"
#include "sim/seeded_source.h"
#include "sim/story.h"
#include "sim/tape_source.h"

namespace reprise {
namespace {

// One step of a kind, in words.
class Words {
 public:
  std::string Of(StepKind kind, ActorName who, int64_t a, int64_t b, std::string_view bytes = {}) {
    Trace trace(Trace::Keep::kAll);
    trace.AddBytes(kind, actors_.Add(who), a, b, bytes);
    return StepText({trace, actors_}, trace.steps()[0]);
  }
  std::string OfChoice(ActorName who, Site site, bool keyed, uint64_t key, uint64_t value) {
    Trace trace(Trace::Keep::kAll);
    trace.AddChoice(actors_.Add(who), site, keyed, key, value);
    return StepText({trace, actors_}, trace.steps()[0]);
  }

 private:
  ActorTable actors_;
};

constexpr ActorName kConn{ActorKind::kConnection, 2, 0};
constexpr ActorName kThird{ActorKind::kConnection, 2, 2};

TEST(StepText, SaysInPlainWordsWhatHappened) {
  Words words;
  EXPECT_EQ(words.Of(StepKind::kRead, kConn, 5, 3, "a\r\n"), "the server reads 3 bytes from client 2: \"a\\r\\n\"");
  EXPECT_EQ(words.Of(StepKind::kWrite, kThird, 5, 1, "x"), "the server writes 1 byte to client 2, connection 3: \"x\"");
  EXPECT_EQ(words.Of(StepKind::kRead, kConn, 5, -static_cast<int64_t>(ErrorCode::kConnectionReset)),
            "the server's read for client 2 answers: connection reset");
  EXPECT_EQ(words.Of(StepKind::kPeerSend, {ActorKind::kClient, 2}, 0, 1, "*"), "client 2 sends 1 byte: \"*\"");
  EXPECT_EQ(
      words.Of(StepKind::kPeerLost, {ActorKind::kClient, 2}, static_cast<int64_t>(ErrorCode::kConnectionRefused), 0),
      "client 2 loses its connection: connection refused");
  EXPECT_EQ(words.Of(StepKind::kClose, {ActorKind::kListener, 0}, 1, 0), "the server closes listener 0");
  EXPECT_EQ(
      words.Of(StepKind::kEvent, {ActorKind::kServer}, static_cast<int64_t>(Token{3, 7}.Pack()), 1 << 8 | 2 << 10),
      "the server is told: registration 3:7 is readable, though its registration has ended");
}

TEST(StepText, NamesAFaultWithItsValueAndTheOverrideThatMakesIt) {
  Words words;
  EXPECT_EQ(words.OfChoice(kThird, Site::kReadShort, true, 17, 3),
            "fault: a read returns only 3 of the bytes that are there (conn.2.2/read.short/@17 = 3)");
  EXPECT_EQ(words.OfChoice(kConn, Site::kSegmentCut, true, 4, 1),
            "fault: what is sent from this offset on is cut after 1 byte (conn.2.0/segment.cut/@4 = 1)");
  EXPECT_EQ(words.OfChoice(kConn, Site::kReadShort, true, 17, 0), "choice: conn.2.0/read.short/@17 = 0");
  EXPECT_EQ(words.OfChoice({ActorKind::kScript, 1}, Site::kScriptOperation, false, 2, 9),
            "choice: script.1/script.operation/2 = 9");
}

TEST(StepText, EveryFaultIsSaidWithoutALetterForItsValue) {
  for (size_t i = 0; i < kSiteCount; ++i) {
    if (!IsFault(SiteAt(i))) continue;
    for (uint64_t value = 1; value <= 4; ++value) {
      EXPECT_EQ(ChoiceText(SiteAt(i), value).find('V'), std::string::npos) << ChoiceText(SiteAt(i), value);
    }
  }
  EXPECT_EQ(ChoiceText(Site::kSegmentDelay, 3), "a segment takes 8 us longer");
  EXPECT_EQ(ChoiceText(Site::kPeerStall, 7), "the peer stops reading for 70 ms");
  EXPECT_EQ(ChoiceText(Site::kClockWallJump, 4), "wall time jumps back by 2 ms");
  EXPECT_EQ(ChoiceText(Site::kReadySpurious, 1), "the 1st watched handle is reported ready though it is not");
  EXPECT_EQ(ChoiceText(Site::kReadySpurious, 12), "the 12th watched handle is reported ready though it is not");
  EXPECT_EQ(ChoiceText(Site::kReadySpurious, 23), "the 23rd watched handle is reported ready though it is not");
  EXPECT_EQ(ChoiceText(Site::kClockTie, 1),
            "of several clients to whom something happens at one moment, the 2nd is first");
}

TEST(StepText, QuotesBytesThatDoNotPrintAndCutsLongOnes) {
  EXPECT_EQ(QuotedBytes(std::string_view("a\"\\\t\0\x7f\xff", 7)), "\"a\\\"\\\\\\t\\x00\\x7f\\xff\"");
  EXPECT_EQ(QuotedBytes("abcdef", 4), "\"abcd\"... and 2 more");
  EXPECT_EQ(QuotedBytes("abcd", 4), "\"abcd\"");
}

TEST(StepText, TimesAreInMillisecondsToTheMicrosecond) {
  EXPECT_EQ(TimeText(0), "0.000 ms");
  EXPECT_EQ(TimeText(1'234'567), "1.234 ms");
  EXPECT_EQ(TimeText(3600 * kNanosPerSecond), "3600000.000 ms");
}

TEST(StepText, EveryStepOfManyRunsHasWords) {
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    SeededSource source(seed);
    SimOptions options;
    options.keep = Trace::Keep::kAll;
    SimWorld world(source, SwarmProfile::FromSeed(seed), options);
    (void)RunEcho(world, seed);
    const Recording run{world.trace(), world.actors()};
    for (const Step& step : world.trace().steps()) {
      const std::string text = StepText(run, step);
      ASSERT_GT(text.size(), 5u) << StepName(step.kind);
      ASSERT_EQ(text.find('\n'), std::string::npos) << text;
    }
  }
}

TEST(Story, TellsFaultsAndBytesAndNothingOfWaiting) {
  const Result<Tape> tape = Tape::FromText("reprise-tape 1\nconn.0.0/read.short/@2 = 3\n");
  TapeSource source(tape.value());
  SimOptions options;
  options.keep = Trace::Keep::kSteps;
  SimWorld world(source, SwarmProfile::Quiet(), options);
  (void)RunEcho(world, 1, {.clients = 1, .messages = 1, .message_bytes = 40});
  const std::string story = TellStory({world.trace(), world.actors()});
  EXPECT_NE(story.find("  * fault: a read returns only 3 of the bytes that are there (conn.0.0/read.short/@2 = 3)\n"),
            std::string::npos)
      << story;
  EXPECT_NE(story.find("the server reads 3 bytes from client 0: \"cde\"\n"), std::string::npos) << story;
  EXPECT_NE(story.find("client 0 closes\n"), std::string::npos) << story;
  EXPECT_EQ(story.find("waits"), std::string::npos) << story;
  EXPECT_EQ(story.find("listen"), std::string::npos) << "every run begins and ends with that: " << story;
  EXPECT_EQ(story.find("is told: stop"), std::string::npos) << story;
  EXPECT_LT(std::count(story.begin(), story.end(), '\n'), 30);
}

TEST(Story, OfTheEndOnlyWhatEveryRunHasIsLeftOut) {
  Trace trace(Trace::Keep::kSteps);
  ActorTable actors;
  const Actor client = actors.Add({ActorKind::kClient, 0, 0});
  const Actor connection = actors.Add({ActorKind::kConnection, 0, 0});
  const Actor listener = actors.Add({ActorKind::kListener, 0});
  const auto stop = static_cast<int64_t>(Event::Kind::kStop);
  trace.Add(StepKind::kClose, listener, 3);
  trace.Add(StepKind::kEvent, ActorTable::kServer, 0, stop);
  trace.Add(StepKind::kClose, listener, 4);
  trace.Add(StepKind::kAbort, connection, 5);
  trace.Add(StepKind::kPeerLost, client, static_cast<int64_t>(ErrorCode::kConnectionReset));
  const std::string story = TellStory({trace, actors});
  EXPECT_EQ(std::count(story.begin(), story.end(), '\n'), 3) << story;
  EXPECT_NE(story.find("client 0"), std::string::npos) << story;
}

TEST(Story, OfALongRunTheEndIsTold) {
  SeededSource source(3);
  SimOptions options;
  options.keep = Trace::Keep::kSteps;
  SimWorld world(source, SwarmProfile::FromSeed(3), options);
  (void)RunEcho(world, 3, {.clients = 4, .messages = 30, .message_bytes = 100});
  const std::string story = TellStory({world.trace(), world.actors()}, {.bytes_most = 8, .lines_most = 10});
  EXPECT_EQ(std::count(story.begin(), story.end(), '\n'), 11);
  EXPECT_TRUE(story.starts_with("(")) << story;
  EXPECT_TRUE(story.find(" closes") != std::string::npos) << story;
}

}  // namespace
}  // namespace reprise
