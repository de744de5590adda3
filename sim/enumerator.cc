#include "sim/enumerator.h"

#include <algorithm>

#include "loop/check.h"

namespace reprise {

Enumerator::Enumerator(std::vector<Class> classes) : classes_(std::move(classes)), used_(classes_.size()) {
  for (size_t i = 0; i < classes_.size(); ++i) {
    for (const Site site : classes_[i].sites) {
      CHECK(class_of_[static_cast<size_t>(site)] == 0);
      class_of_[static_cast<size_t>(site)] = static_cast<uint8_t>(i + 1);
    }
  }
}

uint64_t Enumerator::Answer(const ChoiceRequest& request) {
  const uint8_t number = class_of_[static_cast<size_t>(request.name.site)];
  if (number == 0) return 0;
  const size_t in_class = number - 1u;
  const Class& facts = classes_[in_class];
  if (facts.only && !facts.only(request.name)) return 0;
  if (at_ == path_.size()) {
    const bool may = used_[in_class] < facts.most;
    path_.push_back({0, may ? std::min(facts.values_most, request.bound - 1) : 0, in_class});
  }
  const Point& point = path_[at_++];
  // A run that answered the same as another up to here has to come by the same choices.
  CHECK(point.in_class == in_class);
  if (point.value != 0) ++used_[in_class];
  return point.value;
}

bool Enumerator::Next() {
  if (runs_ > 0) {
    path_.resize(at_);  // what the last run did not come by is of no interest
    while (!path_.empty() && path_.back().value == path_.back().largest) path_.pop_back();
    if (path_.empty()) return false;
    ++path_.back().value;
  }
  ++runs_;
  at_ = 0;
  std::fill(used_.begin(), used_.end(), 0);
  return true;
}

uint64_t Enumerator::Walk(std::vector<Class> classes, const std::function<bool(Enumerator&)>& play) {
  Enumerator enumerator(std::move(classes));
  while (enumerator.Next()) {
    if (!play(enumerator)) break;
  }
  return enumerator.runs();
}

}  // namespace reprise
