// Poller: registrations end, handles and their numbers come again, tokens do not.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "proptests/contract/harness.h"

namespace reprise {
namespace {

class PollerRegistration : public StreamTest {};
REPRISE_OVER_ALL_STREAMS(PollerRegistration);

TEST_P(PollerRegistration, WhatBecomesReadyAfterForgetIsNotReported) {
  const Pair pair = Connected(family());
  const Token token = Watch(pair.server, Interest::kRead);
  Settle();
  Forget(pair.server);
  ClearSightings();
  WriteAll(pair.client, "x");
  Settle();
  EXPECT_LE(Seen(token).events, world().SpuriousEventsMax());
}

TEST_P(PollerRegistration, AResetAfterForgetIsNotReported) {
  const Pair pair = Connected(family());
  const Token token = Watch(pair.server, Interest::kReadWrite);
  ASSERT_TRUE(AwaitWritable(token));
  Forget(pair.server);
  Settle();  // whatever an earlier Wait left over
  ClearSightings();
  Abort(pair.client);
  Settle();
  EXPECT_LE(Seen(token).events, world().SpuriousEventsMax());
}

TEST_P(PollerRegistration, AHandleThatWasForgottenCanBeWatchedAgainUnderANewToken) {
  const Pair pair = Connected(family());
  const Token before = Watch(pair.server, Interest::kRead);
  WriteAll(pair.client, "x");
  ASSERT_TRUE(AwaitReadable(before));
  Forget(pair.server);
  ClearSightings();
  const Token after = Watch(pair.server, Interest::kRead);
  EXPECT_TRUE(AwaitReadable(after));
  EXPECT_TRUE(AwaitReadable(after));
}

TEST_P(PollerRegistration, EventsPendingAtCloseNeverCarryTheTokenOfTheNextOwnerOfTheNumber) {
  bool number_came_again = false;
  for (int round = 0; round < 10; ++round) {
    const Handle listener = Listen(family());
    const Handle old_client = Connect(LocalAddress(listener));
    const Handle old_server = Accept(listener);
    const Token old_token = Watch(old_server, Interest::kRead);
    WriteAll(old_client, "for the old one");
    ASSERT_TRUE(AwaitReadable(old_token));
    const Handle new_client = Connect(LocalAddress(listener));
    Close(old_server);  // with an event that nobody has handled, and bytes that nobody has read
    const Handle new_server = Accept(listener);
    number_came_again = number_came_again || new_server == old_server;
    const Token new_token = Watch(new_server, Interest::kRead);
    Settle();
    EXPECT_LE(Seen(new_token).events, world().SpuriousEventsMax());
    WriteAll(new_client, "x");
    EXPECT_TRUE(AwaitReadable(new_token));
    EXPECT_EQ(ReadBytes(new_server, 1), "x");
    for (const Handle handle : {listener, old_client, new_client, new_server}) Close(handle);
  }
  // Numbers are small and come again; if never, this test has shown nothing.
  EXPECT_TRUE(number_came_again);
}

TEST_P(PollerRegistration, ClosingOneOfTwoThatAreReadyLeavesTheOtherReady) {
  const Pair one = Connected(family());
  const Pair other = Connected(family());
  const Token first = Watch(one.server, Interest::kRead);
  const Token second = Watch(other.server, Interest::kRead);
  WriteAll(one.client, "x");
  WriteAll(other.client, "y");
  ASSERT_TRUE(Await([&] { return Seen(first).readable > 0 && Seen(second).readable > 0; }));
  Close(one.server);
  EXPECT_TRUE(AwaitReadable(second));
  EXPECT_EQ(ReadBytes(other.server, 1), "y");
}

class PollerCapacity : public WorldTest {};
REPRISE_OVER_ALL_WORLDS(PollerCapacity);

TEST_P(PollerCapacity, AmongThousandsOfHandlesExactlyTheReadyOnesAreReported) {
  const size_t pairs_max = 2'000;
  const size_t pair_count = std::min(pairs_max, (world().HandleBudget() - 100) / 2);
  ASSERT_GE(pair_count, 200U);
  const Handle listener = Listen();
  std::vector<Pair> pairs;
  std::map<uint64_t, size_t> index_by_token;
  std::vector<Token> tokens;
  for (size_t i = 0; i < pair_count; ++i) {
    Pair pair;
    pair.client = Connect(LocalAddress(listener));
    pair.server = Accept(listener);
    tokens.push_back(Watch(pair.server, Interest::kRead));
    pairs.push_back(pair);
  }
  constexpr size_t kEvery = 7;
  for (size_t i = 0; i < pair_count; i += kEvery) WriteAll(pairs[i].client, "x");
  const auto all_seen = [&] {
    for (size_t i = 0; i < pair_count; i += kEvery) {
      if (Seen(tokens[i]).readable == 0) return false;
    }
    return true;
  };
  EXPECT_TRUE(Await(all_seen));
  for (size_t i = 0; i < pair_count; ++i) {
    if (i % kEvery != 0) {
      EXPECT_LE(Seen(tokens[i]).events, world().SpuriousEventsMax()) << i;
    }
  }
}

TEST_P(PollerCapacity, WhatDoesNotFitIsReportedLaterAndNobodyIsPassedOverForEver) {
  constexpr size_t kHandles = 20;
  std::vector<Token> tokens;
  for (size_t i = 0; i < kHandles; ++i) {
    const Pair pair = Connected();
    tokens.push_back(Watch(pair.server, Interest::kWrite));  // ready, and stays so
  }
  for (const size_t room : {size_t{1}, size_t{3}, kHandles - 1, kHandles, 2 * kHandles}) {
    ClearSightings();
    constexpr size_t kRoundsMax = 50;  // fair in the long run, not in each round
    std::set<uint64_t> unseen;
    for (const Token token : tokens) unseen.insert(token.Pack());
    for (size_t i = 0; i < kRoundsMax * kHandles && !unseen.empty(); ++i) {
      for (const Event& event : WaitOnce(kNoDeadline, room)) unseen.erase(event.token.Pack());
    }
    EXPECT_TRUE(unseen.empty()) << unseen.size() << " of " << kHandles << " never seen with room for " << room;
  }
}

TEST_P(PollerCapacity, WaitWritesNoEventBeyondThoseItReports) {
  std::vector<Token> tokens;
  for (int i = 0; i < 6; ++i) tokens.push_back(Watch(Connected().server, Interest::kWrite));
  const Token marker{.slot = 1'000'000, .generation = 77};
  std::vector<Event> events(8);
  for (Event& event : events) event.token = marker;
  size_t count = 0;
  while (count == 0) count = poller().Wait(std::span(events).first(4), kNoDeadline);
  ASSERT_LE(count, 4U);
  for (size_t i = 0; i < count; ++i) EXPECT_NE(events[i].token, marker) << i;
  for (size_t i = 4; i < events.size(); ++i) EXPECT_EQ(events[i].token, marker) << i;
}

}  // namespace
}  // namespace reprise
