#include "sim/fault_sites.h"

#include <gtest/gtest.h>

#include <set>

#include "sim/swarm_profile.h"

namespace reprise {
namespace {

TEST(FaultSites, EverySiteIsFoundByItsNameAndNamesAreUnique) {
  std::set<std::string_view> names;
  for (size_t i = 0; i < kSiteCount; ++i) {
    const std::string_view name = SiteName(SiteAt(i));
    EXPECT_TRUE(names.insert(name).second) << name;
    EXPECT_EQ(SiteByName(name), SiteAt(i));
    EXPECT_EQ(name.find_first_of("/@= "), std::string_view::npos) << name;
    EXPECT_FALSE(FactsOf(SiteAt(i)).does.empty());
  }
  EXPECT_FALSE(SiteByName("read.shorter").has_value());
}

TEST(FaultSites, EveryFaultHasARateAndTheWorkloadHasNone) {
  for (size_t i = 0; i < kSiteCount; ++i) {
    const SiteFacts& facts = FactsOf(SiteAt(i));
    EXPECT_EQ(IsFault(facts.site), facts.group != SiteGroup::kWorkload);
    EXPECT_EQ(facts.rate_high > 0, IsFault(facts.site)) << facts.name;
    EXPECT_LE(facts.rate_low, facts.rate_high);
    EXPECT_LE(facts.rate_high, kRateOne);
    EXPECT_EQ(facts.rate_low > 0, IsFault(facts.site)) << facts.name;
  }
}

TEST(FaultSites, EveryGroupIsFoundByItsName) {
  for (size_t i = 0; i < kSiteGroupCount; ++i) {
    EXPECT_EQ(GroupByName(GroupName(static_cast<SiteGroup>(i))), static_cast<SiteGroup>(i));
  }
  EXPECT_FALSE(GroupByName("weather").has_value());
}

TEST(SwarmProfile, RatesAreOffOrInTheirRangeAndEverySiteIsBothOverManySeeds) {
  std::array<int, kSiteCount> on{};
  constexpr int kSeeds = 500;
  for (uint64_t seed = 0; seed < kSeeds; ++seed) {
    const SwarmProfile profile = SwarmProfile::FromSeed(seed);
    for (size_t i = 0; i < kSiteCount; ++i) {
      const SiteFacts& facts = FactsOf(SiteAt(i));
      const uint32_t rate = profile.rate(facts.site);
      if (rate == 0) continue;
      EXPECT_GE(rate, facts.rate_low) << facts.name;
      EXPECT_LE(rate, facts.rate_high) << facts.name;
      ++on[i];
    }
  }
  for (size_t i = 0; i < kSiteCount; ++i) {
    if (!IsFault(SiteAt(i))) continue;
    EXPECT_GT(on[i], kSeeds / 2) << SiteName(SiteAt(i));
    EXPECT_LT(on[i], kSeeds * 3 / 4) << SiteName(SiteAt(i));
  }
}

TEST(SwarmProfile, TheSameSeedGivesTheSameRatesEverywhere) {
  // Drawn by integer arithmetic alone, so these numbers hold for every compiler and machine.
  EXPECT_EQ(SwarmProfile::FromSeed(42).ToString(), SwarmProfile::FromSeed(42).ToString());
  EXPECT_NE(SwarmProfile::FromSeed(42).ToString(), SwarmProfile::FromSeed(43).ToString());
  EXPECT_EQ(SwarmProfile::FromSeed(42).rate(Site::kHandleReuse), 65536u);
}

TEST(SwarmProfile, ToStringNamesEveryFaultOnALineOfItsOwn) {
  SwarmProfile profile = SwarmProfile::Quiet();
  profile.SetRate(Site::kReadShort, 4211);
  const std::string text = profile.ToString();
  EXPECT_NE(text.find("\nread.short 4211/65536\n"), std::string::npos) << text;
  EXPECT_NE(text.find("\nwrite.short 0/65536\n"), std::string::npos);
  EXPECT_EQ(text.find("script."), std::string::npos);
}

TEST(SwarmProfile, AGroupCanBeTurnedOff) {
  SwarmProfile profile = SwarmProfile::Everything();
  profile.TurnOff(SiteGroup::kBytes);
  EXPECT_EQ(profile.rate(Site::kReadShort), 0u);
  EXPECT_EQ(profile.rate(Site::kPeerTrickle), 0u);
  EXPECT_GT(profile.rate(Site::kConnReset), 0u);
}

}  // namespace
}  // namespace reprise
