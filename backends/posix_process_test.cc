#include "backends/posix_process.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>
#include <vector>

namespace reprise {
namespace {

class PosixProcessTest : public ::testing::Test {
 protected:
  PosixProcessTest() : folder_(::testing::TempDir() + "reprise-XXXXXX") {
    EXPECT_NE(::mkdtemp(folder_.data()), nullptr);
    log_path_ = folder_ + "/log";
    process_ = PosixProcess::Create(log_path_, "epoll").value();
  }
  ~PosixProcessTest() override { std::filesystem::remove_all(folder_); }

  std::string LogText() const {
    std::ifstream file(log_path_);
    return std::string(std::istreambuf_iterator<char>(file), {});
  }

  std::string folder_;
  std::string log_path_;
  std::unique_ptr<PosixProcess> process_;
};

TEST_F(PosixProcessTest, ALineOfTheLogHasTheFormThatRedisWrites) {
  process_->Log(LogLevel::kNotice, "Ready to accept connections");
  const std::regex form(std::to_string(::getpid()) +
                        R"(:M \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d\.\d{3} \* Ready to accept connections\n)");
  EXPECT_TRUE(std::regex_match(LogText(), form)) << LogText();
}

TEST_F(PosixProcessTest, EachLevelHasItsSignAndNoneIsDropped) {
  process_->Log(LogLevel::kDebug, "a");
  process_->Log(LogLevel::kVerbose, "b");
  process_->Log(LogLevel::kNotice, "c");
  process_->Log(LogLevel::kWarning, "d");
  const std::string text = LogText();
  size_t at = 0;
  for (const char* tail : {" . a\n", " - b\n", " * c\n", " # d\n"}) {
    at = text.find(tail, at);
    ASSERT_NE(at, std::string::npos) << tail << " in " << text;
  }
}

TEST_F(PosixProcessTest, ALineIsWrittenAsItIs) {
  const std::string odd = "{} {0} %v %n \\ {";
  process_->Log(LogLevel::kNotice, odd);
  EXPECT_NE(LogText().find(" * " + odd + "\n"), std::string::npos) << LogText();
}

TEST_F(PosixProcessTest, AnExistingLogIsAppendedTo) {
  process_->Log(LogLevel::kNotice, "first");
  process_ = PosixProcess::Create(log_path_, "epoll").value();
  process_->Log(LogLevel::kNotice, "second");
  const std::string text = LogText();
  EXPECT_LT(text.find("first"), text.find("second"));
  EXPECT_NE(text.find("second"), std::string::npos);
}

TEST_F(PosixProcessTest, ALogThatCannotBeOpenedIsAnErrorThatNamesIt) {
  const std::string path = folder_ + "/missing/log";
  const Status status = PosixProcess::Create(path, "epoll").status();
  EXPECT_EQ(status.code(), ErrorCode::kNotFound);
  EXPECT_NE(status.ToString().find(path), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(folder_ + "/missing"));
}

TEST_F(PosixProcessTest, ResidentBytesFollowsMemoryThatIsTouched) {
  const uint64_t before = process_->ResidentBytes();
  EXPECT_GT(before, 100'000U);
  constexpr size_t kSize = 64 << 20;
  std::vector<char> memory(kSize, 'x');
  EXPECT_GE(process_->ResidentBytes(), before + kSize / 2);
  EXPECT_EQ(memory[kSize / 2], 'x');
}

TEST_F(PosixProcessTest, CpuUsedGrowsWithWork) {
  const CpuTime before = process_->CpuUsed();
  volatile uint64_t sum = 0;
  constexpr int64_t kEnoughMicros = 20'000;
  CpuTime now = before;
  while (now.user_us + now.system_us < before.user_us + before.system_us + kEnoughMicros) {
    for (int i = 0; i < 100'000; ++i) sum = sum + 1;
    now = process_->CpuUsed();
  }
  EXPECT_GE(now.user_us, before.user_us);
  EXPECT_GE(now.system_us, before.system_us);
}

TEST_F(PosixProcessTest, TellsWhoItIs) {
  EXPECT_EQ(process_->Id(), ::getpid());
  const BuildFacts& facts = process_->Facts();
  EXPECT_EQ(facts.multiplexer, "epoll");
  EXPECT_EQ(facts.pointer_bits, static_cast<int>(sizeof(void*) * 8));
  EXPECT_TRUE(std::regex_match(facts.os, std::regex(R"(\S+ \S+ \S+)"))) << facts.os;
  EXPECT_TRUE(std::regex_match(facts.compiler, std::regex(R"((gcc|clang) \d+\.\d+\.\d+)"))) << facts.compiler;
}

#if defined(__linux__)
TEST_F(PosixProcessTest, KnowsItsExecutable) {
  EXPECT_EQ(std::filesystem::path(process_->Facts().executable).filename(), "backends_test");
}
#endif

TEST_F(PosixProcessTest, TheHandleLimitIsRaisedAsFarAsAllowedAndNeverLowered) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  ASSERT_GE(before.rlim_max, 200U);
  const rlimit low{.rlim_cur = 100, .rlim_max = before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &low), 0);
  EXPECT_EQ(process_->HandleLimit(), 100);
  EXPECT_EQ(process_->RaiseHandleLimit(150), 150);
  EXPECT_EQ(process_->RaiseHandleLimit(50), 150);
  EXPECT_EQ(process_->RaiseHandleLimit(-1), 150);
  EXPECT_EQ(process_->HandleLimit(), 150);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
}

}  // namespace
}  // namespace reprise
