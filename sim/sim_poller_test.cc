#include "sim/sim_poller.h"

#include <gtest/gtest.h>

#include "sim/sim_testing.h"

namespace reprise {
namespace {

class SimPollerTest : public SimTest {
 protected:
  // Two connections that are watched and have something to read.
  void SetUpTwo(Interest interest = Interest::kRead) {
    one_ = Connect();
    two_ = Connect();
    one_.peer->Send("one");
    two_.peer->Send("two");
    Settle();
    token_one_ = Watch(one_.handle, interest);
    token_two_ = Watch(two_.handle, interest);
  }

  Connection one_;
  Connection two_;
  Token token_one_;
  Token token_two_;
};

TEST_F(SimPollerTest, WaitingLetsTimePassAndTakesNone) {
  const int64_t start_ns = Now();
  EXPECT_TRUE(Wait(3600 * kNanosPerSecond).empty());
  EXPECT_EQ(Now(), start_ns + 3600 * kNanosPerSecond);
}

TEST_F(SimPollerTest, AnInterruptedWaitReturnsNothingAndTheNextOneEverything) {
  SetUpTwo();
  Next(Site::kWaitInterrupted, {1});
  EXPECT_TRUE(Wait().empty());
  EXPECT_EQ(Wait().size(), 2u);
}

TEST_F(SimPollerTest, ALateWaitReportsTogetherWhatCameApart) {
  SetUpTwo();
  ReadAll(one_.handle);
  ReadAll(two_.handle);
  one_.peer->Send("1");
  Next(Site::kSegmentDelay, {3});
  two_.peer->Send("2");
  Next(Site::kWaitLate, {100});
  EXPECT_EQ(Wait().size(), 2u);
}

TEST_F(SimPollerTest, FewerHandlesAreReportedAndNobodyIsForgotten) {
  SetUpTwo();
  Next(Site::kWaitFew, {1, 1});
  const std::vector<Event> first = Wait();
  const std::vector<Event> second = Wait();
  ASSERT_EQ(first.size(), 1u);
  ASSERT_EQ(second.size(), 1u);
  EXPECT_NE(first[0].token, second[0].token);
}

TEST_F(SimPollerTest, RoomForOneEventAtATimeStillReachesEverybody) {
  SetUpTwo();
  const Token first = Wait(kNanosPerMilli, 1).at(0).token;
  const Token second = Wait(kNanosPerMilli, 1).at(0).token;
  EXPECT_NE(first, second);
  EXPECT_EQ(Wait(kNanosPerMilli, 1).at(0).token, first);
}

TEST_F(SimPollerTest, ASpuriousEventIsForAWatchedHandleThatIsNotReady) {
  SetUpTwo();
  ReadAll(one_.handle);
  ReadAll(two_.handle);
  Next(Site::kReadySpurious, {2});
  const std::vector<Event> events = Wait();
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].token, token_two_);
  EXPECT_EQ(ReadCode(two_.handle), ErrorCode::kWouldBlock);
}

TEST_F(SimPollerTest, ASpuriousEventPassesOverWhoWatchesForNothing) {
  one_ = Connect();
  two_ = Connect();
  Watch(one_.handle, Interest::kNone);
  token_two_ = Watch(two_.handle, Interest::kRead);
  Next(Site::kReadySpurious, {1});
  const std::vector<Event> events = Wait();
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].token, token_two_);
}

