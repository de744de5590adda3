// Profile: what the runs of a sweep have in common: what their clients are like, and which faults are out for them.
#ifndef REPRISE_PROPTESTS_SIMULATION_PROFILE_H_
#define REPRISE_PROPTESTS_SIMULATION_PROFILE_H_

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "proptests/workload/generator.h"
#include "sim/fault_sites.h"
#include "sim/swarm_profile.h"

namespace reprise {

// What a profile is for, by name.
struct ProfileFacts {
  std::string_view name;
  std::string_view description;
};
std::span<const ProfileFacts> Profiles();

struct Profile {
  enum class Faults : uint8_t {
    kNone,
    kSwarm,
    kMortal,  // as kSwarm, but the server dies again and again
    kEverything,
  };

  ProfileFacts facts;
  Faults faults;
  ScriptShape shape;
  bool stream = false;
  bool crowds = false;  // now and then more clients at once than a server accepts in a turn

  // Which faults strike in the run of a seed, and how often.
  SwarmProfile FaultsOf(uint64_t seed) const;
};

// Null: there is none of this name.
const Profile* FindProfile(std::string_view name);

// Why a fault can't strike in the runs of a profile; empty: it can. REQUIRES: there is this profile.
std::string_view WhyNever(std::string_view profile, Site fault);
// All those of the profile that can't.
std::vector<Site> FaultsThatNeverStrike(std::string_view profile);

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_SIMULATION_PROFILE_H_
