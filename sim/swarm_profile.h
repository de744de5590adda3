// SwarmProfile: how often each fault strikes in one seed.
//
// Drawn from the seed: about a third of the sites are off, now and then a whole group is, and the others have rates
// anywhere in their documented range. Runs that differ in what can go wrong find more than runs that all have a little
// of everything. Only a SeededSource looks at rates; a tape needs none.
#ifndef REPRISE_SIM_SWARM_PROFILE_H_
#define REPRISE_SIM_SWARM_PROFILE_H_

#include <array>
#include <cstdint>
#include <string>

#include "sim/fault_sites.h"

namespace reprise {

class SwarmProfile {
 public:
  // No fault at all.
  static SwarmProfile Quiet() { return {}; }
  static SwarmProfile FromSeed(uint64_t seed);
  // Every fault at the top of its range.
  static SwarmProfile Everything();

  uint32_t rate(Site site) const { return rates_[static_cast<size_t>(site)]; }
  // REQUIRES: rate <= kRateOne.
  void SetRate(Site site, uint32_t rate);
  void TurnOff(SiteGroup group);

  // One line a site: "read.short 4211/65536", sites that are off included, in the table's order.
  std::string ToString() const;

 private:
  std::array<uint32_t, kSiteCount> rates_{};
};

}  // namespace reprise

#endif  // REPRISE_SIM_SWARM_PROFILE_H_