TEST_F(SimPollerTest, ALateHandleIsReportedAfterItsTimeAndTheOthersNow) {
  SetUpTwo();
  Next(Site::kReadyLate, {200});
  const int64_t start_ns = Now();
  const std::vector<Event> first = Wait();
  ASSERT_EQ(first.size(), 1u);
  EXPECT_EQ(first[0].token, token_two_);
  ReadAll(two_.handle);
  const std::vector<Event> second = Wait();
  ASSERT_EQ(second.size(), 1u);
  EXPECT_EQ(second[0].token, token_one_);
  EXPECT_GE(Now(), start_ns + 200'000);
  EXPECT_LT(Now(), start_ns + kNanosPerMilli) << "and no later than that";
}

TEST_F(SimPollerTest, LatenessEndsWithTheRegistration) {
  one_ = Connect();
  one_.peer->Send("one");
  Settle();
  (void)Watch(one_.handle, Interest::kRead);
  Next(Site::kReadyLate, {2'000});
  EXPECT_TRUE(Wait(1).empty());
  poller().Forget(one_.handle);
  const Token anew = Watch(one_.handle, Interest::kRead);
  const std::vector<Event> events = Wait(1);
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].token, anew);
}

TEST_F(SimPollerTest, EventsChangePlaces) {
  SetUpTwo();
  EXPECT_EQ(Wait().at(0).token, token_one_);
  Next(Site::kReadyReorder, {1});
  EXPECT_EQ(Wait().at(0).token, token_two_);
}

TEST_F(SimPollerTest, ReadableAndWritableComeTogetherOrApart) {
  one_ = Connect();
  one_.peer->Send("x");
  Settle();
  Watch(one_.handle, Interest::kReadWrite);
  std::vector<Event> events = Wait();
  ASSERT_EQ(events.size(), 1u);
  EXPECT_TRUE(events[0].readable && events[0].writable);
  Next(Site::kReadySplit, {1});
  events = Wait();
  ASSERT_EQ(events.size(), 2u);
  EXPECT_TRUE(events[0].readable && !events[0].writable && !events[1].readable && events[1].writable);
  Next(Site::kReadySplit, {2});
  events = Wait();
  ASSERT_EQ(events.size(), 2u);
  EXPECT_TRUE(!events[0].readable && events[0].writable && events[1].readable && !events[1].writable);
}

TEST_F(SimPollerTest, AMergedEventClaimsBothDirections) {
  one_ = Connect();
  Watch(one_.handle, Interest::kReadWrite);
  EXPECT_FALSE(Wait().at(0).readable);
  Next(Site::kReadyMerge, {1});
  EXPECT_TRUE(Wait().at(0).readable);
  EXPECT_EQ(ReadCode(one_.handle), ErrorCode::kWouldBlock);
}

TEST_F(SimPollerTest, AnEventMayBeRepeated) {
  SetUpTwo();
  Next(Site::kReadyRepeat, {1});
  const std::vector<Event> events = Wait();
  ASSERT_EQ(events.size(), 3u);
  EXPECT_EQ(events[0].token, events[1].token);
}

TEST_F(SimPollerTest, AStaleEventCarriesTheTokenOfARegistrationThatHasEnded) {
  SetUpTwo();
  poller().Forget(one_.handle);
  network().Close(one_.handle);
  Next(Site::kReadyStale, {1});
  EXPECT_EQ(poller().stale_reported(), 0u);
  const std::vector<Event> events = Wait();
  EXPECT_EQ(poller().stale_reported(), 1u);
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].token, token_one_);
  EXPECT_TRUE(events[0].readable && !events[0].writable);
}

TEST_F(SimPollerTest, AStaleEventMayBeOfOneThatEndedEarlier) {
  SetUpTwo();
  for (const Handle handle : {one_.handle, two_.handle}) {
    poller().Forget(handle);
    network().Close(handle);
  }
  Next(Site::kReadyStale, {2, 1});
  EXPECT_EQ(Wait().at(0).token, token_one_);
  EXPECT_EQ(Wait().at(0).token, token_two_);
}

TEST_F(SimPollerTest, WithoutAnEndedRegistrationNothingIsStale) {
  Always(Site::kReadyStale, 1);
  SetUpTwo();
  EXPECT_EQ(Wait().size(), 2u);
  EXPECT_EQ(world().choices().count(Site::kReadyStale).offered, 0u);
}

TEST_F(SimPollerTest, ThePeersEndMayBeReportedInEveryWatchedDirectionWithBytesUnread) {
  options.send_buffer_bytes = 100;
  options.receive_buffer_bytes = 100;
  one_ = Connect();
  one_.peer->StopReading();
  for (int i = 0; i < 2; ++i) {
    (void)Write(one_.handle, std::string(1000, 'x'));
    Settle();
  }
  one_.peer->Send("unread");
  one_.peer->ShutdownWrite();
  Settle();
  const Token token = Watch(one_.handle, Interest::kReadWrite);
  EXPECT_FALSE(Wait().at(0).writable);
  Next(Site::kReadyHangup, {1});
  const std::vector<Event> events = Wait();
  ASSERT_EQ(events.size(), 1u);
  EXPECT_TRUE(events[0].token == token && events[0].readable && events[0].writable);
  EXPECT_EQ(WriteCode(one_.handle), ErrorCode::kWouldBlock);
}

TEST_F(SimPollerTest, ThePeersEndMayBeToldToWhoWatchesForNothing) {
  one_ = Connect();
  const Token token = Watch(one_.handle, Interest::kNone);
  one_.peer->Close();
  Settle();
  Next(Site::kReadyHangup, {1});
  poller().MarkReady(one_.handle);
  Settle(1);
  const std::vector<Event> events = Wait();
  EXPECT_TRUE(events.empty() || (events[0].token == token && !events[0].readable && !events[0].writable));
  EXPECT_EQ(world().choices().count(Site::kReadyHangup).fired, 1u);
  EXPECT_TRUE(Wait().empty());
}

