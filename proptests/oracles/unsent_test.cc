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

TEST_F(UnsentOutput, AServerThatEndsWhoIsAboveTheSoftLimitForTooLongIsRight) {
  SetConfig("client-output-buffer-limit", "normal 0 100000 2");
  AskForMuch();
  Watch(10 * kSecondNs);
  EXPECT_EQ(watch_.problem(), "");
  EXPECT_EQ(watch_.ended(), 1u);
  EXPECT_EQ(server_->sessions().size(), 0u);
}

// A server that forgets the seconds looks just like one that was told more of them.
TEST_F(UnsentOutput, AboveTheSoftLimitForTooLongIsToldOf) {
  SetConfig("client-output-buffer-limit", "normal 0 100000 60");
  AskForMuch();
  Watch(4 * kSecondNs);
  ASSERT_EQ(watch_.problem(), "");
  SetConfig("hz", "1");
  SetConfig("client-output-buffer-limit", "normal 0 100000 2");
  // The server would look with its next tick, so it gets none.
  const int64_t late_ns = world_.elapsed_ns() + UnsentWatch::kGraceNs + 1;
  EXPECT_TRUE(watch_.Look(world_.elapsed_ns()));
  EXPECT_FALSE(watch_.Look(late_ns));
  EXPECT_NE(watch_.problem().find("may for 2 s"), std::string::npos) << watch_.problem();
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
