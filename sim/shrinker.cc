#include "sim/shrinker.h"

#include <algorithm>
#include <utility>

namespace reprise {
namespace {

// With more choices than these left nothing is moved: it would take long, and they are not yet what matters.
constexpr size_t kMovedMax = 24;

class Shrinker {
 public:
  explicit Shrinker(const ShrinkRequest& request) : request_(request) { result_.tape = request.tape; }

  ShrinkResult Run() {
    if (!Fails(result_.tape)) return std::move(result_);
    result_.reproduced = true;
    DropKinds();
    uint64_t before = 0;
    do {
      before = accepted_;
      DropOverrides();
      OmitOperations();
      LowerValues();
      StrikeEarlier();
      TrySimpler();
    } while (accepted_ != before && !AtLimit());
    result_.minimal = !AtLimit();
    return std::move(result_);
  }

 private:
  bool AtLimit() const { return result_.tries >= request_.tries_max || (request_.enough && request_.enough()); }

  bool Fails(const Tape& tape) {
    ++result_.tries;
    return request_.still_fails(tape);
  }

  // Keeps `candidate` if it still fails.
  bool Try(Tape candidate) {
    if (AtLimit() || candidate == result_.tape || !Fails(candidate)) return false;
    result_.tape = std::move(candidate);
    ++accepted_;
    if (request_.progress) request_.progress(result_.tape, result_.tries);
    return true;
  }

  // The same for one with a smaller workload, whose choices may have to be moved.
  bool TryMoved(Tape candidate) {
    if (!request_.moved) return Try(std::move(candidate));
    if (Try(candidate)) return true;
    if (AtLimit() || candidate == result_.tape) return false;
    Tape moved = request_.moved(result_.tape, candidate);
    return moved != candidate && Try(std::move(moved));
  }

  template <typename Drops>
  bool TryWithout(const Drops& drops) {
    Tape candidate = result_.tape;
    std::erase_if(candidate.overrides, drops);
    return candidate.overrides.size() < result_.tape.overrides.size() && Try(std::move(candidate));
  }

  // Whole groups of faults, whole sites, whole actors: most of a failing run has nothing to do with its failure.
  void DropKinds() {
    TryWithout([](const ChoiceMade& made) { return IsFault(made.name.site); });
    for (size_t group = 0; group < kSiteGroupCount; ++group) {
      TryWithout([&](const ChoiceMade& made) { return static_cast<size_t>(FactsOf(made.name.site).group) == group; });
    }
    for (size_t site = 0; site < kSiteCount; ++site) {
      TryWithout([&](const ChoiceMade& made) { return made.name.site == SiteAt(site); });
    }
    std::vector<ActorName> actors;
    for (const ChoiceMade& made : result_.tape.overrides) {
      if (actors.empty() || actors.back() != made.name.actor) actors.push_back(made.name.actor);
    }
    for (const ActorName& actor : actors) {
      TryWithout([&](const ChoiceMade& made) { return made.name.actor == actor; });
    }
  }

  // Chunks of half the size each round, from the back, down to single ones.
  void DropOverrides() {
    for (size_t chunk = std::max<size_t>(result_.tape.overrides.size() / 2, 1);; chunk /= 2) {
      for (size_t end = result_.tape.overrides.size(); end > 0 && !AtLimit();) {
        const size_t begin = end > chunk ? end - chunk : 0;
        Tape candidate = result_.tape;
        candidate.overrides.erase(candidate.overrides.begin() + static_cast<std::ptrdiff_t>(begin),
                                  candidate.overrides.begin() + static_cast<std::ptrdiff_t>(end));
        (void)Try(std::move(candidate));
        end = begin;
      }
      if (chunk <= 1) return;
    }
  }

  std::vector<OperationId> Remaining() const {
    std::vector<OperationId> remaining;
    for (const OperationId& operation : request_.operations) {
      if (!result_.tape.Omits(operation)) remaining.push_back(operation);
    }
    std::sort(remaining.begin(), remaining.end());
    return remaining;
  }

