#include "server/start_up.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

namespace reprise {
namespace {

// A process whose limit of open files can be raised as far as `hard`.
class LimitedProcess final : public Process {
 public:
  LimitedProcess(int64_t soft, int64_t hard) : soft_(soft), hard_(hard) {}

  uint64_t ResidentBytes() override { return 0; }
  CpuTime CpuUsed() override { return {}; }
  int64_t Id() override { return 1; }
  const BuildFacts& Facts() override { return facts_; }
  int64_t HandleLimit() override { return soft_; }
  int64_t RaiseHandleLimit(int64_t wanted) override {
    soft_ = std::max(soft_, std::min(wanted, hard_));
    return soft_;
  }
  void ReturnFreeMemory() override {}
  void Sleep(int64_t) override {}
  void Log(LogLevel, std::string_view) override {}

 private:
  BuildFacts facts_;
  int64_t soft_;
  int64_t hard_;
};

Config ConfigWith(std::string_view name, std::vector<std::string_view> words) {
  Config config;
  EXPECT_TRUE(config.SetAtStart(name, words).ok());
  return config;
}

Result<std::string> Unknown(const std::string& name) { return Status(ErrorCode::kNotFound, "unknown " + name); }

TEST(StartUpTest, TheLimitIsRaisedAsFarAsMaxclientsNeedsAndToldSo) {
  Config config = ConfigWith("maxclients", {"100"});
  LimitedProcess process(64, 500);
  StartNotes notes;
  ASSERT_TRUE(FitHandleLimit(config, process, notes).ok());
  EXPECT_EQ(process.HandleLimit(), 132);
  EXPECT_EQ(config.values().maxclients, 100);
  ASSERT_EQ(notes.all().size(), 1U);
  EXPECT_EQ(notes.all()[0].line, "The limit of open files is 132 (it was 64): maxclients is 100.");
}

TEST(StartUpTest, WhatTheLimitRefusesLowersMaxclientsWithAWarning) {
  Config config = ConfigWith("maxclients", {"1000"});
  LimitedProcess process(64, 500);
  StartNotes notes;
  ASSERT_TRUE(FitHandleLimit(config, process, notes).ok());
  EXPECT_EQ(config.values().maxclients, 468);
  ASSERT_EQ(notes.all().size(), 2U);
  EXPECT_EQ(notes.all()[1].level, LogLevel::kWarning);
  EXPECT_NE(notes.all()[1].line.find("maxclients 1000 needs a limit of 1032"), std::string::npos);
}

TEST(StartUpTest, OneClientIsEnoughAndNoneIsAnError) {
  Config config = ConfigWith("maxclients", {"10"});
  StartNotes notes;
  LimitedProcess just_enough(33, 33);
  EXPECT_TRUE(FitHandleLimit(config, just_enough, notes).ok());
  EXPECT_EQ(config.values().maxclients, 1);
  LimitedProcess too_low(32, 32);
  EXPECT_EQ(FitHandleLimit(config, too_low, notes).code(), ErrorCode::kTooManyHandles);
}

TEST(StartUpTest, AddressesAreNotLookedUp) {
  Config config = ConfigWith("bind", {"127.0.0.1", "-::1", "*", "::*"});
  EXPECT_TRUE(ResolveBindNames(config, Unknown).ok());
  EXPECT_EQ(config.values().bind, (std::vector<std::string>{"127.0.0.1", "-::1", "*", "::*"}));
}

TEST(StartUpTest, NamesBecomeTheirAddressesAndStayOptional) {
  Config config = ConfigWith("bind", {"host", "-other", "::1"});
  const HostLookup look_up = [](const std::string& name) -> Result<std::string> {
    return std::string(name == "host" ? "10.0.0.1" : "10.0.0.2");
  };
  ASSERT_TRUE(ResolveBindNames(config, look_up).ok());
  EXPECT_EQ(config.values().bind, (std::vector<std::string>{"10.0.0.1", "-10.0.0.2", "::1"}));
}

TEST(StartUpTest, AnUnknownNameIsAnErrorUnlessItMayBeMissing) {
  Config optional = ConfigWith("bind", {"-host", "127.0.0.1"});
  ASSERT_TRUE(ResolveBindNames(optional, Unknown).ok());
  EXPECT_EQ(optional.values().bind, std::vector<std::string>{"127.0.0.1"});
  Config config = ConfigWith("bind", {"127.0.0.1", "host"});
  const Status status = ResolveBindNames(config, Unknown);
  EXPECT_EQ(status.code(), ErrorCode::kNotFound);
  EXPECT_EQ(status.detail(), "could not listen on host:6379: unknown host");
}

}  // namespace
}  // namespace reprise
