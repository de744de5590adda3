#include "backends/daemon.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <optional>
#include <string>

namespace reprise {
namespace {

// DetachFromTerminal is tried end to end, in proptests/e2e.

TEST(PidFileTest, HoldsTheProcessIdAndGoesAwayWithIt) {
  const std::string path = ::testing::TempDir() + "reprise-pid-" + std::to_string(::getpid());
  std::optional<PidFile> file(path);
  EXPECT_TRUE(file->written());
  int64_t id = 0;
  std::ifstream(path) >> id;
  EXPECT_EQ(id, ::getpid());
  file.reset();
  EXPECT_FALSE(std::ifstream(path).is_open());
}

TEST(PidFileTest, WhereItCannotBeWrittenItSaysSo) {
  const PidFile file("/no/such/folder/pid");
  EXPECT_FALSE(file.written());
}

}  // namespace
}  // namespace reprise
