#include "sim/process_life.h"

#include <gtest/gtest.h>

#include "sim/sim_testing.h"

namespace reprise {
namespace {

class ProcessLifeTest : public SimTest {
 protected:
  ProcessLifeTest() { options.may_die = true; }

  // The program's turn begins, in which it dies before its `operation`th operation.
  void BeginLastTurn(Site how, uint64_t operation) {
    Next(how, {operation});
    (void)Wait(1);
  }
  void DieNow(Site how) {
    BeginLastTurn(how, 1);
    (void)Wait(1);
    ASSERT_FALSE(world().life().alive());
  }
  static bool AsksToStop(const std::vector<Event>& events) {
    return events.size() == 1 && events[0].kind == Event::Kind::kStop;
  }
  // What a destructor of the program does.
  void Destroy(Handle handle) { network().Close(handle); }
  // The next life, in which the program listens again.
  Handle LiveAgain() {
    world().Restart();
    return Listen();
  }
  // Lets the world go on without a turn that could end in a death.
  void Pass(int64_t for_ns) { Settle(for_ns); }
};

TEST_F(ProcessLifeTest, ItDiesBeforeTheOperationThatWasChosen) {
  const Connection client = Connect();
  BeginLastTurn(Site::kProcessKill, 3);
  EXPECT_TRUE(Write(client.handle, "a").ok());
  EXPECT_TRUE(Write(client.handle, "b").ok());
  EXPECT_TRUE(world().life().alive());
  EXPECT_TRUE(Write(client.handle, "c").ok());  // swallowed
  EXPECT_FALSE(world().life().alive());
  Destroy(client.handle);
  Destroy(listener_);
  (void)LiveAgain();
  Pass(kNanosPerMilli);
  EXPECT_EQ(client.notes->received, "ab");
}

TEST_F(ProcessLifeTest, ATurnThatIsTooShortForItEndsInTheDeath) {
  BeginLastTurn(Site::kProcessKill, 16);
  EXPECT_TRUE(world().life().alive());
  EXPECT_TRUE(AsksToStop(Wait()));
  EXPECT_FALSE(world().life().alive());
}

TEST_F(ProcessLifeTest, WithoutLeaveItNeverDies) {
  options.may_die = false;
  Always(Site::kProcessKill, 1);
  Always(Site::kProcessPowerLoss, 1);
  (void)Connect();
  Pass(kNanosPerSecond);
  EXPECT_TRUE(world().life().alive());
  EXPECT_EQ(world().choices().count(Site::kProcessKill).offered, 0U);
}

TEST_F(ProcessLifeTest, WhatADeadProgramDoesIsNoStepAndNoChoice) {
  const Connection client = Connect();
  client.peer->Send("question");
  Pass(kNanosPerMilli);
  DieNow(Site::kProcessKill);
  const uint64_t hash = world().trace().hash();
  Always(Site::kReadShort, 1);
  Always(Site::kRegisterFail, 1);
  EXPECT_EQ(ReadCode(client.handle), ErrorCode::kWouldBlock);
  EXPECT_EQ(Write(client.handle, "answer").bytes, 6U);
  EXPECT_EQ(network().Accept(listener_).status().code(), ErrorCode::kWouldBlock);
  EXPECT_FALSE(network().Listen({Address::Family::kIpv4, "127.0.0.1", 7000}, {}).ok());
  EXPECT_FALSE(network().Connect(kAddress).ok());
  EXPECT_FALSE(network().PeerAddress(client.handle).ok());
  EXPECT_TRUE(network().ShutdownWrite(client.handle).ok());
  EXPECT_TRUE(AsksToStop(Wait()));
  Destroy(client.handle);
  Destroy(listener_);
  EXPECT_EQ(world().trace().hash(), hash);
  EXPECT_EQ(world().network().open_handles(), 0U);
}

TEST_F(ProcessLifeTest, AKilledProgramsMachineClosesItsConnections) {
  const Connection quiet = Connect();
  const Connection asking = Connect();
  asking.peer->Send("never read");
  Pass(kNanosPerMilli);
  SimPeer& waiting = NewPeer();  // nobody accepts it
  waiting.Connect(kAddress);
  Pass(kNanosPerMilli);
  DieNow(Site::kProcessKill);
  Destroy(quiet.handle);
  Destroy(asking.handle);
  Destroy(listener_);
  SimPeer& late = NewPeer();  // while nobody listens
  late.Connect(kAddress);
  (void)LiveAgain();
  EXPECT_EQ(quiet.notes->ends, 1);
  EXPECT_EQ(asking.notes->losses, std::vector{ErrorCode::kConnectionReset});
  EXPECT_EQ(NotesOf(waiting).losses, std::vector{ErrorCode::kConnectionReset});
  EXPECT_EQ(NotesOf(late).losses, std::vector{ErrorCode::kConnectionRefused});
}

TEST_F(ProcessLifeTest, APowerLossTellsNobodyUntilTheMachineIsUpAndAsked) {
  const Connection quiet = Connect();
  const Connection asking = Connect();
  const Connection asks_later = Connect();
  EXPECT_TRUE(Write(quiet.handle, "under way").ok());
  BeginLastTurn(Site::kProcessPowerLoss, 1);
  asking.peer->Send("under way, too");
  asking.peer->ShutdownWrite();
  (void)Wait(1);
  ASSERT_FALSE(world().life().alive());
  for (const Handle handle : {quiet.handle, asking.handle, asks_later.handle, listener_}) Destroy(handle);
  SimPeer& late = NewPeer();
  late.Connect(kAddress);
  world().Restart();
  EXPECT_TRUE(asking.notes->losses.empty());
  const Handle listener = Listen();
  Pass(kNanosPerMilli);
  EXPECT_EQ(asking.notes->losses, std::vector{ErrorCode::kConnectionReset});
  EXPECT_TRUE(asks_later.notes->losses.empty());
  asks_later.peer->ShutdownWrite();
  Pass(kNanosPerMilli);
  EXPECT_EQ(asks_later.notes->losses, std::vector{ErrorCode::kConnectionReset});
  Pass(4 * kNanosPerSecond);
  EXPECT_EQ(quiet.notes->received, "");
  EXPECT_EQ(quiet.notes->ends, 0);
  EXPECT_TRUE(quiet.notes->losses.empty());
  // Asked again, and again, until somebody listened.
  EXPECT_EQ(NotesOf(late).connects, 1);
  EXPECT_TRUE(network().Accept(listener).ok());
}

// They are named by their place in the stream, and no name may be asked for twice.
TEST_F(ProcessLifeTest, BytesThatAreSentAgainAfterAPowerLossAreNotCutAgain) {
  const Connection client = Connect();
  BeginLastTurn(Site::kProcessPowerLoss, 1);
  Next(Site::kSegmentCut, {2, 3});
  client.peer->Send("abcdefgh");
  (void)Wait(1);
  Destroy(client.handle);
  Destroy(listener_);
  const uint64_t asked = world().choices().count(Site::kSegmentCut).offered;
  EXPECT_EQ(asked, 3U);
  world().Restart();
  Pass(kNanosPerMilli);
  EXPECT_EQ(client.notes->losses, std::vector{ErrorCode::kConnectionReset});
  EXPECT_EQ(world().choices().count(Site::kSegmentCut).offered, asked);
}

TEST_F(ProcessLifeTest, TheNextLifeBeginsWithNothing) {
  options.handle_limit = 2;
  const Connection client = Connect();
  (void)Watch(client.handle, Interest::kRead);
  world().Complete(kNanosPerMilli, Token{7, 7}, 1);
  poller().Wake();
  EXPECT_EQ(world().process().RaiseHandleLimit(4), 4);
  const int64_t former_id = world().process().Id();
  DieNow(Site::kProcessKill);
  poller().Forget(client.handle);
  Destroy(client.handle);
  Destroy(listener_);
  poller().PostCompletion(Token{8, 8}, 2);
  poller().Wake();
  Next(Site::kProcessDown, {10});
  const int64_t died_ns = Now();
  const Handle listener = LiveAgain();
  EXPECT_EQ(Now() - died_ns, options.restart_ns + DelayOfStep(10));
  EXPECT_EQ(world().life().number(), 1U);
  EXPECT_NE(world().process().Id(), former_id);
  EXPECT_EQ(world().network().handle_limit(), 2);
  EXPECT_EQ(listener.id, 0);
  Always(Site::kReadyStale, 1);
  EXPECT_TRUE(Wait(10 * kNanosPerMilli).empty());  // no completion, wake or stale event of the former life
}

TEST_F(ProcessLifeTest, ACompletionComesToTheLifeThatWaitsForIt) {
  (void)Listen();
  world().Complete(kNanosPerSecond, Token{7, 7}, 1);
  DieNow(Site::kProcessKill);
  world().Restart();
  world().Complete(kNanosPerSecond, Token{8, 8}, 2);
  const std::vector<Event> events = Wait(2 * kNanosPerSecond);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].token, (Token{8, 8}));
}

TEST_F(ProcessLifeTest, ConnectionsAreNotedWithTheLifeThatAcceptedThem) {
  const Connection first = Connect();
  DieNow(Site::kProcessKill);
  Destroy(first.handle);
  Destroy(listener_);
  listener_ = LiveAgain();
  (void)Connect();
  const std::vector<SimNetwork::Accepted>& accepted = world().network().accepted();
  ASSERT_EQ(accepted.size(), 2U);
  EXPECT_EQ(accepted[0].life, 0U);
  EXPECT_EQ(accepted[1].life, 1U);
  EXPECT_EQ(world().actors().name(accepted[1].connection).ToString(), "conn.1.0");
}

using ProcessLifeDeathTest = ProcessLifeTest;

TEST_F(ProcessLifeDeathTest, AProgramThatNobodyBuriesIsABug) {
  DieNow(Site::kProcessKill);
  EXPECT_DEATH(for (int i = 0; i < 20'000; ++i)(void) Wait(), "kWaitsAfterDeathMax");
}

}  // namespace
}  // namespace reprise
