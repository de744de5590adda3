#include "sim/sim_world.h"

#include <gtest/gtest.h>

#include "sim/seeded_source.h"
#include "sim/sim_testing.h"

namespace reprise {
namespace {

class SimWorldTest : public SimTest {
 protected:
  std::vector<Event> WaitForEver() {
    std::vector<Event> events(8);
    events.resize(poller().Wait(events, kNoDeadline));
    return events;
  }
};

bool AsksToStop(const std::vector<Event>& events) { return events.size() == 1 && events[0].kind == Event::Kind::kStop; }

TEST_F(SimWorldTest, AStopIsToldOnce) {
  world().Stop();
  EXPECT_TRUE(AsksToStop(WaitForEver()));
  EXPECT_TRUE(Wait().empty());
  EXPECT_EQ(world().how(), SimWorld::How::kStopped);
}

TEST_F(SimWorldTest, WhenNothingCanEverHappenTheProgramIsAskedToStop) {
  (void)Listen();
  EXPECT_TRUE(AsksToStop(WaitForEver()));
  EXPECT_EQ(world().how(), SimWorld::How::kStuck);
}

TEST_F(SimWorldTest, AProgramWithATimerIsNotStuck) {
  EXPECT_TRUE(Wait(3600 * kNanosPerSecond).empty());
  EXPECT_EQ(world().how(), SimWorld::How::kRunning);
}

TEST_F(SimWorldTest, PastTheStepLimitEveryWaitAsksToStop) {
  options.step_limit = 100;
  int waits = 0;
  while (Wait(1).empty()) ASSERT_LT(++waits, 1000);
  EXPECT_EQ(world().how(), SimWorld::How::kStepLimit);
  EXPECT_TRUE(AsksToStop(Wait(1)));
  EXPECT_TRUE(AsksToStop(WaitForEver()));
}

using SimWorldDeathTest = SimWorldTest;

TEST_F(SimWorldDeathTest, AProgramThatNeverStopsIsABug) {
  world().Stop();
  EXPECT_DEATH(for (int i = 0; i < 20'000; ++i)(void) WaitForEver(), "kStopsMax");
}

TEST_F(SimWorldTest, TimersComeInOrderAndMaySetOthers) {
  class Actor : public SimActor {
   public:
    explicit Actor(SimWorld& world) : world_(world) {}
    void OnTimer(uint64_t what) override {
      seen.push_back(what);
      if (what == 1) world_.Schedule(1'000, *this, 9);
    }
    std::vector<uint64_t> seen;

   private:
    SimWorld& world_;
  };
  Actor actor(world());
  world().Schedule(30'000, actor, 3);
  world().Schedule(10'000, actor, 1);
  world().Schedule(30'000, actor, 4);
  world().Schedule(20'000, actor, 2);
  Settle(100'000);
  EXPECT_EQ(actor.seen, (std::vector<uint64_t>{1, 9, 2, 3, 4}));
}

// Writes down in what order clients' timers fire.
class Ringing : public SimActor {
 public:
  Ringing(uint32_t client, std::vector<std::pair<uint32_t, uint64_t>>& seen) : client_(client), seen_(seen) {}
  uint32_t client() const override { return client_; }
  void OnTimer(uint64_t what) override { seen_.emplace_back(client_, what); }

 private:
  const uint32_t client_;
  std::vector<std::pair<uint32_t, uint64_t>>& seen_;
};

using Rings = std::vector<std::pair<uint32_t, uint64_t>>;

TEST_F(SimWorldTest, ClientsOfOneMomentMayChangePlacesAndEachKeepsItsOwnOrder) {
  Rings seen;
  Ringing one(1, seen);
  Ringing two(2, seen);
  Ringing three(3, seen);
  const auto schedule = [&] {
    for (Ringing* actor : {&one, &one, &two, &three, &two}) {
      world().Schedule(10'000, *actor, seen.size() + 1);
    }
    world().Schedule(10'001, three, 9);
  };
  schedule();
  Settle(100'000);
  EXPECT_EQ(seen, (Rings{{1, 1}, {1, 1}, {2, 1}, {3, 1}, {2, 1}, {3, 9}})) << "0 is the order of adding";
  seen.clear();
  // Three of two further ones, then of 1, 2, 2: none, then 2 before 1; what is left belongs to two clients.
  Next(Site::kClockTie, {2, 0, 1, 1});
  schedule();
  Settle(100'000);
  EXPECT_EQ(seen, (Rings{{3, 1}, {1, 1}, {2, 1}, {2, 1}, {1, 1}, {3, 9}}));
}

TEST_F(SimWorldTest, NoClientPassesWhatConcernsTheWorld) {
  Rings seen;
  Ringing one(1, seen);
  Ringing nobody(kNoClient, seen);
  Ringing two(2, seen);
  Ringing three(3, seen);
  Next(Site::kClockTie, {1, 1, 1});
  for (Ringing* actor : {&one, &nobody, &two, &three}) world().Schedule(10'000, *actor, 0);
  Settle(100'000);
  EXPECT_EQ(seen, (Rings{{1, 0}, {kNoClient, 0}, {3, 0}, {2, 0}}));
}

TEST_F(SimWorldTest, BytesOfDifferentClientsThatArriveAtOneMomentMayChangePlaces) {
  const Connection one = Connect();
  const Connection two = Connect();
  const Token of_one = Watch(one.handle, Interest::kRead);
  const Token of_two = Watch(two.handle, Interest::kRead);
  for (const bool tie : {false, true}) {
    if (tie) Next(Site::kClockTie, {1});
    one.peer->Send("a");
    two.peer->Send("b");
    const std::vector<Event> events = WaitForEver();
    ASSERT_EQ(events.size(), 1u);
    EXPECT_TRUE(events[0].token == (tie ? of_two : of_one));
    Settle();
    EXPECT_EQ(Read(one.handle), "a");
    EXPECT_EQ(Read(two.handle), "b");
  }
}

TEST_F(SimWorldTest, WhatTheProgramDidNotGiveBackIsCounted) {
  const Connection one = Connect();
  const Connection two = Connect();
  Watch(one.handle, Interest::kRead);
  network().Close(two.handle);
  SimPeer& waiting = NewPeer();
  waiting.Connect(kAddress);
  Settle();
  const SimWorld::LeftOver left = world().FindLeftOver();
  EXPECT_EQ(left.handles, 2u);  // the listener and one connection
  EXPECT_EQ(left.watched, 1u);
  EXPECT_EQ(left.connections, 2u);  // of which one waits to be accepted
  EXPECT_FALSE(left.none());
  poller().Forget(one.handle);
  network().Close(one.handle);
  network().Close(listener_);
  EXPECT_TRUE(world().FindLeftOver().none());
}

TEST_F(SimWorldTest, HealingSilencesEveryFault) {
  for (size_t i = 0; i < kSiteCount; ++i) {
    if (IsFault(SiteAt(i))) Always(SiteAt(i), 1);
  }
  world().Heal();
  const Connection connection = Connect();
  connection.peer->Send("abc");
  Settle();
  EXPECT_EQ(Read(connection.handle), "abc");
  EXPECT_TRUE(world().choices().made().empty());
}

TEST_F(SimWorldTest, TheWallClockStaysWithinTenYearsOfItsTime) {
  constexpr int64_t kYearUs = int64_t{365} * 24 * 3600 * 1'000'000;
  SimClock& clock = world().clock();
  const int64_t start_us = clock.WallMicros();
  for (const int64_t way : {1, -1}) {
    for (int i = 0; i < 100; ++i) clock.Jump(way * kYearUs);
    EXPECT_EQ(clock.WallMicros() - start_us, way * 10 * kYearUs);
    clock.Jump(-way * 10 * kYearUs);
  }
}

TEST_F(SimWorldTest, EntropyFollowsFromItsSeedAlone) {
  options.entropy_seed = 5;
  const uint64_t first = world().entropy().Next();
  SeededSource source(99);
  SimWorld other(source, SwarmProfile::Everything(), options);
  EXPECT_EQ(other.entropy().Next(), first);
  EXPECT_NE(other.entropy().Next(), first);
  options.entropy_seed = 6;
  SimWorld third(source, SwarmProfile::Everything(), options);
  EXPECT_NE(third.entropy().Next(), first);
}

TEST_F(SimWorldTest, LogLinesGoToTheRunnerAndNotIntoTheTrace) {
  std::vector<std::string> lines;
  world().process().SetLogSink([&](LogLevel, std::string_view line) { lines.emplace_back(line); });
  const uint64_t hash = world().trace().hash();
  world().process().Log(LogLevel::kNotice, "hello");
  EXPECT_EQ(lines, std::vector<std::string>{"hello"});
  EXPECT_EQ(world().trace().hash(), hash);
}

}  // namespace
}  // namespace reprise
