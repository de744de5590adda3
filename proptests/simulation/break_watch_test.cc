#include "proptests/simulation/break_watch.h"

#include <gtest/gtest.h>

#include <set>

#include "sim/function_source.h"

namespace reprise {
namespace {

uint64_t Ask(ChoiceSource& source, const ActorName& actor, Site site) {
  const ChoiceName name{actor, site, false, 0};
  return source.Answer({name, name.Hash(), ChoiceRequest::Shape::kFault, 0, 2, {}});
}

TEST(BreakWatchTest, OnlyFaultsThatEndConnectionsExcuseTheirEnds) {
  const std::set<Site> breaking = {Site::kConnReset,   Site::kConnVanish,    Site::kConnClose,    Site::kConnHalfClose,
                                   Site::kConnectFail, Site::kAcceptAborted, Site::kRegisterFail, Site::kChangeFail};
  FunctionSource always([](const ChoiceRequest&) -> uint64_t { return 1; });
  for (size_t i = 0; i < kSiteCount; ++i) {
    const Site site = SiteAt(i);
    BreakWatch watch(always);
    EXPECT_EQ(Ask(watch, {ActorKind::kConnection, 3, 7}, site), 1U);
    EXPECT_EQ(watch.Of(3), breaking.contains(site) ? std::vector<uint32_t>{7} : std::vector<uint32_t>())
        << SiteName(site);
    EXPECT_TRUE(watch.Of(7).empty());
    EXPECT_FALSE(watch.anyones());
    EXPECT_EQ(Ask(watch, {ActorKind::kServer}, site), 1U);
    EXPECT_EQ(watch.anyones(), breaking.contains(site)) << SiteName(site);
  }
}

TEST(BreakWatchTest, WhatDidNotStrikeBreaksNothing) {
  FunctionSource never([](const ChoiceRequest&) -> uint64_t { return 0; });
  BreakWatch watch(never);
  EXPECT_EQ(Ask(watch, {ActorKind::kConnection, 3, 7}, Site::kConnReset), 0U);
  EXPECT_TRUE(watch.Of(3).empty());
  watch.NoteBroken(3, 1);
  EXPECT_EQ(watch.Of(3), std::vector<uint32_t>{1});
}

}  // namespace
}  // namespace reprise
