#include "backends/completion_queue.h"

#include <gtest/gtest.h>

#include <array>
#include <thread>
#include <vector>

namespace reprise {
namespace {

constexpr Token kToken{.slot = 7, .generation = 3};

std::vector<Event> DeliverAll(CompletionQueue& queue) {
  std::array<Event, 4> events;
  std::vector<Event> all;
  while (size_t count = queue.Deliver(events)) {
    all.insert(all.end(), events.begin(), events.begin() + static_cast<std::ptrdiff_t>(count));
  }
  return all;
}

TEST(CompletionQueue, OnlyTheFirstOfABurstWakesThePoller) {
  CompletionQueue queue;
  EXPECT_TRUE(queue.Post(kToken, 1));
  EXPECT_FALSE(queue.Post(kToken, 2));
  queue.Collect();
  EXPECT_TRUE(queue.Post(kToken, 3));
}

TEST(CompletionQueue, WakeRequestsMergeUntilCollected) {
  CompletionQueue queue;
  EXPECT_TRUE(queue.RequestWake());
  EXPECT_FALSE(queue.RequestWake());
  queue.Collect();
  EXPECT_TRUE(queue.RequestWake());
  EXPECT_EQ(DeliverAll(queue).size(), 1U);
}

TEST(CompletionQueue, WhatIsLeftOverTakesHalfOfTheRoomAndEverySecondTurnOfOne) {
  CompletionQueue queue;
  EXPECT_EQ(queue.ShareOf(8), 4U);
  EXPECT_EQ(queue.ShareOf(3), 1U);
  for (int turn = 0; turn < 3; ++turn) {
    EXPECT_EQ(queue.ShareOf(1), 1U);
    EXPECT_EQ(queue.ShareOf(1), 0U);
  }
}

TEST(CompletionQueue, DeliversNothingBeforeItWasCollected) {
  CompletionQueue queue;
  (void)queue.Post(kToken, 1);
  (void)queue.RequestWake();
  EXPECT_FALSE(queue.HasCollected());
  EXPECT_TRUE(DeliverAll(queue).empty());
}

TEST(CompletionQueue, CompletionsKeepTheirOrderTokenAndResultAcrossCollects) {
  CompletionQueue queue;
  for (int64_t i = 0; i < 5; ++i) (void)queue.Post({.slot = static_cast<uint32_t>(i), .generation = 1}, i * 10);
  queue.Collect();
  std::array<Event, 2> two;
  ASSERT_EQ(queue.Deliver(two), 2U);
  EXPECT_EQ(two[1].result, 10);
  (void)queue.Post({.slot = 5, .generation = 1}, 50);
  queue.Collect();
  const std::vector<Event> rest = DeliverAll(queue);
  ASSERT_EQ(rest.size(), 4U);
  for (size_t i = 0; i < rest.size(); ++i) {
    EXPECT_EQ(rest[i].kind, Event::Kind::kCompletion);
    EXPECT_EQ(rest[i].token.slot, i + 2);
    EXPECT_EQ(rest[i].result, static_cast<int64_t>(i + 2) * 10);
  }
  EXPECT_FALSE(queue.HasCollected());
}

TEST(CompletionQueue, ASpanWithoutRoomLosesNothing) {
  CompletionQueue queue;
  (void)queue.Post(kToken, 1);
  (void)queue.RequestWake();
  queue.Collect();
  EXPECT_EQ(queue.Deliver({}), 0U);
  EXPECT_EQ(DeliverAll(queue).size(), 2U);
}

TEST(CompletionQueue, LosesNothingThatSeveralThreadsPost) {
  constexpr int kThreads = 3;
  constexpr int64_t kEach = 2000;
  CompletionQueue queue;
  std::vector<std::thread> threads;
  for (uint32_t t = 0; t < kThreads; ++t) {
    threads.emplace_back([&queue, t] {
      for (int64_t i = 0; i < kEach; ++i) (void)queue.Post({.slot = t, .generation = 1}, i);
    });
  }
  std::array<int64_t, kThreads> next{};
  size_t total = 0;
  while (total < kThreads * kEach) {
    queue.Collect();
    for (const Event& event : DeliverAll(queue)) {
      EXPECT_EQ(event.result, next[event.token.slot]++);
      ++total;
    }
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace reprise
