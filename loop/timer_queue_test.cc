#include "loop/timer_queue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "loop/poller.h"

namespace reprise {
namespace {

TEST(TimerQueueTest, FiresInOrderOfDeadlineAndThenOfArming) {
  TimerQueue queue;
  std::vector<int> fired;
  std::vector<std::unique_ptr<Timer>> timers;
  for (int i = 0; i < 60; ++i) {
    timers.push_back(std::make_unique<Timer>([&fired, i] { fired.push_back(i); }));
    queue.Arm(*timers.back(), (i * 7) % 10);
  }
  EXPECT_EQ(queue.Fire(100), 60U);
  std::vector<int> expected;
  for (int deadline = 0; deadline < 10; ++deadline) {
    for (int i = 0; i < 60; ++i) {
      if ((i * 7) % 10 == deadline) {
        expected.push_back(i);
      }
    }
  }
  EXPECT_EQ(fired, expected);
}

// Every order in which seven timers can be armed, and each of them cancelled in turn.
TEST(TimerQueueTest, KnowsTheEarliestInWhateverOrderTheyAreArmedAndCancelled) {
  std::vector<int64_t> deadlines = {1, 2, 3, 4, 5, 6, 7};
  size_t cancelled = 0;
  do {
    TimerQueue queue;
    std::vector<int64_t> fired;
    std::vector<std::unique_ptr<Timer>> timers;
    int64_t earliest = kNoDeadline;
    for (const int64_t deadline : deadlines) {
      timers.push_back(std::make_unique<Timer>([&fired, deadline] { fired.push_back(deadline); }));
      queue.Arm(*timers.back(), deadline);
      earliest = std::min(earliest, deadline);
      ASSERT_EQ(queue.NextDeadline(), earliest);
    }
    cancelled = (cancelled + 1) % timers.size();
    timers[cancelled]->Cancel();
    std::vector<int64_t> expected = {1, 2, 3, 4, 5, 6, 7};
    std::erase(expected, deadlines[cancelled]);
    ASSERT_EQ(queue.NextDeadline(), expected.front());
    ASSERT_EQ(queue.Fire(7), expected.size());
    ASSERT_EQ(fired, expected);
  } while (std::next_permutation(deadlines.begin(), deadlines.end()));
}

TEST(TimerQueueTest, FiresNothingBeforeItsTime) {
  TimerQueue queue;
  int fired = 0;
  Timer timer([&] { ++fired; });
  EXPECT_EQ(queue.NextDeadline(), kNoDeadline);
  queue.Arm(timer, 10);
  EXPECT_EQ(queue.NextDeadline(), 10);
  EXPECT_EQ(queue.Fire(9), 0U);
  EXPECT_EQ(queue.Fire(10), 1U);
  EXPECT_FALSE(timer.armed());
  EXPECT_EQ(queue.Fire(11), 0U);
  EXPECT_EQ(fired, 1);
}

TEST(TimerQueueTest, ADestroyedTimerDoesNotFireEvenWhenAnotherOfItsMomentDestroysIt) {
  TimerQueue queue;
  int fired = 0;
  auto second = std::make_unique<Timer>([&] { ++fired; });
  Timer first([&] { second.reset(); });
  queue.Arm(first, 5);
  queue.Arm(*second, 5);
  EXPECT_EQ(queue.Fire(5), 1U);
  EXPECT_EQ(fired, 0);
  EXPECT_EQ(queue.size(), 0U);
}

TEST(TimerQueueTest, ATimerThatArmsItselfInThePastDoesNotHoldTheTurn) {
  TimerQueue queue;
  int fired = 0;
  Timer timer([&] {
    ++fired;
    queue.Arm(timer, 0);
  });
  queue.Arm(timer, 1);
  EXPECT_EQ(queue.Fire(5), 1U);
  EXPECT_EQ(fired, 1);
  EXPECT_TRUE(timer.armed());
  EXPECT_EQ(queue.Fire(5), 1U);
}

TEST(TimerQueueTest, ATimerThatArmsItselfInThePastDoesNotStarveTheOthers) {
  TimerQueue queue;
  int fired = 0;
  Timer eager([&] { queue.Arm(eager, 0); });
  Timer patient([&] { ++fired; });
  queue.Arm(eager, 1);
  queue.Arm(patient, 2);
  queue.Fire(5);
  EXPECT_EQ(fired, 1);
}

TEST(TimerQueueTest, ArmingAgainMovesIt) {
  TimerQueue queue;
  int fired = 0;
  Timer timer([&] { ++fired; });
  queue.Arm(timer, 5);
  queue.Arm(timer, 50);
  EXPECT_EQ(queue.size(), 1U);
  EXPECT_EQ(queue.Fire(10), 0U);
  EXPECT_EQ(queue.Fire(50), 1U);
}

TEST(TimerQueueTest, AQueueThatEndsDisarmsItsTimers) {
  Timer timer([] {});
  {
    TimerQueue queue;
    queue.Arm(timer, 5);
  }
  EXPECT_FALSE(timer.armed());
}

}  // namespace
}  // namespace reprise
