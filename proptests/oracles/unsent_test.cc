#include "proptests/oracles/unsent.h"

#include <gtest/gtest.h>

#include <string>

#include "proptests/oracles/server_testing.h"

namespace reprise {
namespace {

constexpr int64_t kSecondNs = 1'000'000'000;

// A client that asks for 800,000 bytes, of which the network between takes a part, and reads none of them.
class UnsentOutput : public ServerInWorld {
 protected:
  void AskForMuch() {
    std::string requests = "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$20000\r\n" + std::string(20'000, 'x') + "\r\n";
    for (int i = 0; i < 40; ++i) {
      requests += "*2\r\n$3\r\nGET\r\n$1\r\nk\r\n";
    }
    client_.peer().Send(requests);
  }
  void Watch(int64_t duration_ns) {
    RunFor(duration_ns, [this] { (void)watch_.Look(world_.elapsed_ns()); });
  }
  // Until so many requests are executed in all.
  void WatchUntil(uint64_t executed) {
    while (server_->stats().total_commands_processed < executed) {
      loop_.RunOnce();
      (void)watch_.Look(world_.elapsed_ns());
    }
  }
  // The server sees 120,000 bytes in the midst of a turn, at whose end all of them are sent, and another 400,000 before
  // it looks again. Between the two its clock jumps, by each of `jumps_us` before a turn of its own.
  void PassTheLimitUnseenWhileTheClockJumps(std::initializer_list<int64_t> jumps_us) {
    const auto set = [](char key, size_t bytes) {
      return std::string("*3\r\n$3\r\nSET\r\n$1\r\n") + key + "\r\n$" + std::to_string(bytes) + "\r\n" +
             std::string(bytes, 'x') + "\r\n";
    };
    client_.peer().Send(set('a', 120'000) + set('b', 400'000));
    WatchUntil(2);
    client_.peer().Send("*2\r\n$3\r\nGET\r\n$1\r\na\r\n");
    WatchUntil(3);
    uint64_t executed = 3;
    for (const int64_t jump_us : jumps_us) {
      world_.clock().Jump(jump_us);
      client_.peer().Send("*1\r\n$4\r\nPING\r\n");
      WatchUntil(++executed);
    }
    client_.peer().Send("*2\r\n$3\r\nGET\r\n$1\r\nb\r\n");
    WatchUntil(++executed);
  }
  // The clock was set back far, long ago; then again by `jump_us`, and the client stays above the limit for longer than
  // it may.
  void StayAboveTheLimitBehindAJump(int64_t jump_us) {
    world_.clock().Jump(-20'000'000);
    Watch(3 * kSecondNs);
    SetConfig("client-output-buffer-limit", "normal 0 100000 60");
    world_.clock().Jump(jump_us);
    AskForMuch();
    Watch(4 * kSecondNs);
    ASSERT_EQ(watch_.problem(), "");
    ExpectTooLongByALimitOfTwoSeconds();
  }
  // A server that forgets the seconds looks just like one that was told more of them. It would look with its next tick,
  // so it gets none.
  void ExpectTooLongByALimitOfTwoSeconds() {
    SetConfig("hz", "1");
    SetConfig("client-output-buffer-limit", "normal 0 100000 2");
    const int64_t late_ns = world_.elapsed_ns() + UnsentWatch::kGraceNs + 1;
    EXPECT_TRUE(watch_.Look(world_.elapsed_ns()));
    EXPECT_FALSE(watch_.Look(late_ns));
  }

  SilentClient client_{world_};
  UnsentWatch watch_{*server_};
};

// A server that has not kept to a limit looks just like one that is given the limit too late.
TEST_F(UnsentOutput, AboveTheLimitIsToldOf) {
  AskForMuch();
  Watch(kSecondNs);
  EXPECT_EQ(watch_.problem(), "") << "there is no limit";
  ASSERT_GT(watch_.peak_bytes(), 100'000u);
  SetConfig("client-output-buffer-limit", "normal 100000 0 0");
  EXPECT_FALSE(watch_.Look(world_.elapsed_ns()));
  EXPECT_NE(watch_.problem().find("100000"), std::string::npos) << watch_.problem();
}

TEST_F(UnsentOutput, AsMuchAsTheLimitIsAllowedAndAByteMoreIsNot) {
  AskForMuch();
  Watch(kSecondNs);
  UnsentWatch now(*server_);
  EXPECT_TRUE(now.Look(world_.elapsed_ns()));
  SetConfig("client-output-buffer-limit", "normal " + std::to_string(now.peak_bytes()) + " 0 0");
  EXPECT_TRUE(now.Look(world_.elapsed_ns()));
  SetConfig("client-output-buffer-limit", "normal " + std::to_string(now.peak_bytes() - 1) + " 0 0");
  EXPECT_FALSE(now.Look(world_.elapsed_ns()));
}

TEST_F(UnsentOutput, AServerThatEndsWhoIsAboveTheSoftLimitForTooLongIsRight) {
  SetConfig("client-output-buffer-limit", "normal 0 100000 2");
  AskForMuch();
  Watch(10 * kSecondNs);
  EXPECT_EQ(watch_.problem(), "");
  EXPECT_EQ(watch_.ended(), 1u);
  EXPECT_EQ(server_->sessions().size(), 0u);
}

TEST_F(UnsentOutput, AboveTheSoftLimitForTooLongIsToldOf) {
  SetConfig("client-output-buffer-limit", "normal 0 100000 60");
  AskForMuch();
  Watch(4 * kSecondNs);
  ASSERT_EQ(watch_.problem(), "");
  ExpectTooLongByALimitOfTwoSeconds();
  EXPECT_NE(watch_.problem().find("may for 2 s"), std::string::npos) << watch_.problem();
}

// The server counts from before the clock was set back, and so from the future.
TEST_F(UnsentOutput, AClockThatWasSetBackLengthensTheSeconds) {
  SetConfig("client-output-buffer-limit", "normal 0 100000 2");
  PassTheLimitUnseenWhileTheClockJumps({-20'000'000});
  Watch(15 * kSecondNs);
  EXPECT_EQ(server_->sessions().size(), 1u);
  EXPECT_EQ(watch_.problem(), "");
  Watch(15 * kSecondNs);
  EXPECT_EQ(server_->sessions().size(), 0u);
  EXPECT_EQ(watch_.problem(), "");
}

TEST_F(UnsentOutput, OfTwoTimesThatItWasSetBackBothCount) {
  SetConfig("client-output-buffer-limit", "normal 0 100000 2");
  PassTheLimitUnseenWhileTheClockJumps({-20'000'000, -5'000});
  Watch(15 * kSecondNs);
  EXPECT_EQ(server_->sessions().size(), 1u);
  EXPECT_EQ(watch_.problem(), "");
  Watch(15 * kSecondNs);
  EXPECT_EQ(server_->sessions().size(), 0u);
  EXPECT_EQ(watch_.problem(), "");
}

// What reaches the client makes it fall below the limit for so short a time that no look but a tick of the server may
// have seen it; then it asks for more. The server counts from then on, by a clock that was set back before.
TEST_F(UnsentOutput, ATickThatSawItBelowMakesTheSecondsBeginAnewAfterAClockThatWasSetBack) {
  SetConfig("hz", "100");
  SetConfig("client-output-buffer-limit", "normal 0 100000 2");
  AskForMuch();
  Watch(kSecondNs);
  world_.clock().Jump(-20'000'000);
  Watch(kSecondNs);
  const auto unsent = [this] {
    uint64_t bytes = 0;
    server_->sessions().ForEach([&](const Session& session) { bytes += session.connection().unsent_bytes(); });
    return bytes;
  };
  ASSERT_GT(unsent(), 100'000u);
  client_.peer().StartReading();
  while (unsent() > 100'000) {
    loop_.RunOnce();
    (void)watch_.Look(world_.elapsed_ns());
  }
  client_.peer().StopReading();
  Watch(kSecondNs / 100);
  ASSERT_LE(unsent(), 100'000u);
  AskForMuch();
  Watch(4 * kSecondNs);
  EXPECT_EQ(server_->sessions().size(), 0u);
  EXPECT_EQ(watch_.problem(), "");
}

// With each tick the server sees anew whether a client is above its limit.
TEST_F(UnsentOutput, AClockThatWasSetBackLongAgoExcusesNothing) { StayAboveTheLimitBehindAJump(0); }

TEST_F(UnsentOutput, AClockThatWasSetBackALittleExcusesLittle) { StayAboveTheLimitBehindAJump(-5'000); }

TEST_F(UnsentOutput, AClockThatWasSetForwardMayEndTheSecondsSooner) {
  SetConfig("client-output-buffer-limit", "normal 0 100000 2");
  AskForMuch();
  Watch(kSecondNs);
  EXPECT_EQ(server_->sessions().size(), 1u);
  world_.clock().Jump(10'000'000);
  Watch(kSecondNs / 2);
  EXPECT_EQ(server_->sessions().size(), 0u);
  EXPECT_EQ(watch_.problem(), "");
}

// The server ends it with the first bytes above the limit that anybody else could have seen.
TEST_F(UnsentOutput, AClockThatWasSetForwardMayEndThemAtOnce) {
  SetConfig("client-output-buffer-limit", "normal 0 100000 2");
  PassTheLimitUnseenWhileTheClockJumps({20'000'000});
  Watch(1);
  EXPECT_EQ(server_->stats().output_limit_disconnections, 1u);
  EXPECT_EQ(watch_.problem(), "");
}

TEST_F(UnsentOutput, ABitLateIsInTime) {
  SetConfig("client-output-buffer-limit", "normal 0 100000 60");
  AskForMuch();
  Watch(4 * kSecondNs);
  SetConfig("hz", "1");
  SetConfig("client-output-buffer-limit", "normal 0 100000 2");
  const int64_t due_ns = world_.elapsed_ns();
  EXPECT_TRUE(watch_.Look(due_ns));
  EXPECT_TRUE(watch_.Look(due_ns + UnsentWatch::kGraceNs));
  EXPECT_FALSE(watch_.Look(due_ns + UnsentWatch::kGraceNs + 1));
}

TEST_F(UnsentOutput, BeingEndedBeforeTheSecondsAreOverIsToldOf) {
  SetConfig("client-output-buffer-limit", "normal 0 100000 0");
  AskForMuch();
  while (server_->stats().output_limit_disconnections == 0) {
    loop_.RunOnce();
    // As if it had been told of 2 seconds all the while.
    if (server_->stats().output_limit_disconnections == 0) {
      (void)watch_.Look(world_.elapsed_ns());
    }
  }
  SetConfig("client-output-buffer-limit", "normal 0 100000 2");
  EXPECT_FALSE(watch_.Look(world_.elapsed_ns()));
  EXPECT_NE(watch_.problem().find("none had more than 100000 bytes for 2 s"), std::string::npos) << watch_.problem();
}

}  // namespace
}  // namespace reprise
