// Process.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "proptests/contract/harness.h"

namespace reprise {
namespace {

class ProcessContract : public WorldTest {
 protected:
  Process& process() { return world().process(); }
};
REPRISE_OVER_ALL_WORLDS(ProcessContract);

TEST_P(ProcessContract, RaisingTheHandleLimitReturnsTheNewOneAndNeverLowersIt) {
  const int64_t before = process().HandleLimit();
  EXPECT_GT(before, 0);
  for (const int64_t wanted : {int64_t{-1}, int64_t{1}, before - 1, before}) {
    EXPECT_EQ(process().RaiseHandleLimit(wanted), before) << wanted;
    EXPECT_EQ(process().HandleLimit(), before);
  }
  const int64_t raised = process().RaiseHandleLimit(before + 1);
  EXPECT_TRUE(raised == before || raised == before + 1) << raised;
  EXPECT_EQ(process().HandleLimit(), raised);
}

TEST_P(ProcessContract, CpuTimeNeverGoesBack) {
  CpuTime last = process().CpuUsed();
  EXPECT_GE(last.user_us, 0);
  EXPECT_GE(last.system_us, 0);
  for (int i = 0; i < 20; ++i) {
    WaitOnce(Now() + 10'000);
    const CpuTime now = process().CpuUsed();
    EXPECT_GE(now.user_us, last.user_us);
    EXPECT_GE(now.system_us, last.system_us);
    last = now;
  }
}

TEST_P(ProcessContract, ItOccupiesMemoryAndHasAnIdThatStays) {
  EXPECT_GT(process().ResidentBytes(), 0U);
  const int64_t id = process().Id();
  EXPECT_GT(id, 0);
  Settle();
  EXPECT_EQ(process().Id(), id);
}

TEST_P(ProcessContract, TheFactsAreKnownAndStay) {
  const BuildFacts& facts = process().Facts();
  EXPECT_FALSE(facts.os.empty());
  EXPECT_FALSE(facts.compiler.empty());
  EXPECT_FALSE(facts.multiplexer.empty());
  EXPECT_FALSE(facts.allocator.empty());
  EXPECT_TRUE(facts.pointer_bits == 64 || facts.pointer_bits == 32);
  const std::string os = facts.os;
  Settle();
  EXPECT_EQ(&process().Facts(), &facts);
  EXPECT_EQ(facts.os, os);
}

TEST_P(ProcessContract, EachLineOfTheLogIsWrittenOnceInOrderAndAsItIs) {
  const std::vector<std::string> lines = {"first", "a {} b %s %%", "tab\tand \xc3\xa9", "first"};
  const std::vector<LogLevel> levels = {LogLevel::kWarning, LogLevel::kDebug, LogLevel::kNotice, LogLevel::kVerbose};
  for (size_t i = 0; i < lines.size(); ++i) process().Log(levels[i], lines[i]);
  const std::vector<std::string> logged = world().LogLines();
  ASSERT_EQ(logged.size(), lines.size());
  for (size_t i = 0; i < lines.size(); ++i) EXPECT_TRUE(logged[i].ends_with(lines[i])) << logged[i];
}

}  // namespace
}  // namespace reprise
