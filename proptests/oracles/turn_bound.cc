#include "proptests/oracles/turn_bound.h"

#include <fmt/format.h>

#include <algorithm>

namespace reprise {

void TurnWatch::After() {
  const uint64_t after = Executed();
  most_ = std::max(most_, after - std::min(before_, after));  // CONFIG RESETSTAT sets it back
}

std::string TurnWatch::Problem() const {
  if (most_ <= requests_max_) {
    return {};
  }
  return fmt::format("{} requests of one connection were executed in one turn", most_);
}

}  // namespace reprise
