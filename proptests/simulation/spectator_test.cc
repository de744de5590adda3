// What a spectator is shown, and when it has seen enough; in the simulated world, with the real server.
#include "proptests/simulation/spectator.h"

#include <gtest/gtest.h>

#include <string>

#include "proptests/session_testing.h"

namespace reprise {
namespace {

class SpectatorTest : public SessionTest {
 protected:
  void Watch(std::string_view password = {}) {
    Start({{"requirepass", {password}}});
    spectator_ = std::make_unique<Spectator>(world, 100);
    spectator_->Start(password);
    RunUntil([this] { return spectator_->view().on_ns <= world.elapsed_ns(); });
  }
  void Conclude() {
    spectator_->Conclude([this] { concluded_ = true; });
    RunUntil([this] { return concluded_; });
  }

  std::unique_ptr<Spectator> spectator_;
  bool concluded_ = false;
};

TEST_F(SpectatorTest, SeesWhatIsAskedForUntilItsLastRequest) {
  Watch();
  Ask(NewClient(), "ECHO one");
  Conclude();
  Ask(NewClient(), "ECHO two");
  EXPECT_TRUE(spectator_->view().whole);
  ASSERT_EQ(spectator_->view().lines.size(), 1U);
  EXPECT_TRUE(spectator_->view().lines[0].ends_with("] \"ECHO\" \"one\"")) << spectator_->view().lines[0];
  EXPECT_EQ(spectator_->view().problem, "");
}

TEST_F(SpectatorTest, LogsInWhereAPasswordIsAskedFor) {
  Watch("sesame");
  Conclude();
  EXPECT_TRUE(spectator_->view().whole);
  EXPECT_TRUE(spectator_->view().lines.empty());
  EXPECT_EQ(spectator_->view().problem, "");
}

TEST_F(SpectatorTest, WhoseConnectionBreaksIsDoneAtOnceAndHasNotSeenAll) {
  Watch();
  EXPECT_EQ(Ask(NewClient(), "CLIENT KILL TYPE normal SKIPME yes"), ":1\r\n");
  RunFor(5);
  Conclude();
  EXPECT_FALSE(spectator_->view().whole);
}

TEST_F(SpectatorTest, WhoseConnectionBreaksWhileItWaitsForTheLastLineIsDone) {
  Watch();
  KeepingClient& other = NewClient();
  EXPECT_EQ(Ask(other, "CLIENT PAUSE 60000 ALL"), "+OK\r\n");
  server.reset();
  Conclude();
  EXPECT_FALSE(spectator_->view().whole);
}

TEST_F(SpectatorTest, IsRefusedWithoutThePasswordAndSaysSo) {
  Start({{"requirepass", {"sesame"}}});
  Spectator spectator(world, 100);
  spectator.Start("");
  RunUntil([&] { return !spectator.view().problem.empty(); });
  EXPECT_NE(spectator.view().problem.find("NOAUTH"), std::string::npos) << spectator.view().problem;
  spectator.Finish();
}

}  // namespace
}  // namespace reprise
