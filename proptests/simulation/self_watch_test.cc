// What a server tells of itself, logs and keeps is held against what is so, and gets into the report.
#include "proptests/simulation/self_watch.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "proptests/simulation/moments.h"
#include "sim/tape_source.h"

namespace reprise {
namespace {

class SelfWatchTest : public testing::Test {
 protected:
  // In a world with these choices.
  void Begin(std::vector<ChoiceMade> choices = {}) {
    plan_.audit = true;
    source_.emplace(std::move(choices));
    SimOptions options;
    options.may_die = true;
    world_.emplace(*source_, SwarmProfile::Quiet(), options);
    clock_.emplace(world_->clock(), world_->options().start_monotonic_ns);
    mortal_.emplace(plan_, *world_, *clock_);
    self_.emplace(plan_, *world_, *mortal_);
    StartServer();
  }
  void StartServer() {
    ASSERT_TRUE(mortal_->Start());
    self_->OnServerStarted();
  }
  void Audit() {
    bool done = false;
    self_->StartAudit({}, [&done] { done = true; });
    while (!done) {
      mortal_->loop().RunOnce();
    }
    self_->Finish();
    RunFor(kNanosPerSecond);
  }
  void RunFor(int64_t duration_ns) {
    const int64_t end_ns = world_->elapsed_ns() + duration_ns;
    while (world_->elapsed_ns() < end_ns) {
      mortal_->loop().RunOnce();
    }
  }
  RunReport StopAndJudge() {
    world_->Stop();
    while (!mortal_->loop().stopped()) {
      mortal_->loop().RunOnce();
    }
    self_->OnServerStops();
    EXPECT_EQ(mortal_->Bury(), "");
    RunReport report;
    self_->Judge({}, clock_->moments(), report);
    return report;
  }
  void Die() {
    while (!mortal_->dead()) {
      mortal_->loop().RunOnce();
    }
    EXPECT_EQ(mortal_->Bury(), "");
    world_->Restart();
    StartServer();
  }
  void AddKey() {
    Database& database = mortal_->server().database(3);
    (void)database.Insert("key", database.Hash("key"), "value", -1);
  }
  static ChoiceMade AtServer(Site site, uint64_t key, uint64_t value) {
    return {{{ActorKind::kServer}, site, false, key}, value};
  }

  Plan plan_;
  std::optional<TapeSource> source_;
  std::optional<SimWorld> world_;
  std::optional<NotingClock> clock_;
  std::optional<MortalServer> mortal_;
  std::optional<SelfWatch> self_;
};

TEST_F(SelfWatchTest, OfARightServerNothingIsWrong) {
  Begin();
  EXPECT_EQ(self_->history(), nullptr);
  EXPECT_EQ(self_->Describe(), "");
  EXPECT_TRUE(self_->AuditIsDue());
  Audit();
  EXPECT_FALSE(self_->AuditIsDue()) << "once is enough";
  ASSERT_NE(self_->history(), nullptr);
  EXPECT_GT(self_->history()->answered, 10U);
  EXPECT_NE(self_->Describe().find("the auditor (client 0)"), std::string::npos);
  EXPECT_EQ(self_->LookAtMemory(), "");
  EXPECT_EQ(self_->LookAtWhatIsLeft(), "");
  const RunReport report = StopAndJudge();
  EXPECT_TRUE(report.passed()) << DescribeFailure(report);
}

TEST_F(SelfWatchTest, AnAuditIsDueWhereThePlanHasOneAndNobodyHoldsOthersBack) {
  Begin();
  plan_.audit = false;
  EXPECT_FALSE(self_->AuditIsDue());
  plan_.audit = true;
  plan_.script.clients.emplace_back().operations.push_back({.words = {"CLIENT", "PAUSE", "10"}, .raw = {}});
  EXPECT_FALSE(self_->AuditIsDue());
}

TEST_F(SelfWatchTest, WhatTheAuditFindsIsReported) {
  Begin();
  ++mortal_->server().stats().total_commands_processed;
  Audit();
  const RunReport report = StopAndJudge();
  EXPECT_EQ(report.verdict, Verdict::kWrongAnswer);
  EXPECT_EQ(report.oracle, Oracle::kCounts) << DescribeFailure(report);
}

TEST_F(SelfWatchTest, ALineOfTheLogWithoutACauseIsReported) {
  Begin();
  world_->process().Log(LogLevel::kNotice, "nobody knows why");
  const RunReport report = StopAndJudge();
  EXPECT_EQ(report.verdict, Verdict::kWrongAnswer);
  EXPECT_EQ(report.oracle, Oracle::kLog) << DescribeFailure(report);
}

// The server was told so itself when it was started, and started again.
TEST_F(SelfWatchTest, AListenerThatCouldNotBeWatchedNeedsNoLine) {
  Begin({AtServer(Site::kRegisterFail, 0, 1)});
  EXPECT_EQ(mortal_->counters().registers_refused, 1U);
  const RunReport report = StopAndJudge();
  EXPECT_TRUE(report.passed()) << DescribeFailure(report);
}

TEST_F(SelfWatchTest, AConnectionThatCouldNotBeWatchedNeedsItsLine) {
  Begin({AtServer(Site::kRegisterFail, 1, 1)});
  class Nobody final : public SimPeerHandler {
    void OnConnected(SimPeer&) override {}
    void OnBytes(SimPeer&, std::string_view) override {}
    void OnEnd(SimPeer& peer) override { peer.Close(); }
    void OnLost(SimPeer&, ErrorCode) override {}
    void OnHalfClosed(SimPeer&) override {}
  } nobody;
  world_->NewPeer(9, nobody).Connect(Address{Address::Family::kIpv4, "127.0.0.1", 6379});
  RunFor(kNanosPerMilli);
  EXPECT_EQ(mortal_->counters().registers_refused, 1U);
  EXPECT_TRUE(StopAndJudge().passed());
}

TEST_F(SelfWatchTest, AfterADeathNeitherCountsNorLogAreJudged) {
  Begin({AtServer(Site::kProcessKill, 20, 1)});
  Die();
  EXPECT_FALSE(self_->AuditIsDue());
  world_->process().Log(LogLevel::kNotice, "nobody knows why");
  EXPECT_TRUE(StopAndJudge().passed());
}

// Keys explain what is held for them, unless a whole audit has removed them all.
TEST_F(SelfWatchTest, WhatIsLeftIsExplainedByKeys) {
  Begin();
  AddKey();
  EXPECT_EQ(self_->LookAtMemory(), "");
  EXPECT_EQ(self_->LookAtWhatIsLeft(), "");
}

TEST_F(SelfWatchTest, AfterAnAuditNothingIsLeft) {
  Begin();
  Audit();
  AddKey();
  EXPECT_EQ(self_->LookAtMemory(), "");
  EXPECT_NE(self_->LookAtWhatIsLeft().find("nobody and nothing is left"), std::string::npos);
}

}  // namespace
}  // namespace reprise
