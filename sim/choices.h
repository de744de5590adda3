// Choices: the one sequence of choices that a simulated run is made of.
//
// Everything in a simulated run that could go either way asks here. The answer to a choice depends on its name and on
// the source (choice_source.h) alone, all arithmetic is on integers, and 0 is the harmless answer: a run whose answers
// are all 0 has a network without loss, delay or cut, and must pass. What was answered other than 0 is recorded, so a
// run of any source can be written as a tape (tape.h) that replays it.
//
// Never ask twice in one full expression: compilers differ in which call they make first.
#ifndef REPRISE_SIM_CHOICES_H_
#define REPRISE_SIM_CHOICES_H_

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "sim/actor.h"
#include "sim/choice_source.h"
#include "sim/fault_sites.h"
#include "sim/swarm_profile.h"
#include "sim/trace.h"

namespace reprise {

struct SiteCount {
  uint64_t offered = 0;  // times the site was asked
  uint64_t fired = 0;    // times the answer was not 0
};

class Choices {
 public:
  // Borrows all three; they must outlive the Choices.
  Choices(ChoiceSource& source, const SwarmProfile& profile, ActorTable& actors, Trace& trace);

  // Whether a fault strikes.
  bool Fault(Actor actor, Site site) { return FaultAmount(actor, site, 1) != 0; }
  // 0 when the fault does not strike, else how: 1..most. Without asking 0 when most is 0, or when the world has healed.
  uint64_t FaultAmount(Actor actor, Site site, uint64_t most) {
    if (most == 0 || healed_) return 0;
    const uint64_t key = NextKey(actor, site);
    return Ask({actor, site, false, key}, ChoiceRequest::Shape::kFault, most + 1, {});
  }
  // The same, named by `key` instead of by how often was asked. REQUIRES: no key is used twice at one actor and site.
  uint64_t FaultAmountAt(Actor actor, Site site, uint64_t key, uint64_t most) {
    if (most == 0 || healed_) return 0;
    return Ask({actor, site, true, key}, ChoiceRequest::Shape::kFault, most + 1, {});
  }

  // 0..n-1, each as likely as any other. REQUIRES: n > 0.
  uint64_t Below(Actor actor, Site site, uint64_t n);
  uint64_t BelowAt(Actor actor, Site site, uint64_t key, uint64_t n);

  // An index into `weights`, each as likely as its weight. REQUIRES: the weights are not empty, weights[0] > 0, and
  // their sum fits into 32 bits.
  uint32_t Choose(Actor actor, Site site, std::span<const uint32_t> weights);
  uint32_t ChooseAt(Actor actor, Site site, uint64_t key, std::span<const uint32_t> weights);

  // From now on no fault strikes. Below and Choose at workload sites go on.
  void Heal() { healed_ = true; }
  bool healed() const { return healed_; }

  // Every answer other than 0, in the order given, until now.
  const std::vector<ChoiceMade>& made() const { return made_; }
  // Stops keeping them, for long runs that can be played again from their seed.
  void StopRecording() { recording_ = false; }

  const SiteCount& count(Site site) const { return counts_[static_cast<size_t>(site)]; }
  const std::array<SiteCount, kSiteCount>& counts() const { return counts_; }

 private:
  struct Place {
    Actor actor;
    Site site;
    bool keyed;
    uint64_t key;
  };

  uint64_t NextKey(Actor actor, Site site) {
    if (actor.id >= asked_.size()) asked_.resize(actors_.size());
    return asked_[actor.id][static_cast<size_t>(site)]++;
  }
  uint64_t Ask(const Place& place, ChoiceRequest::Shape shape, uint64_t bound, std::span<const uint32_t> weights);
  uint64_t AskSource(const Place& place, ChoiceRequest::Shape shape, uint64_t bound, std::span<const uint32_t> weights);

  ChoiceSource& source_;
  const bool keeps_to_rates_;
  const SwarmProfile profile_;
  ActorTable& actors_;
  Trace& trace_;
  std::vector<std::array<uint32_t, kSiteCount>> asked_;  // by actor: how often, for choices without a key
  std::array<SiteCount, kSiteCount> counts_{};
  std::vector<ChoiceMade> made_;
  bool recording_ = true;
  bool healed_ = false;
};

}  // namespace reprise

#endif  // REPRISE_SIM_CHOICES_H_