TEST_F(SimPollerTest, RegisteringAndChangingMayFailAndLeaveThingsAsTheyWere) {
  one_ = Connect();
  Next(Site::kRegisterFail, {1, 2});
  EXPECT_EQ(poller().Register(one_.handle, Interest::kRead, {1, 99}).code(), ErrorCode::kTooManyHandles);
  EXPECT_EQ(poller().Register(one_.handle, Interest::kRead, {1, 99}).code(), ErrorCode::kOutOfMemory);
  EXPECT_FALSE(poller().IsWatched(one_.handle));
  const Token token = Watch(one_.handle, Interest::kRead);
  Next(Site::kChangeFail, {1});
  EXPECT_EQ(poller().Change(one_.handle, Interest::kWrite, token).code(), ErrorCode::kOutOfMemory);
  EXPECT_TRUE(Wait().empty());  // it is not writable for us
  EXPECT_TRUE(poller().Change(one_.handle, Interest::kWrite, token).ok());
  EXPECT_EQ(Wait().size(), 1u);
}

TEST_F(SimPollerTest, ATimerMayBeLateAndTimeKeepsGoing) {
  const int64_t start_ns = Now();
  Next(Site::kClockTimerLate, {7});
  EXPECT_TRUE(Wait(1'000'000).empty());
  EXPECT_EQ(Now(), start_ns + 1'000'000 + 7 * 100'000);
}

TEST_F(SimPollerTest, ATurnTakesTimeAndASlowOneMore) {
  options.turn_ns = 1'500;
  std::vector<Event> events(1);
  int64_t before_ns = Now();
  (void)poller().Wait(events, 0);
  EXPECT_EQ(Now(), before_ns + 1'500);
  Next(Site::kClockSlowTurn, {10});
  before_ns = Now();
  (void)poller().Wait(events, 0);
  EXPECT_EQ(Now(), before_ns + 1'500 + 1'024'000);
}

TEST_F(SimPollerTest, WallTimeJumpsBothWaysAndMonotonicTimeDoesNot) {
  std::vector<Event> events(1);
  const int64_t wall_us = world().clock().WallMicros();
  const int64_t mono_ns = Now();
  Next(Site::kClockWallJump, {11, 12});
  (void)poller().Wait(events, 0);
  EXPECT_GE(world().clock().WallMicros(), wall_us + 32'000);
  (void)poller().Wait(events, 0);
  EXPECT_LT(world().clock().WallMicros(), wall_us + 1'000);
  EXPECT_LT(Now(), mono_ns + 100'000);
}

TEST_F(SimPollerTest, WakesMergeAndCompletionsDoNot) {
  poller().Wake();
  poller().Wake();
  world().Complete(5'000, {1, 7}, -3);
  world().Complete(5'000, {2, 8}, 4);
  std::vector<Event> events = Wait();
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].kind, Event::Kind::kWake);
  events = Wait();
  if (events.size() == 1) events.push_back(Wait().at(0));
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].token, (Token{1, 7}));
  EXPECT_EQ(events[0].result, -3);
  EXPECT_EQ(events[1].result, 4);
}

// A full batch keeps nobody's message from the next one.
TEST_F(SimPollerTest, WhatHasNoRoomAnyMoreIsReportedLater) {
  SetUpTwo();
  world().Stop();
  poller().Wake();
  Next(Site::kReadySpurious, {2});
  EXPECT_EQ(Wait(1, 1).at(0).token, token_two_);
  EXPECT_EQ(Wait(1, 1).at(0).kind, Event::Kind::kStop);
  EXPECT_EQ(Wait(1, 1).at(0).kind, Event::Kind::kWake);
  EXPECT_EQ(Wait(1, 1).at(0).kind, Event::Kind::kReady);
}

using SimPollerDeathTest = SimPollerTest;

TEST_F(SimPollerDeathTest, RegistrationsThatBreakTheContractAreBugs) {
  one_ = Connect();
  const Token token = Watch(one_.handle, Interest::kRead);
  EXPECT_DEATH((void)poller().Register(one_.handle, Interest::kRead, {1, 99}), "IsWatched");
  EXPECT_DEATH((void)poller().Change(one_.handle, Interest::kRead, {1, 99}), "token");
  poller().Forget(one_.handle);
  EXPECT_DEATH(poller().Forget(one_.handle), "IsWatched");
  EXPECT_DEATH((void)poller().Change(one_.handle, Interest::kRead, token), "IsWatched");
}

}  // namespace
}  // namespace reprise
