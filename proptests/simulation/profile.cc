#include "proptests/simulation/profile.h"

#include <algorithm>
#include <array>

namespace reprise {
namespace {

ScriptShape ShapeWith(std::array<uint32_t, kKeysCount> keys, std::array<uint32_t, kTemperCount> tempers) {
  ScriptShape shape;
  std::copy(keys.begin(), keys.end(), shape.keys_weights);
  std::copy(tempers.begin(), tempers.end(), shape.temper_weights);
  return shape;
}

const std::vector<Profile>& Table() {
  using Faults = Profile::Faults;
  static const std::vector<Profile> kTable = [] {
    std::vector<Profile> table;
    table.push_back({{"mixed", "clients of all tempers and kinds of keys, faults drawn from the seed"},
                     Faults::kSwarm,
                     ScriptShape(),
                     false,
                     true});
    ScriptShape brief;
    brief.clients_max = 3;
    brief.operations_min = 2;
    brief.operations_max = 12;
    table.push_back(
        {{"short", "as mixed, but few clients with few operations: many seeds a second"}, Faults::kSwarm, brief});
    table.push_back({{"own", "clients with keys of their own: replies are compared with the model"},
                     Faults::kSwarm,
                     ShapeWith({1, 0, 0}, {4, 5, 1, 1, 2, 3, 2, 2})});
    ScriptShape shared = ShapeWith({0, 1, 0}, {4, 5, 1, 0, 2, 3, 2, 1});
    shared.clients_min = 2;
    shared.clients_max = 7;
    table.push_back(
        {{"shared", "clients with shared keys: histories are checked for linearizability"}, Faults::kSwarm, shared});
    table.push_back({{"blind", "any command with any arguments: replies are checked for their form"},
                     Faults::kSwarm,
                     ShapeWith({0, 0, 1}, {4, 5, 1, 1, 2, 3, 2, 2})});
    table.push_back({{"unread", "clients that read nothing, under a limit of unsent output"},
                     Faults::kSwarm,
                     ShapeWith({3, 0, 1}, {1, 1, 0, 8, 0, 0, 0, 0})});
    ScriptShape idle = ShapeWith({3, 2, 1}, {4, 4, 1, 0, 1, 0, 1, 0});
    idle.clients_max = 4;
    idle.operations_min = 2;
    idle.operations_max = 6;
    idle.audit = false;
    table.push_back(
        {{"idle", "clients with long pauses, of a server that ends who is silent for too long"}, Faults::kSwarm, idle});
    table.push_back({{"cut", "the bytes of a lone client, whose replies may not depend on how they are cut"},
                     Faults::kSwarm,
                     ScriptShape(),
                     true});
    table.push_back({{"crash", "as mixed, of a server that is killed, or whose machine loses power, again and again"},
                     Faults::kMortal,
                     ScriptShape()});
    // Few clients come as far as to end their direction in order.
    table.push_back({{"storm", "as mixed, with every fault at the top of its range"},
                     Faults::kEverything,
                     ShapeWith({4, 4, 1}, {4, 5, 1, 1, 7, 3, 2, 2})});
    table.push_back({{"quiet", "as mixed, with no fault at all"}, Faults::kNone, ScriptShape()});
    return table;
  }();
  return kTable;
}

}  // namespace

std::span<const ProfileFacts> Profiles() {
  static const std::vector<ProfileFacts> kFacts = [] {
    std::vector<ProfileFacts> facts;
    for (const Profile& profile : Table()) {
      facts.push_back(profile.facts);
    }
    return facts;
  }();
  return kFacts;
}

const Profile* FindProfile(std::string_view name) {
  for (const Profile& profile : Table()) {
    if (profile.facts.name == name) {
      return &profile;
    }
  }
  return nullptr;
}

SwarmProfile Profile::FaultsOf(uint64_t seed) const {
  switch (faults) {
    case Faults::kNone:
      return SwarmProfile::Quiet();
    case Faults::kSwarm:
      return SwarmProfile::FromSeed(seed);
    case Faults::kMortal: {
      SwarmProfile mortal = SwarmProfile::FromSeed(seed);
      mortal.SetRate(Site::kProcessKill, 1'000);
      mortal.SetRate(Site::kProcessPowerLoss, 400);
      mortal.SetRate(Site::kProcessDown, FactsOf(Site::kProcessDown).rate_high);
      return mortal;
    }
    case Faults::kEverything:
      return SwarmProfile::Everything();
  }
  return {};
}

std::string_view WhyNever(std::string_view profile, Site fault) {
  const Profile* const found = FindProfile(profile);
  CHECK(found != nullptr);
  if (found->faults == Profile::Faults::kNone) {
    return "there are no faults";
  }
  if (!found->stream) {
    return {};
  }
  switch (FactsOf(fault).group) {
    case SiteGroup::kConnections:
      return "the connection has to last, for its replies to be compared";
    case SiteGroup::kProcess:
      return "the server has to live, for its replies to be compared";
    case SiteGroup::kClock:
      return "time is held still, for replies to be compared";
    default:
      return fault == Site::kHandleReuse ? "there is one connection" : "";
  }
}

std::vector<Site> FaultsThatNeverStrike(std::string_view profile) {
  std::vector<Site> never;
  for (size_t i = 0; i < kSiteCount; ++i) {
    if (IsFault(SiteAt(i)) && !WhyNever(profile, SiteAt(i)).empty()) {
      never.push_back(SiteAt(i));
    }
  }
  return never;
}

}  // namespace reprise
