#include "sim/choices.h"

#include "loop/check.h"

namespace reprise {

Choices::Choices(ChoiceSource& source, const SwarmProfile& profile, ActorTable& actors, Trace& trace)
    : source_(source), keeps_to_rates_(source.KeepsToRates()), profile_(profile), actors_(actors), trace_(trace) {}

uint64_t Choices::Below(Actor actor, Site site, uint64_t n) {
  CHECK(n > 0);
  const uint64_t key = NextKey(actor, site);
  return n == 1 ? 0 : Ask({actor, site, false, key}, ChoiceRequest::Shape::kUniform, n, {});
}

uint64_t Choices::BelowAt(Actor actor, Site site, uint64_t key, uint64_t n) {
  CHECK(n > 0);
  return n == 1 ? 0 : Ask({actor, site, true, key}, ChoiceRequest::Shape::kUniform, n, {});
}

uint32_t Choices::Choose(Actor actor, Site site, std::span<const uint32_t> weights) {
  CHECK(!weights.empty() && weights[0] > 0);
  const uint64_t key = NextKey(actor, site);
  if (weights.size() == 1) return 0;
  return static_cast<uint32_t>(
      Ask({actor, site, false, key}, ChoiceRequest::Shape::kWeighted, weights.size(), weights));
}

uint32_t Choices::ChooseAt(Actor actor, Site site, uint64_t key, std::span<const uint32_t> weights) {
  CHECK(!weights.empty() && weights[0] > 0);
  if (weights.size() == 1) return 0;
  return static_cast<uint32_t>(Ask({actor, site, true, key}, ChoiceRequest::Shape::kWeighted, weights.size(), weights));
}

uint64_t Choices::Ask(const Place& place, ChoiceRequest::Shape shape, uint64_t bound,
                      std::span<const uint32_t> weights) {
  const bool never = keeps_to_rates_ && shape == ChoiceRequest::Shape::kFault && profile_.rate(place.site) == 0;
  const uint64_t value = never ? 0 : AskSource(place, shape, bound, weights);
  SiteCount& count = counts_[static_cast<size_t>(place.site)];
  ++count.offered;
  count.fired += value != 0 ? 1 : 0;
  trace_.AddChoice(place.actor, place.site, place.keyed, place.key, value);
  return value;
}

uint64_t Choices::AskSource(const Place& place, ChoiceRequest::Shape shape, uint64_t bound,
                            std::span<const uint32_t> weights) {
  const ChoiceName name{actors_.name(place.actor), place.site, place.keyed, place.key};
  const uint64_t hash = ChoiceName::HashOf(actors_.hash(place.actor), place.site, place.keyed, place.key);
  uint64_t value = source_.Answer({name, hash, shape, profile_.rate(place.site), bound, weights});
  if (value >= bound) value = bound - 1;
  if (shape == ChoiceRequest::Shape::kWeighted && weights[value] == 0) value = 0;
  if (value != 0 && recording_) made_.push_back({name, value});
  return value;
}

}  // namespace reprise