  bool TryOmitting(std::span<const OperationId> operations) {
    if (operations.empty()) return false;
    Tape candidate = result_.tape;
    candidate.omitted.insert(candidate.omitted.end(), operations.begin(), operations.end());
    std::sort(candidate.omitted.begin(), candidate.omitted.end());
    return TryMoved(std::move(candidate));
  }

  // Whole actors first, then chunks as with overrides.
  void OmitOperations() {
    std::vector<OperationId> remaining = Remaining();
    for (size_t begin = 0; begin < remaining.size();) {
      size_t end = begin;
      while (end < remaining.size() && remaining[end].actor == remaining[begin].actor) ++end;
      (void)TryOmitting(std::span(remaining).subspan(begin, end - begin));
      begin = end;
    }
    remaining = Remaining();
    for (size_t chunk = std::max<size_t>(remaining.size() / 2, 1);; chunk /= 2) {
      for (size_t end = remaining.size(); end > 0 && !AtLimit();) {
        const size_t begin = end > chunk ? end - chunk : 0;
        if (TryOmitting(std::span(remaining).subspan(begin, end - begin))) {
          remaining.erase(remaining.begin() + static_cast<std::ptrdiff_t>(begin),
                          remaining.begin() + static_cast<std::ptrdiff_t>(end));
        }
        end = begin;
      }
      if (chunk <= 1) return;
    }
  }

  // The smallest value that still fails, found by halving the distance to 1.
  void LowerValues() {
    for (size_t i = 0; i < result_.tape.overrides.size(); ++i) {
      uint64_t low = 1;
      while (result_.tape.overrides[i].value > low && !AtLimit()) {
        Tape candidate = result_.tape;
        const uint64_t value = candidate.overrides[i].value;
        candidate.overrides[i].value = low + (value - low) / 2;
        if (!Try(std::move(candidate))) low += (value - low) / 2 + 1;
      }
    }
  }

  // What strikes for the seventh time that it could, or at the 70th byte, may do so for the first: then what was needed
  // to get there can go. The smallest number that still fails, found by halving the distance.
  void StrikeEarlier() {
    if (result_.tape.overrides.size() > kMovedMax) return;
    const std::vector<ChoiceMade> before = result_.tape.overrides;
    for (const ChoiceMade& made : before) {
      ChoiceMade now = made;
      for (uint64_t low = 0; low < now.name.key && !AtLimit();) {
        ChoiceMade earlier = now;
        earlier.name.key = low + (now.name.key - low) / 2;
        if (low == 0 && now == made) earlier.name.key = 0;
        if (TryInstead(now, earlier)) {
          now = earlier;
        } else {
          low = earlier.name.key + 1;
        }
      }
    }
  }

  bool TryInstead(const ChoiceMade& made, const ChoiceMade& other) {
    Tape candidate = result_.tape;
    std::vector<ChoiceMade>& overrides = candidate.overrides;
    const auto found = std::find(overrides.begin(), overrides.end(), made);
    const bool taken = std::any_of(overrides.begin(), overrides.end(),
                                   [&](const ChoiceMade& present) { return present.name == other.name; });
    if (found == overrides.end() || taken) return false;
    *found = other;
    std::sort(overrides.begin(), overrides.end());
    return Try(std::move(candidate));
  }

  void TrySimpler() {
    if (!request_.simpler) return;
    bool again = true;
    while (again && !AtLimit()) {
      again = false;
      for (Tape& candidate : request_.simpler(result_.tape)) {
        again = TryMoved(std::move(candidate));
        if (again) break;
      }
    }
  }

  const ShrinkRequest& request_;
  ShrinkResult result_;
  uint64_t accepted_ = 0;
};

}  // namespace

ShrinkResult Shrink(const ShrinkRequest& request) { return Shrinker(request).Run(); }

}  // namespace reprise
