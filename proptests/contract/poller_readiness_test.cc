// Poller: what is reported of watched handles, and what is not.
#include <gtest/gtest.h>

#include "proptests/contract/harness.h"

namespace reprise {
namespace {

class PollerReadiness : public StreamTest {
 protected:
  int Tolerated() { return world().SpuriousEventsMax(); }
};
REPRISE_OVER_ALL_STREAMS(PollerReadiness);

TEST_P(PollerReadiness, WhatCanBeReadIsReportedAgainAndAgainUntilItIsRead) {
  const Pair pair = Connected(family());
  const Token token = Watch(pair.server, Interest::kRead);
  WriteAll(pair.client, "x");
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(AwaitReadable(token)) << i;
  EXPECT_EQ(ReadBytes(pair.server, 1), "x");
  ClearSightings();
  Settle();
  EXPECT_LE(Seen(token).events, Tolerated());
}

TEST_P(PollerReadiness, WhatWasReadInPartIsStillReported) {
  const Pair pair = Connected(family());
  const Token token = Watch(pair.server, Interest::kRead);
  WriteAll(pair.client, "xyz");
  EXPECT_EQ(ReadBytes(pair.server, 2), "xy");
  EXPECT_TRUE(AwaitReadable(token));
  EXPECT_EQ(ReadBytes(pair.server, 1), "z");
}

TEST_P(PollerReadiness, AnIdleHandleWatchedForReadingIsNotReported) {
  const Pair pair = Connected(family());
  const Token token = Watch(pair.server, Interest::kRead);
  Settle();
  EXPECT_LE(Seen(token).events, Tolerated());
}

TEST_P(PollerReadiness, AHandleWithRoomIsReportedWritableAgainAndAgain) {
  const Pair pair = Connected(family());
  const Token token = Watch(pair.server, Interest::kWrite);
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(AwaitWritable(token)) << i;
}

TEST_P(PollerReadiness, AFullHandleIsReportedWritableOnceItsPeerHasRead) {
  const Pair pair = Connected(family());
  const size_t filled = FillCompletely(pair.client);
  const Token token = Watch(pair.client, Interest::kWrite);
  Settle();
  EXPECT_LE(Seen(token).writable, Tolerated());
  EXPECT_TRUE(ReadBytes(pair.server, filled) == Pattern(0, filled));
  EXPECT_TRUE(AwaitWritable(token));
  WriteAll(pair.client, "more");
  EXPECT_EQ(ReadBytes(pair.server, 4), "more");
}

TEST_P(PollerReadiness, BothDirectionsAreReportedWhereBothAreWatched) {
  const Pair pair = Connected(family());
  const Token token = Watch(pair.server, Interest::kReadWrite);
  WriteAll(pair.client, "x");
  EXPECT_TRUE(AwaitReadable(token));
  EXPECT_TRUE(AwaitWritable(token));
}

TEST_P(PollerReadiness, OnlyTheWatchedDirectionIsReported) {
  const Pair pair = Connected(family());
  WriteAll(pair.client, "x");
  WriteAll(pair.server, "y");
  const Token reader = Watch(pair.server, Interest::kRead);
  const Token writer = Watch(pair.client, Interest::kWrite);
  EXPECT_TRUE(AwaitReadable(reader));
  EXPECT_TRUE(AwaitWritable(writer));
  EXPECT_EQ(Seen(reader).writable, 0);
  EXPECT_EQ(Seen(writer).readable, 0);
}

TEST_P(PollerReadiness, WithoutInterestNeitherDirectionIsReported) {
  const Pair pair = Connected(family());
  WriteAll(pair.client, "x");
  const Token token = Watch(pair.server, Interest::kNone);
  Settle();
  EXPECT_EQ(Seen(token).readable, 0);
  EXPECT_EQ(Seen(token).writable, 0);
}

TEST_P(PollerReadiness, AnEndWithoutInterestDoesNotKeepTheLoopBusy) {
  const Pair pair = Connected(family());
  const Token token = Watch(pair.server, Interest::kNone);
  Abort(pair.client);
  Settle();
  constexpr int kFew = 3;  // it may be told, it must not be told for ever
  EXPECT_LE(Seen(token).events, kFew + Tolerated());
  EXPECT_EQ(Seen(token).readable + Seen(token).writable, 0);
}

TEST_P(PollerReadiness, InterestAddedLaterFindsWhatIsReadyAlready) {
  const Pair pair = Connected(family());
  WriteAll(pair.client, "x");
  const Token token = Watch(pair.server, Interest::kNone);
  Settle();
  Change(pair.server, Interest::kRead);
  EXPECT_TRUE(AwaitReadable(token));
  EXPECT_EQ(Seen(token).writable, 0);
  Change(pair.server, Interest::kReadWrite);
  EXPECT_TRUE(AwaitWritable(token));
  EXPECT_TRUE(AwaitReadable(token));
}

TEST_P(PollerReadiness, AnEndThatCameWithoutInterestIsFoundByInterestAddedLater) {
  for (const Interest interest : {Interest::kRead, Interest::kWrite}) {
    const Pair pair = Connected(family());
    const Token token = Watch(pair.server, Interest::kNone);
    Abort(pair.client);
    Settle();
    Change(pair.server, interest);
    EXPECT_TRUE(WantsRead(interest) ? AwaitReadable(token) : AwaitWritable(token));
  }
}

TEST_P(PollerReadiness, InterestTakenAwayIsNoLongerReported) {
  const Pair pair = Connected(family());
  const Token token = Watch(pair.server, Interest::kReadWrite);
  WriteAll(pair.client, "x");
  EXPECT_TRUE(AwaitReadable(token));
  Change(pair.server, Interest::kWrite);
  ClearSightings();
  EXPECT_TRUE(AwaitWritable(token));
  EXPECT_EQ(Seen(token).readable, 0);
  Change(pair.server, Interest::kNone);
  ClearSightings();
  Settle();
  EXPECT_EQ(Seen(token).readable + Seen(token).writable, 0);
}

// As a server does that answers in the callback: the interest changes with the same event's siblings still unhandled.
TEST_P(PollerReadiness, InterestMayChangeBetweenTheEventsOfOneWait) {
  const Pair one = Connected(family());
  const Pair other = Connected(family());
  WriteAll(one.client, "x");
  WriteAll(other.client, "x");
  const Token first = Watch(one.server, Interest::kRead);
  const Token second = Watch(other.server, Interest::kRead);
  ASSERT_TRUE(Await([&] { return Seen(first).readable > 0 && Seen(second).readable > 0; }));
  Change(one.server, Interest::kWrite);
  Change(other.server, Interest::kWrite);
  Change(other.server, Interest::kRead);
  ClearSightings();
  EXPECT_TRUE(Await([&] { return Seen(first).writable > 0 && Seen(second).readable > 0; }));
  EXPECT_EQ(Seen(first).readable, 0);
  EXPECT_EQ(Seen(second).writable, 0);
}

TEST_P(PollerReadiness, TheEndOfAStreamIsReportedToWhoWatchesForReading) {
  const Pair pair = Connected(family());
  const Token token = Watch(pair.server, Interest::kRead);
  Close(pair.client);
  EXPECT_TRUE(AwaitReadable(token));
  EXPECT_TRUE(AwaitReadable(token));
  EXPECT_EQ(Seen(token).writable, 0);
}

TEST_P(PollerReadiness, AHalfCloseIsReportedToWhoWatchesForReading) {
  const Pair pair = Connected(family());
  const Token token = Watch(pair.server, Interest::kRead);
  EXPECT_TRUE(network().ShutdownWrite(pair.client).ok());
  EXPECT_TRUE(AwaitReadable(token));
}

TEST_P(PollerReadiness, AResetIsReportedInEachWatchedDirectionAndNoOther) {
  for (const Interest interest : {Interest::kRead, Interest::kWrite, Interest::kReadWrite}) {
    const Pair pair = Connected(family());
    FillCompletely(pair.server);  // so that being writable can come from the reset alone
    const Token token = Watch(pair.server, interest);
    Abort(pair.client);
    EXPECT_TRUE(!WantsRead(interest) || AwaitReadable(token));
    EXPECT_TRUE(!WantsWrite(interest) || AwaitWritable(token));
    EXPECT_EQ(Seen(token).readable > 0, WantsRead(interest));
    EXPECT_EQ(Seen(token).writable > 0, WantsWrite(interest));
  }
}

TEST_P(PollerReadiness, AResetIsReportedInTheDirectionThatWasAskedForLast) {
  for (const Interest interest : {Interest::kRead, Interest::kWrite}) {
    const Pair pair = Connected(family());
    FillCompletely(pair.server);
    const Token token = Watch(pair.server, Interest::kReadWrite);
    Change(pair.server, interest);
    ClearSightings();
    Abort(pair.client);
    EXPECT_TRUE(WantsRead(interest) ? AwaitReadable(token) : AwaitWritable(token));
    EXPECT_EQ(Seen(token).readable > 0, WantsRead(interest));
    EXPECT_EQ(Seen(token).writable > 0, WantsWrite(interest));
  }
}

TEST_P(PollerReadiness, AListenerIsReadableUntilEveryConnectionWasAccepted) {
  const Handle listener = Listen(family());
  const Token token = Watch(listener, Interest::kRead);
  Settle();
  EXPECT_LE(Seen(token).events, Tolerated());
  for (int i = 0; i < 3; ++i) Connect(LocalAddress(listener));
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(AwaitReadable(token)) << i;
    Accept(listener);
  }
  ClearSightings();
  Settle();
  EXPECT_LE(Seen(token).events, Tolerated());
}

}  // namespace
}  // namespace reprise
