// Poller: how long Wait waits, and what it tells that is not readiness.
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <map>

#include "proptests/contract/harness.h"

namespace reprise {
namespace {

class PollerWait : public WorldTest {
 protected:
  // How many Waits it takes until the clock has reached `deadline_ns`, no more than `most`.
  int WaitsUntil(int64_t deadline_ns, int most) {
    int waits = 0;
    while (Now() < deadline_ns && waits < most) {
      WaitOnce(deadline_ns);
      ++waits;
    }
    return waits;
  }
};
REPRISE_OVER_ALL_WORLDS(PollerWait);

TEST_P(PollerWait, ReturnsWithoutEventsWhenTheDeadlineIsReached) {
  for (const int64_t wait_ns : {int64_t{1}, int64_t{999'999}, kNanosPerMilli, 5 * kNanosPerMilli + 1}) {
    const int64_t deadline_ns = Now() + wait_ns;
    // "Now and then for no reason at all" is allowed, but a Wait that returns early again and again is a busy loop.
    constexpr int kFew = 20;
    EXPECT_LT(WaitsUntil(deadline_ns, kFew), kFew);
    EXPECT_GE(Now(), deadline_ns);
  }
}

TEST_P(PollerWait, ADeadlineOfZeroOrInThePastOnlyLooks) {
  const Token token = Watch(Connected().server, Interest::kRead);
  Settle();
  ClearSightings();
  const int64_t start_ns = Now();
  for (const int64_t deadline_ns :
       {int64_t{0}, int64_t{1}, Now() - 1, Now() - kNanosPerSecond, std::numeric_limits<int64_t>::min()}) {
    EXPECT_LE(WaitOnce(deadline_ns).size(), static_cast<size_t>(world().SpuriousEventsMax()));
  }
  // Far more than five looks take, however busy the machine.
  EXPECT_LT(Now() - start_ns, kNanosPerSecond + 5 * world().QuietNanos());
  EXPECT_LE(Seen(token).events, world().SpuriousEventsMax());
}

TEST_P(PollerWait, ADeadlineOfZeroReportsWhatIsReady) {
  const Token token = Watch(Connected().server, Interest::kWrite);
  ASSERT_TRUE(AwaitWritable(token));
  ClearSightings();
  constexpr int kLooksMax = 1'000;  // in a world of delays not each look finds it
  for (int i = 0; i < kLooksMax && Seen(token).writable == 0; ++i) WaitOnce(i % 2 == 0 ? 0 : Now() - 1);
  EXPECT_GT(Seen(token).writable, 0);
}

TEST_P(PollerWait, WithoutADeadlineItReturnsForAnEvent) {
  const Pair pair = Connected();
  const Token token = Watch(pair.server, Interest::kRead);
  WriteAll(pair.client, "x");
  while (Seen(token).readable == 0) WaitOnce(kNoDeadline);
  EXPECT_EQ(ReadBytes(pair.server, 1), "x");
}

TEST_P(PollerWait, ADeadlineFarAwayDoesNotKeepEventsBack) {
  const Pair pair = Connected();
  const Token token = Watch(pair.server, Interest::kRead);
  WriteAll(pair.client, "x");
  // Far enough that it overflows where somebody turns it into milliseconds of 32 bits, or adds to it.
  while (Seen(token).readable == 0) WaitOnce(kNoDeadline - 1);
  EXPECT_LT(Now(), kNoDeadline / 2);
}

class PollerMessages : public WorldTest {};
REPRISE_OVER_ALL_WORLDS(PollerMessages);

TEST_P(PollerMessages, AWakeIsReportedByTheNextWait) {
  poller().Wake();
  EXPECT_TRUE(Await([&] { return wakes() > 0; }));
  EXPECT_EQ(wakes(), 1);
}

TEST_P(PollerMessages, SeveralWakesMayMergeButNoneIsMadeUp) {
  for (int i = 0; i < 5; ++i) poller().Wake();
  EXPECT_TRUE(Await([&] { return wakes() > 0; }));
  Settle();
  EXPECT_GE(wakes(), 1);
  EXPECT_LE(wakes(), 5);
}

TEST_P(PollerMessages, EveryWakeAfterAReportedOneIsReportedAgain) {
  for (int i = 1; i <= 100; ++i) {
    poller().Wake();
    ASSERT_TRUE(Await([&] { return wakes() >= i; })) << i;
  }
  EXPECT_EQ(wakes(), 100);
}

TEST_P(PollerMessages, ACompletionCarriesItsTokenAndItsResult) {
  const Token token{.slot = 0xFFFF'FFFF, .generation = 0x8000'0001};
  for (const int64_t result :
       {int64_t{0}, int64_t{-1}, std::numeric_limits<int64_t>::min(), std::numeric_limits<int64_t>::max()}) {
    const size_t before = completions().size();
    world().PostCompletion(token, result);
    ASSERT_TRUE(Await([&] { return completions().size() > before; }));
    EXPECT_EQ(completions().back().token, token);
    EXPECT_EQ(completions().back().result, result);
  }
  Settle();
  EXPECT_EQ(completions().size(), 4U);
}

TEST_P(PollerMessages, EachOfManyCompletionsIsReportedExactlyOnce) {
  constexpr uint32_t kCount = 5'000;
  for (uint32_t i = 0; i < kCount; ++i) world().PostCompletion({.slot = i, .generation = i + 1}, int64_t{i} * 3);
  for (const size_t room : {size_t{1}, size_t{2}, size_t{100}}) WaitOnce(kNoDeadline, room);
  EXPECT_TRUE(Await([&] { return completions().size() >= kCount; }));
  Settle();
  ASSERT_EQ(completions().size(), kCount);
  std::map<uint32_t, int> times;
  for (const Event& event : completions()) {
    EXPECT_EQ(event.result, int64_t{event.token.slot} * 3);
    EXPECT_EQ(event.token.generation, event.token.slot + 1);
    ++times[event.token.slot];
  }
  EXPECT_EQ(times.size(), kCount);
}

TEST_P(PollerMessages, CompletionsAndReadyHandlesDoNotStarveEachOtherWhateverTheRoom) {
  const Token ready = Watch(Connected().server, Interest::kWrite);
  ASSERT_TRUE(AwaitWritable(ready));
  for (const size_t room : {size_t{1}, size_t{2}, size_t{5}}) {
    ClearSightings();
    const size_t before = completions().size();
    constexpr int kWaits = 200;
    for (int i = 0; i < kWaits; ++i) {
      // Always more than fits.
      for (size_t k = 0; k <= room; ++k) world().PostCompletion({.slot = 1, .generation = 1}, 0);
      WaitOnce(kNoDeadline, room);
    }
    constexpr int kFew = 3;  // fair shares are not promised, only that nobody is passed over for ever
    EXPECT_GE(Seen(ready).writable, kFew) << room;
    EXPECT_GE(completions().size() - before, size_t{kFew}) << room;
  }
}

TEST_P(PollerMessages, ABurstOfCompletionsAndAReadyHandleShareASpanOfOne) {
  const Token ready = Watch(Connected().server, Interest::kWrite);
  ASSERT_TRUE(AwaitWritable(ready));
  ClearSightings();
  constexpr size_t kBurst = 200;
  for (size_t i = 0; i < kBurst; ++i) world().PostCompletion({.slot = 1, .generation = 1}, 0);
  for (size_t i = 0; i < kBurst / 2; ++i) WaitOnce(kNoDeadline, 1);
  constexpr int kFew = 3;
  EXPECT_GE(Seen(ready).writable, kFew);
  EXPECT_GE(completions().size(), size_t{kFew});
  for (size_t i = 0; i < 20 * kBurst && completions().size() < kBurst; ++i) WaitOnce(kNoDeadline, 1);
  EXPECT_EQ(completions().size(), kBurst);
}

TEST_P(PollerMessages, AWakeGetsThroughAmongCompletionsAndReadyHandles) {
  Watch(Connected().server, Interest::kWrite);
  for (int i = 0; i < 200; ++i) world().PostCompletion({.slot = 1, .generation = 1}, 0);
  poller().Wake();
  for (int i = 0; i < 1'000 && wakes() == 0; ++i) WaitOnce(kNoDeadline, 1);
  EXPECT_EQ(wakes(), 1);
}

TEST_P(PollerMessages, WhatWasReportedDoesNotKeepTheLoopBusy) {
  poller().Wake();
  world().PostCompletion({.slot = 1, .generation = 1}, 0);
  world().RequestStop();
  ASSERT_TRUE(Await([&] { return wakes() > 0 && completions().size() > 0 && stops() > 0; }));
  const int64_t deadline_ns = Now() + world().QuietNanos();
  constexpr int kFew = 100;
  int waits = 0;
  for (; waits < kFew && Now() < deadline_ns; ++waits) WaitOnce(deadline_ns);
  EXPECT_LT(waits, kFew);
}

TEST_P(PollerMessages, ARequestToStopIsReportedEachTime) {
  for (int i = 1; i <= 3; ++i) {
    world().RequestStop();
    ASSERT_TRUE(Await([&] { return stops() >= i; })) << i;
  }
  Settle();
  EXPECT_EQ(stops(), 3);
}

TEST_P(PollerMessages, ARequestToStopEndsAWaitWithoutADeadline) {
  world().RequestStop();
  while (stops() == 0) WaitOnce(kNoDeadline, 1);
  EXPECT_EQ(stops(), 1);
}

}  // namespace
}  // namespace reprise
