#include "proptests/simulation/profile.h"

#include <gtest/gtest.h>

namespace reprise {
namespace {

bool Never(std::string_view profile, Site fault) { return !WhyNever(profile, fault).empty(); }

TEST(WhyNeverOf, InTheQuietProfileNoFaultStrikesAndInMostOthersAllDo) {
  for (const ProfileFacts& profile : Profiles()) {
    const size_t never = FaultsThatNeverStrike(profile.name).size();
    if (profile.name == "quiet") {
      EXPECT_EQ(never, static_cast<size_t>(Site::kScriptOperation)) << "the sites that are faults";
    } else if (profile.name != "cut") {
      EXPECT_EQ(never, 0U) << profile.name;
    }
  }
}

TEST(WhyNeverOf, AStreamThatIsCutHasOneConnectionThatLastsAndNoTime) {
  for (size_t i = 0; i < kSiteCount; ++i) {
    const Site site = SiteAt(i);
    if (!IsFault(site)) {
      continue;
    }
    const SiteGroup group = FactsOf(site).group;
    const bool excused = group == SiteGroup::kConnections || group == SiteGroup::kProcess ||
                         group == SiteGroup::kClock || site == Site::kHandleReuse;
    EXPECT_EQ(Never("cut", site), excused) << SiteName(site);
  }
}

TEST(WhyNeverOf, EachReasonIsThatOfItsGroup) {
  EXPECT_EQ(WhyNever("quiet", Site::kReadShort), "there are no faults");
  EXPECT_EQ(WhyNever("cut", Site::kHandleReuse), "there is one connection");
  EXPECT_NE(WhyNever("cut", Site::kConnReset).find("has to last"), std::string::npos);
  EXPECT_NE(WhyNever("cut", Site::kProcessKill).find("has to live"), std::string::npos);
  EXPECT_NE(WhyNever("cut", Site::kClockTie).find("held still"), std::string::npos);
}

}  // namespace
}  // namespace reprise
