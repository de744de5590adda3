#include "sim/ledger.h"

#include <gtest/gtest.h>

#include <map>

#include "sim/function_source.h"

namespace reprise {
namespace {

// A run in which `site` was asked `offered` times, of which it fired at the first `fired`.
void AddRun(Ledger& ledger, Site site, int offered, int fired) {
  int asked = 0;
  FunctionSource source([&](const ChoiceRequest&) -> uint64_t { return asked++ < fired ? 1 : 0; });
  ActorTable actors;
  Trace trace;
  Choices choices(source, SwarmProfile::Quiet(), actors, trace);
  for (int i = 0; i < offered; ++i) (void)choices.Fault(ActorTable::kServer, site);
  ledger.AddRun(choices);
}

bool Mentions(const std::vector<std::string>& problems, std::string_view text) {
  for (const std::string& problem : problems) {
    if (problem == text) return true;
  }
  return false;
}

TEST(Ledger, AddsUpOverRuns) {
  Ledger ledger;
  AddRun(ledger, Site::kReadShort, 10, 3);
  AddRun(ledger, Site::kReadShort, 5, 0);
  const Ledger::Line& line = ledger.line(Site::kReadShort);
  EXPECT_EQ(line.offered, 15u);
  EXPECT_EQ(line.fired, 3u);
  EXPECT_EQ(line.runs_fired, 1u);
  EXPECT_EQ(ledger.runs(), 2u);
}

TEST(Ledger, NamesWhatWasNeverAskedNeverFiredOrNeverSeen) {
  Ledger ledger;
  AddRun(ledger, Site::kReadShort, 10, 0);
  AddRun(ledger, Site::kWriteShort, 10, 2);
  AddRun(ledger, Site::kReadyStale, 10, 2);
  AddRun(ledger, Site::kConnReset, 10, 2);
  ledger.AddSeen(Site::kWriteShort, 0);
  ledger.AddSeen(Site::kReadyStale, 1);
  const std::vector<std::string> problems = ledger.Problems();
  EXPECT_TRUE(Mentions(problems, "read.short was asked for 10 times and never fired"));
  EXPECT_TRUE(Mentions(problems, "write.short fired 2 times and was never seen"));
  EXPECT_TRUE(Mentions(problems, "conn.vanish was never asked for"));
  for (const std::string& problem : problems) {
    EXPECT_FALSE(problem.starts_with("ready.stale") || problem.starts_with("conn.reset")) << problem;
    EXPECT_FALSE(problem.starts_with("script.")) << problem;
  }
}

TEST(Ledger, OfWhatCannotStrikeItNamesWhatDid) {
  Ledger ledger;
  AddRun(ledger, Site::kConnReset, 10, 2);
  AddRun(ledger, Site::kReadShort, 10, 0);
  const std::array never = {Site::kConnReset, Site::kReadShort, Site::kConnVanish};
  const std::vector<std::string> problems = ledger.Problems(never);
  EXPECT_TRUE(Mentions(problems, "conn.reset fired, and it was thought that it can't"));
  for (const std::string& problem : problems) {
    EXPECT_FALSE(problem.starts_with("read.short") || problem.starts_with("conn.vanish")) << problem;
  }
  EXPECT_TRUE(Mentions(problems, "write.short was never asked for"));
}

TEST(Ledger, ABranchCountsForAFaultInRunsInWhichItStruck) {
  Ledger ledger;
  std::array<SiteCount, kSiteCount> counts{};
  counts[static_cast<size_t>(Site::kReadShort)] = {5, 0};
  counts[static_cast<size_t>(Site::kSegmentCut)] = {5, 2};
  LoopCounters counters;
  counters.inputs_kept = 3;
  ledger.AddRun(counts, counters);
  EXPECT_EQ(ledger.line(Site::kReadShort).seen, 0u);
  EXPECT_EQ(ledger.line(Site::kSegmentCut).seen, 3u);
  EXPECT_NE(ledger.PathsText().find("inputs_kept"), std::string::npos);
  EXPECT_NE(ledger.PathsText().find("never taken: empty_waits"), std::string::npos) << ledger.PathsText();
}

TEST(Notices, EveryFaultIsNoticedOrHasTheReasonWhyNot) {
  for (size_t i = 0; i < kSiteCount; ++i) {
    if (!IsFault(SiteAt(i))) continue;
    const Notice& notice = NoticeOf(SiteAt(i));
    EXPECT_EQ(notice.by.starts_with("nobody: "), !notice.possible()) << SiteName(SiteAt(i));
  }
}

// Which faults a branch of the loop tells of; the branches of one fault are separated by blanks.
TEST(Notices, AFaultIsNoticedByItsOwnBranchesAndNoOthers) {
  const std::map<Site, std::string> branches = {
      {Site::kWaitInterrupted, "empty_waits"},
      {Site::kReadySpurious, "accepts_empty reads_blocked"},
      {Site::kReadyMerge, "reads_blocked"},
      {Site::kReadyRepeat, "reads_blocked"},
      {Site::kReadyStale, "stale_events"},
      {Site::kReadShort, "inputs_kept requests_unfinished"},
      {Site::kReadWouldBlock, "reads_blocked"},
      {Site::kWriteShort, "writes_short writes_blocked"},
      {Site::kWriteWouldBlock, "writes_blocked"},
      {Site::kSegmentCut, "inputs_kept requests_unfinished"},
      {Site::kBufferSmallSend, "writes_short writes_blocked"},
      {Site::kBufferSmallReceive, "writes_short writes_blocked"},
      {Site::kPeerTrickle, "inputs_kept requests_unfinished"},
      {Site::kConnReset, "reads_failed writes_failed"},
      {Site::kConnVanish, "reads_failed writes_failed"},
      {Site::kPeerStall, "writes_short writes_blocked"},
      {Site::kResetDiscards, "reads_failed writes_failed"},
      {Site::kAcceptWouldBlock, "accepts_empty"},
      {Site::kAcceptAborted, "accepts_aborted"},
      {Site::kAcceptTooMany, "accepts_refused"},
      {Site::kAcceptNoMemory, "accepts_refused"},
      {Site::kRegisterFail, "registers_refused"},
      {Site::kChangeFail, "changes_refused"},
  };
  for (size_t i = 0; i < kSiteCount; ++i) {
    const Site site = SiteAt(i);
    if (!IsFault(site) || !NoticeOf(site).possible()) continue;
    std::string noticed_by;
    for (const RarePath& path : RarePaths()) {
      LoopCounters counters;
      counters.*path.counter = 1;
      if (NoticeOf(site).count(counters) > 0) noticed_by += (noticed_by.empty() ? "" : " ") + std::string(path.name);
    }
    const auto expected = branches.find(site);
    EXPECT_EQ(noticed_by, expected == branches.end() ? "" : expected->second) << SiteName(site);
  }
  LoopCounters ended;
  ended.reads_ended = 1;  // which is nothing rare
  EXPECT_EQ(NoticeOf(Site::kConnClose).count(ended), 1u);
  EXPECT_EQ(NoticeOf(Site::kConnHalfClose).count(ended), 1u);
}

TEST(Notices, TheCountersOfTwoLivesAddUp) {
  LoopCounters one;
  LoopCounters two;
  for (const RarePath& path : RarePaths()) {
    one.*path.counter = 3;
    two.*path.counter = 4;
  }
  const LoopCounters sum = Sum(one, two);
  for (const RarePath& path : RarePaths()) EXPECT_EQ(sum.*path.counter, 7u) << path.name;
}

TEST(Ledger, ARarePathIsCountedByTimesAndByRuns) {
  Ledger ledger;
  LoopCounters counters;
  counters.*RarePaths()[0].counter = 3;
  ledger.AddRun({}, counters);
  ledger.AddRun({}, counters);
  ledger.AddRun({}, LoopCounters());
  Ledger all;
  all.Merge(ledger);
  all.Merge(ledger);
  EXPECT_EQ(ledger.path(0).times, 6u);
  EXPECT_EQ(ledger.path(0).runs, 2u);
  EXPECT_EQ(ledger.path(1).runs, 0u);
  EXPECT_EQ(all.path(0).times, 12u);
  EXPECT_EQ(all.path(0).runs, 4u);
}

TEST(Ledger, MergingIsTheSameAsHavingSeenBoth) {
  Ledger whole;
  Ledger one;
  Ledger other;
  for (Ledger* ledger : {&whole, &one}) AddRun(*ledger, Site::kReadShort, 10, 3);
  for (Ledger* ledger : {&whole, &other}) {
    AddRun(*ledger, Site::kWriteShort, 4, 1);
    ledger->AddSeen(Site::kWriteShort, 6);
  }
  one.Merge(other);
  EXPECT_EQ(one.ToString(), whole.ToString());
  EXPECT_EQ(one.Problems(), whole.Problems());
  EXPECT_EQ(one.runs(), 2u);
}

TEST(Ledger, TheTableHasALineForEachFault) {
  Ledger ledger;
  AddRun(ledger, Site::kReadShort, 1234, 56);
  const std::string text = ledger.ToString();
  EXPECT_NE(text.find("read.short"), std::string::npos);
  EXPECT_NE(text.find(" 1234 "), std::string::npos);
  EXPECT_EQ(text.find("script."), std::string::npos);
}

}  // namespace
}  // namespace reprise
