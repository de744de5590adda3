#include "loop/event_loop.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "loop/scripted_testing.h"

namespace reprise {
namespace {

class CallbackWatcher final : public Watcher {
 public:
  explicit CallbackWatcher(std::function<void(bool, bool)> callback) : callback_(std::move(callback)) {}
  void OnReady(bool readable, bool writable) override { callback_(readable, writable); }

 private:
  std::function<void(bool, bool)> callback_;
};

class CallbackTask final : public Task {
 public:
  explicit CallbackTask(std::function<void()> callback) : callback_(std::move(callback)) {}

 private:
  void Run() override { callback_(); }
  std::function<void()> callback_;
};

class EventLoopTest : public testing::Test {
 protected:
  ScriptedPoller poller;
  SetClock clock;
  EventLoop loop{poller, clock};
  std::string log;
};

TEST_F(EventLoopTest, EachTurnIsCounted) {
  loop.RunOnce(0);
  loop.RunOnce(0);
  EXPECT_EQ(loop.counters().turns, 2U);
}

TEST_F(EventLoopTest, AnEventForAHandleThatAnEarlierCallbackOfTheTurnClosedIsStale) {
  Token second_token;
  CallbackWatcher second([&](bool, bool) { log += "second "; });
  CallbackWatcher first([&](bool, bool) {
    log += "first ";
    loop.Unwatch(second_token);
  });
  const Token first_token = loop.Watch(Handle{3}, Interest::kRead, first).value();
  second_token = loop.Watch(Handle{4}, Interest::kRead, second).value();
  poller.batches.push_back({poller.Readable(3), poller.Readable(4)});
  loop.RunOnce();
  EXPECT_EQ(log, "first ");
  EXPECT_EQ(loop.counters().stale_events, 1U);
  loop.Unwatch(first_token);
}

TEST_F(EventLoopTest, AStaleEventCountsOnceThoughSomethingOfHighPriorityIsWatched) {
  CallbackWatcher watcher([](bool, bool) {});
  const Token gone = loop.Watch(Handle{3}, Interest::kRead, watcher).value();
  const Event event = poller.Readable(3);
  loop.Unwatch(gone);
  const Token high = loop.Watch(Handle{4}, Interest::kRead, watcher, Priority::kHigh).value();
  poller.batches.push_back({event});
  loop.RunOnce();
  EXPECT_EQ(loop.counters().stale_events, 1U);
  loop.Unwatch(high);
}

TEST_F(EventLoopTest, AnEventForTheFormerOwnerOfAHandleAndASlotIsStale) {
  CallbackWatcher old_watcher([&](bool, bool) { log += "old "; });
  CallbackWatcher new_watcher([&](bool, bool) { log += "new "; });
  const Token old_token = loop.Watch(Handle{3}, Interest::kRead, old_watcher).value();
  const Event old_event = poller.Readable(3);
  loop.Unwatch(old_token);
  const Token new_token = loop.Watch(Handle{3}, Interest::kRead, new_watcher).value();
  EXPECT_EQ(new_token.slot, old_token.slot);
  poller.batches.push_back({old_event, poller.Readable(3)});
  loop.RunOnce();
  EXPECT_EQ(log, "new ");
  EXPECT_EQ(loop.counters().stale_events, 1U);
  loop.Unwatch(new_token);
}

TEST_F(EventLoopTest, ADirectionNoLongerWatchedIsNotReported) {
  Token second_token;
  CallbackWatcher second([&](bool, bool) { log += "second "; });
  CallbackWatcher first([&](bool, bool) { EXPECT_TRUE(loop.SetInterest(second_token, Interest::kWrite).ok()); });
  const Token first_token = loop.Watch(Handle{3}, Interest::kRead, first).value();
  second_token = loop.Watch(Handle{4}, Interest::kRead, second).value();
  poller.batches.push_back({poller.Readable(3), poller.Readable(4)});
  loop.RunOnce();
  EXPECT_EQ(log, "");
  loop.Unwatch(first_token);
  loop.Unwatch(second_token);
}

TEST_F(EventLoopTest, HighPriorityComesFirstWhateverTheOrderOfTheEvents) {
  CallbackWatcher normal([&](bool, bool) { log += "normal "; });
  CallbackWatcher high([&](bool, bool) { log += "high "; });
  const Token normal_token = loop.Watch(Handle{3}, Interest::kRead, normal).value();
  const Token high_token = loop.Watch(Handle{4}, Interest::kRead, high, Priority::kHigh).value();
  poller.batches.push_back({poller.Readable(3), poller.Readable(4)});
  loop.RunOnce();
  EXPECT_EQ(log, "high normal ");
  loop.Unwatch(normal_token);
  loop.Unwatch(high_token);
}

TEST_F(EventLoopTest, ATurnGoesTimersThenEventsThenTasksThenItsEnd) {
  Timer timer([&] { log += "timer "; });
  CallbackTask soon([&] { log += "soon "; });
  CallbackTask chained([&] { log += "chained "; });
  CallbackTask end([&] {
    log += "end ";
    loop.RunAtEndOfTurn(chained);
  });
  CallbackWatcher watcher([&](bool, bool) { log += "event "; });
  const Token token = loop.Watch(Handle{3}, Interest::kRead, watcher).value();
  loop.RunAt(clock.now_ns, timer);
  loop.RunAtEndOfTurn(end);
  loop.RunSoon(soon);
  poller.batches.push_back({poller.Readable(3)});
  loop.RunOnce();
  EXPECT_EQ(log, "timer event soon end chained ");
  loop.Unwatch(token);
}

TEST_F(EventLoopTest, WaitsUntilTheNextTimerAndNotAtAllWhenATaskIsDue) {
  Timer timer([] {});
  loop.RunOnce();
  EXPECT_EQ(poller.deadlines.back(), kNoDeadline);
  loop.RunAt(5000, timer);
  loop.RunOnce();
  EXPECT_EQ(poller.deadlines.back(), 5000);
  loop.RunOnce(3000);
  EXPECT_EQ(poller.deadlines.back(), 3000);
  int runs = 0;
  CallbackTask again([&] {
    if (++runs < 3) loop.RunSoon(again);
  });
  loop.RunSoon(again);
  loop.RunOnce();
  EXPECT_EQ(poller.deadlines.back(), 0);
  EXPECT_EQ(runs, 1);  // once a turn, however often it asks
}

TEST_F(EventLoopTest, ATaskThatACallbackAsksForRunsInTheNextTurn) {
  CallbackTask soon([&] { log += "soon "; });
  CallbackWatcher watcher([&](bool, bool) { loop.RunSoon(soon); });
  const Token token = loop.Watch(Handle{3}, Interest::kRead, watcher).value();
  poller.batches.push_back({poller.Readable(3)});
  loop.RunOnce();
  EXPECT_EQ(log, "");
  loop.RunOnce();
  EXPECT_EQ(log, "soon ");
  loop.Unwatch(token);
}

TEST_F(EventLoopTest, ATaskThatIsAskedForAgainRunsOnceInItsPlace) {
  std::string ran;
  CallbackTask first([&] { ran += "first "; });
  CallbackTask second([&] { ran += "second "; });
  loop.RunSoon(first);
  loop.RunSoon(second);
  loop.RunSoon(first);
  loop.RunOnce(0);
  EXPECT_EQ(ran, "first second ");
}

TEST_F(EventLoopTest, ATaskThatAnotherOneDestroysDoesNotRun) {
  auto victim = std::make_unique<CallbackTask>([&] { log += "victim "; });
  CallbackTask killer([&] { victim.reset(); });
  loop.RunSoon(killer);
  loop.RunSoon(*victim);
  loop.RunOnce();
  EXPECT_EQ(log, "");
}

TEST_F(EventLoopTest, ACompletionIsDeliveredOnceToWhoStartedIt) {
  std::vector<int64_t> results;
  const Token token = loop.ExpectCompletion([&](int64_t result) { results.push_back(result); });
  const Event done{.kind = Event::Kind::kCompletion, .token = token, .result = 42};
  poller.batches.push_back({done, done});
  loop.RunOnce();
  EXPECT_EQ(results, std::vector<int64_t>{42});
  EXPECT_EQ(loop.counters().stale_events, 1U);
  EXPECT_NE(loop.ExpectCompletion([](int64_t) {}), token);
}

TEST_F(EventLoopTest, AStopRequestEndsRunUnlessAHandlerDecidesOtherwise) {
  poller.batches.push_back({Event{.kind = Event::Kind::kStop}});
  loop.Run();
  EXPECT_TRUE(loop.stopped());
  loop.OnStopRequested([&] { log += "asked "; });
  poller.batches.push_back({Event{.kind = Event::Kind::kStop}});
  loop.RunOnce();
  EXPECT_EQ(log, "asked ");
}

TEST_F(EventLoopTest, ARefusedRegistrationLeavesNothingBehind) {
  CallbackWatcher watcher([](bool, bool) {});
  poller.register_status = Status(ErrorCode::kOutOfMemory);
  EXPECT_EQ(loop.Watch(Handle{3}, Interest::kRead, watcher).status().code(), ErrorCode::kOutOfMemory);
  EXPECT_EQ(loop.watched_count(), 0U);
  poller.register_status = Status::Ok();
  const Token token = loop.Watch(Handle{3}, Interest::kRead, watcher).value();
  EXPECT_EQ(token.slot, 0U) << "a slot was lost";
  loop.Unwatch(token);
}

TEST_F(EventLoopTest, NoTokenComesAgain) {
  CallbackWatcher watcher([](bool, bool) {});
  uint32_t before = 0;
  for (int i = 0; i < 100'000; ++i) {
    const Token token = loop.Watch(Handle{3}, Interest::kRead, watcher).value();
    ASSERT_EQ(token.slot, 0U);
    ASSERT_GT(token.generation, before) << i;
    before = token.generation;
    loop.Unwatch(token);
  }
}

TEST_F(EventLoopTest, AnUnchangedInterestCostsNoCall) {
  CallbackWatcher watcher([](bool, bool) {});
  const Token token = loop.Watch(Handle{3}, Interest::kRead, watcher).value();
  EXPECT_TRUE(loop.SetInterest(token, Interest::kRead).ok());
  EXPECT_EQ(poller.changes, 0);
  EXPECT_TRUE(loop.SetInterest(token, Interest::kReadWrite).ok());
  EXPECT_EQ(poller.changes, 1);
  loop.Unwatch(token);
}

TEST_F(EventLoopTest, AllOfATurnHappensAtOneMoment) {
  CallbackWatcher watcher([&](bool, bool) {
    clock.now_ns += 500;
    EXPECT_EQ(loop.now_ns(), 1000);
    EXPECT_EQ(loop.wall_us(), 1'000'001);
  });
  const Token token = loop.Watch(Handle{3}, Interest::kRead, watcher).value();
  poller.batches.push_back({poller.Readable(3)});
  loop.RunOnce();
  loop.RunOnce();
  EXPECT_EQ(loop.now_ns(), 1500);
  loop.Unwatch(token);
}

}  // namespace
}  // namespace reprise
