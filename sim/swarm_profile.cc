#include "sim/swarm_profile.h"

#include "loop/check.h"
#include "sim/mix.h"

namespace reprise {
namespace {

// Between low and high, each doubling as likely as any other: rare faults should stay rare in most seeds.
uint32_t DrawRate(Random& random, uint32_t low, uint32_t high) {
  uint32_t doublings = 0;
  while (low << (doublings + 1) <= high) ++doublings;
  const uint32_t base = low << random.Below(doublings + 1);
  const uint64_t rate = base + random.Below(uint64_t{base} + 1);
  return static_cast<uint32_t>(rate < high ? rate : high);
}

}  // namespace

SwarmProfile SwarmProfile::FromSeed(uint64_t seed) {
  Random random(MixPair(seed, 0x7377'6172'6d00'0001u));
  SwarmProfile profile;
  for (size_t i = 0; i < kSiteCount; ++i) {
    const SiteFacts& facts = FactsOf(SiteAt(i));
    if (facts.rate_high == 0) continue;
    const bool on = !random.Chance(1, 3);
    const uint32_t rate = DrawRate(random, facts.rate_low, facts.rate_high);
    if (on) profile.rates_[i] = rate;
  }
  for (size_t group = 0; group < kSiteGroupCount; ++group) {
    if (random.Chance(1, 8)) profile.TurnOff(static_cast<SiteGroup>(group));
  }
  return profile;
}

SwarmProfile SwarmProfile::Everything() {
  SwarmProfile profile;
  for (size_t i = 0; i < kSiteCount; ++i) profile.rates_[i] = FactsOf(SiteAt(i)).rate_high;
  return profile;
}

void SwarmProfile::SetRate(Site site, uint32_t rate) {
  CHECK(rate <= kRateOne);
  rates_[static_cast<size_t>(site)] = rate;
}

void SwarmProfile::TurnOff(SiteGroup group) {
  for (size_t i = 0; i < kSiteCount; ++i) {
    if (FactsOf(SiteAt(i)).group == group) rates_[i] = 0;
  }
}

std::string SwarmProfile::ToString() const {
  std::string text;
  for (size_t i = 0; i < kSiteCount; ++i) {
    if (!IsFault(SiteAt(i))) continue;
    text += std::string(SiteName(SiteAt(i))) + ' ' + std::to_string(rates_[i]) + '/' + std::to_string(kRateOne) + '\n';
  }
  return text;
}

}  // namespace reprise
