#include "sim/tape_source.h"

#include <algorithm>
#include <bit>

namespace reprise {

TapeSource::TapeSource(std::vector<ChoiceMade> overrides)
    : overrides_(std::move(overrides)), asked_(overrides_.size()), slots_(std::bit_ceil(overrides_.size() * 2 + 1)) {
  for (size_t i = 0; i < overrides_.size(); ++i) {
    const uint64_t hash = overrides_[i].name.Hash();
    size_t at = hash & (slots_.size() - 1);
    while (slots_[at].index != 0) at = (at + 1) & (slots_.size() - 1);
    slots_[at] = {hash, static_cast<uint32_t>(i + 1)};
  }
}

uint64_t TapeSource::Answer(const ChoiceRequest& request) {
  size_t at = request.name_hash & (slots_.size() - 1);
  for (; slots_[at].index != 0; at = (at + 1) & (slots_.size() - 1)) {
    if (slots_[at].hash != request.name_hash) continue;
    asked_[slots_[at].index - 1] = true;
    return overrides_[slots_[at].index - 1].value;
  }
  return 0;
}

std::vector<ChoiceMade> TapeSource::Unmatched() const {
  std::vector<ChoiceMade> unmatched;
  for (size_t i = 0; i < overrides_.size(); ++i) {
    if (!asked_[i]) unmatched.push_back(overrides_[i]);
  }
  return unmatched;
}

uint32_t TapeSource::MatchedPerMille() const {
  if (overrides_.empty()) return 1000;
  const auto asked = static_cast<uint64_t>(std::count(asked_.begin(), asked_.end(), true));
  return static_cast<uint32_t>(asked * 1000 / overrides_.size());
}

}  // namespace reprise
