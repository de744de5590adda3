// A run comes to its verdict, whatever goes wrong in it.
#include "proptests/simulation/run.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "proptests/simulation/profile.h"
#include "proptests/workload/script.h"
#include "sim/tape_source.h"

namespace reprise {
namespace {

// Somebody beside the clients of the plan, of whom the oracles know nothing. Acts when step `when` comes for the first
// time, of a client with the number `of`.
class Stranger final : public SimPeerHandler {
 public:
  Stranger(StepKind when, uint32_t of, std::string says, bool stays)
      : when_(when), of_(of), says_(std::move(says)), stays_(stays) {}

  void OnStep(SimWorld& world, const Step& step) {
    if (came_ || step.kind != when_ || world.actors().name(step.actor).index != of_) {
      return;
    }
    came_ = true;
    SimPeer& peer = world.NewPeer(kNumber, *this);
    peer.Connect(Address{Address::Family::kIpv4, "127.0.0.1", 6379});
    peer.Send(says_);
  }
  bool answered() const { return answered_; }

 private:
  static constexpr uint32_t kNumber = 99;

  void OnConnected(SimPeer&) override {}
  void OnBytes(SimPeer& peer, std::string_view) override {
    answered_ = true;
    if (!stays_) {
      peer.Close();
    }
  }
  void OnEnd(SimPeer& peer) override { peer.Close(); }
  void OnLost(SimPeer&, ErrorCode) override {}
  void OnHalfClosed(SimPeer&) override {}

  const StepKind when_;
  const uint32_t of_;
  const std::string says_;
  const bool stays_;
  bool came_ = false;
  bool answered_ = false;
};

class RunTest : public testing::Test {
 protected:
  RunTest() {
    plan_.profile = "quiet";
    plan_.heal_after_ns = kNanosPerMilli;
    plan_.world.step_limit = 200'000;
  }

  void Asks(std::vector<std::string> words) {
    ScriptClient client;
    client.id = static_cast<uint32_t>(plan_.script.clients.size());
    client.keys = Keys::kBlind;
    client.operations.push_back({.words = std::move(words), .raw = {}});
    plan_.script.clients.push_back(std::move(client));
  }
  RunReport Play(Stranger* stranger = nullptr) {
    TapeSource nothing{std::vector<ChoiceMade>()};
    RunOptions options;
    if (stranger != nullptr) {
      options.keep = Trace::Keep::kSteps;
      options.on_step = [stranger](SimWorld& world, const Step& step) { stranger->OnStep(world, step); };
    }
    return PlayPlan(plan_, nothing, options);
  }
  static void ExpectFailure(const RunReport& report, Verdict verdict, Oracle oracle) {
    EXPECT_EQ(VerdictName(report.verdict), VerdictName(verdict)) << report.problem;
    EXPECT_EQ(OracleName(report.oracle), OracleName(oracle)) << report.problem;
  }

  Plan plan_;
};

TEST_F(RunTest, WhoIsAnsweredPasses) {
  Asks({"PING"});
  plan_.audit = true;
  const RunReport report = Play();
  EXPECT_TRUE(report.passed()) << DescribeFailure(report);
  EXPECT_GE(report.healed_ns, 0);
  EXPECT_GT(report.answered, 0U);
}

TEST_F(RunTest, WhoIsNeverAnsweredIsNoProgress) {
  Asks({"CLIENT", "PAUSE", "1000000000"});
  Asks({"GET", "k"});
  plan_.script.clients[1].start_ns = kNanosPerMilli;
  const RunReport report = Play();
  ExpectFailure(report, Verdict::kNoProgress, Oracle::kLiveness);
  EXPECT_NE(report.problem.find("120 s later not all is answered"), std::string::npos) << report.problem;
  EXPECT_NE(report.problem.find("client 1 (one-at-a-time"), std::string::npos) << report.problem;
}

TEST_F(RunTest, MoreStepsThanItMayTakeAreNoProgress) {
  Asks({"PING"});
  plan_.world.step_limit = 40;
  ExpectFailure(Play(), Verdict::kNoProgress, Oracle::kSteps);
}

TEST_F(RunTest, ASessionThatIsThereWhenAllHaveGoneIsALeak) {
  Asks({"PING"});
  Stranger stays(StepKind::kPeerClose, 0, "*1\r\n$4\r\nPING\r\n", true);
  const RunReport report = Play(&stays);
  EXPECT_TRUE(stays.answered());
  ExpectFailure(report, Verdict::kLeak, Oracle::kLeak);
  EXPECT_NE(report.problem.find("30 s after the last client has gone: 1 sessions"), std::string::npos)
      << report.problem;
}

TEST_F(RunTest, MemoryThatIsHeldForNobodyIsALeak) {
  Asks({"PING"});
  plan_.audit = true;
  Stranger leaves(StepKind::kPeerClose, 1, "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1\r\nv\r\n", false);  // the auditor is 1
  const RunReport report = Play(&leaves);
  EXPECT_TRUE(leaves.answered());
  ExpectFailure(report, Verdict::kLeak, Oracle::kServerMemory);
}

TEST_F(RunTest, WhoIsThereAndNotInTheListIsAWrongAnswer) {
  Asks({"PING"});
  plan_.audit = true;
  Stranger stays(StepKind::kPeerConnect, 0, "*1\r\n$4\r\nPING\r\n", true);
  ExpectFailure(Play(&stays), Verdict::kLeak, Oracle::kLeak);  // which is found before the histories are judged
}

TEST_F(RunTest, AnAuditThatFindsSomethingIsAWrongAnswer) {
  Asks({"PING"});
  plan_.audit = true;
  // Somebody's request that no history has; it has gone again before CLIENT LIST could tell of it.
  Stranger leaves(StepKind::kPeerConnect, 0, "*1\r\n$4\r\nPING\r\n", false);
  ExpectFailure(Play(&leaves), Verdict::kWrongAnswer, Oracle::kCounts);
}

// --- a program that is wrong, which is put together from outside

// Acts once, on the program's side, as if the program had.
class Meddler {
 public:
  Meddler(StepKind when, std::function<void(SimWorld&)> act) : when_(when), act_(std::move(act)) {}
  void OnStep(SimWorld& world, const Step& step) {
    const bool ready = step.kind == StepKind::kEvent && (step.b & 0xff) == 0;
    token_ = ready && !token_.valid() ? Token::Unpack(static_cast<uint64_t>(step.a)) : token_;
    if (!acted_ && step.kind == when_) {
      acted_ = true;
      act_(world);
    }
  }
  // Of the first event that was reported: the listener's.
  Token token() const { return token_; }

