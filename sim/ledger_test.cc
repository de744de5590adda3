#include "sim/ledger.h"

#include <gtest/gtest.h>

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