 private:
  const StepKind when_;
  const std::function<void(SimWorld&)> act_;
  Token token_;
  bool acted_ = false;
};

Handle ListenElsewhere(SimWorld& world) {
  return world.network().Listen({Address::Family::kIpv4, "127.0.0.1", 7000}, {}).value();
}

TEST_F(RunTest, AHandleThatIsLeftOpenIsALeakInALaterLifeToo) {
  Asks({"PING"});
  for (const StepKind when : {StepKind::kPeerSend, StepKind::kStarts}) {
    Meddler meddler(when, [](SimWorld& world) { (void)ListenElsewhere(world); });
    RunOptions options;
    options.keep = Trace::Keep::kSteps;
    options.on_step = [&](SimWorld& world, const Step& step) { meddler.OnStep(world, step); };
    std::vector<ChoiceMade> choices;
    if (when == StepKind::kStarts) {
      choices.push_back({{{ActorKind::kServer}, Site::kProcessKill, false, 1}, 1});
    }
    TapeSource source(choices);
    const RunReport report = PlayPlan(plan_, source, options);
    EXPECT_EQ(report.deaths, choices.size());
    ExpectFailure(report, Verdict::kLeak, Oracle::kLeak);
  }
}

// The event of a registration that has ended bears the listener's token, so the loop can't know it for what it is.
TEST_F(RunTest, AStaleEventThatIsBelievedIsAWrongAnswer) {
  Asks({"PING"});
  Meddler meddler(StepKind::kPeerBytes, [&meddler](SimWorld& world) {
    const Handle handle = ListenElsewhere(world);
    ASSERT_TRUE(world.poller().Register(handle, Interest::kRead, meddler.token()).ok());
    world.poller().Forget(handle);
    world.network().Close(handle);
  });
  RunOptions options;
  options.keep = Trace::Keep::kSteps;
  options.on_step = [&](SimWorld& world, const Step& step) { meddler.OnStep(world, step); };
  TapeSource stale({{{{ActorKind::kServer}, Site::kReadyStale, false, 0}, 1}});
  ExpectFailure(PlayPlan(plan_, stale, options), Verdict::kWrongAnswer, Oracle::kStaleEvents);
}

// What a seed has answered, a tape answers too: no choice is asked for twice under one name.
TEST(RunOfATape, IsStepByStepThatOfItsSeed) {
  const CommandTable commands;
  for (const ProfileFacts& profile : Profiles()) {
    for (uint64_t seed = 20; seed <= 40; ++seed) {
      const Plan plan = MakePlan(seed, profile.name, commands).value();
      Tape tape;
      RunOptions options;
      options.record_choices = true;
      options.inspect = [&tape](SimWorld& world, const RunReport&) {
        tape = Tape::FromChoices(world.choices().made());
        EXPECT_EQ(tape.overrides.size(), world.choices().made().size()) << "a name came twice";
      };
      const RunReport first = PlaySeed(plan, options);
      TapeSource source(tape);
      EXPECT_EQ(PlayPlan(plan, source).hash, first.hash) << "profile " << profile.name << ", seed " << seed;
    }
  }
}

TEST_F(RunTest, DeathsAreCountedAndSurvived) {
  Asks({"PING"});
  TapeSource deadly({{{{ActorKind::kServer}, Site::kProcessKill, false, 1}, 1}});
  const RunReport report = PlayPlan(plan_, deadly);
  EXPECT_TRUE(report.passed()) << DescribeFailure(report);
  EXPECT_EQ(report.deaths, 1U);
}

}  // namespace
}  // namespace reprise
