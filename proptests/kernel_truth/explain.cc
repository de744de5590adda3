#include "proptests/kernel_truth/explain.h"

#include <algorithm>
#include <initializer_list>
#include <queue>
#include <tuple>

#include "proptests/kernel_truth/agreement.h"
#include "proptests/kernel_truth/player.h"
#include "proptests/kernel_truth/sim_stage.h"

namespace reprise::kernel_truth {
namespace {

// What playing a history with some choices led to.
struct Run {
  size_t agreed = 0;  // steps, from the first on
  Outcome differing;  // of the step after them
  std::vector<GuidedSource::Point> points;
  uint64_t held_back = 0;
};

// Choices to play, and how far the ones they were made from came.
struct Candidate {
  std::vector<ChoiceMade> choices;
  size_t agreed_before = 0;
  uint64_t number = 0;

  // The most promising is the largest.
  friend bool operator<(const Candidate& a, const Candidate& b) {
    return std::make_tuple(a.agreed_before, b.choices.size(), b.number) <
           std::make_tuple(b.agreed_before, a.choices.size(), a.number);
  }
};

bool IsAboutTime(Site site) {
  return site == Site::kScriptPause || site == Site::kSegmentDelay || site == Site::kConnectDelay;
}

class Search {
 public:
  Search(const History& history, Wrong wrong, const SearchLimits& limits)
      : history_(history), wrong_(wrong), limits_(limits), loose_(LooseSteps(history)) {}

  Explanation Go() {
    Explanation best;
    candidates_.push({});
    while (!candidates_.empty() && best.runs < limits_.runs_most) {
      const Candidate candidate = candidates_.top();
      candidates_.pop();
      const Run run = Play(candidate.choices);
      ++best.runs;
      if (run.agreed == history_.size()) {
        best.found = true;
        best.choices = candidate.choices;
        best.held_back = run.held_back;
        return best;
      }
      Note(run, best);
      if (candidate.choices.size() < limits_.choices_most) Branch(candidate, run);
    }
    return best;
  }

 private:
  Run Play(const std::vector<ChoiceMade>& choices) {
    GuidedSource source(choices);
    Run run;
    {
      SimStage stage(source, wrong_);
      Player player(stage);
      for (; run.agreed < history_.size(); ++run.agreed) {
        const Step& step = history_[run.agreed];
        stage.BeginOperation(run.agreed);
        if (!player.CanPlay(step.operation)) break;
        stage.SetTarget(step, loose_[run.agreed]);
        run.differing = player.Play(loose_[run.agreed] ? ScaledOperation(step) : step.operation);
        if (!Agrees(step, run.differing, loose_[run.agreed])) break;
      }
    }
    run.points = source.points();
    run.held_back = source.held_back();
    return run;
  }

  void Note(const Run& run, Explanation& best) {
    if (run.agreed > best.agreed) best.allowed.clear();
    best.agreed = std::max(best.agreed, run.agreed);
    if (run.agreed < best.agreed) return;
    // How much it was says little where it was not compared.
    const Act act = history_[run.agreed].operation.act;
    Outcome told = run.differing;
    if (loose_[run.agreed] || act == Act::kFill) told.bytes = std::min<uint64_t>(told.bytes, 1);
    best.allowed.insert(told.ToString(act));
  }

  // Whether a choice can have to do with what came of `step`, given which connections it is about.
  bool Concerns(const GuidedSource::Point& point, size_t step, const std::set<uint32_t>& connections) const {
    if (point.operation > step) return false;
    const ActorName& actor = point.name.actor;
    const bool of_a_connection = actor.kind == ActorKind::kOutgoing || actor.kind == ActorKind::kIncoming;
    return !of_a_connection || connections.empty() || connections.contains(actor.index);
  }

  // The connections whose state shows in how the step's outcome differs; none: it may be any.
  std::set<uint32_t> ConnectionsOf(const Step& step, const Outcome& simulated) const {
    std::set<uint32_t> connections;
    if (step.operation.act == Act::kLook) {
      const std::vector<Report>& theirs = simulated.reports;
      for (size_t i = 0; i < std::min(theirs.size(), step.outcome.reports.size()); ++i) {
        if (theirs[i] == step.outcome.reports[i]) continue;
        if (theirs[i].party.kind == Party::Kind::kListener) return {};
        connections.insert(theirs[i].party.number);
      }
    } else if (step.operation.party.kind != Party::Kind::kListener) {
      connections.insert(step.operation.party.number);
    }
    return connections;
  }

  // One choice more: those about buffers first, for there are few of them, then those that came last.
  void Branch(const Candidate& from, const Run& run) {
    const std::set<uint32_t> connections = ConnectionsOf(history_[run.agreed], run.differing);
    for (const bool about_time : {false, true}) {
      for (size_t i = run.points.size(); i-- > 0;) {
        const GuidedSource::Point& point = run.points[i];
        if (IsAboutTime(point.name.site) != about_time || !Concerns(point, run.agreed, connections)) continue;
        for (const uint64_t value : GuidedSource::Alternatives(point.name.site)) {
          Add(from, {{point.name, value}}, run.agreed);
        }
      }
    }
    BranchToLate(from, run, connections);
  }

  // What was sent long ago arrives only now: two choices at once, for one alone changes nothing, or too much.
  void BranchToLate(const Candidate& from, const Run& run, const std::set<uint32_t>& connections) {
    const auto pause = std::find_if(run.points.begin(), run.points.end(), [&](const GuidedSource::Point& point) {
      return point.name.site == Site::kScriptPause && point.operation == run.agreed;
    });
    if (pause == run.points.end()) return;
    for (size_t i = run.points.size(); i-- > 0;) {
      const GuidedSource::Point& point = run.points[i];
      if (point.name.site != Site::kSegmentDelay || !Concerns(point, run.agreed, connections)) continue;
      Add(from, {{point.name, GuidedSource::kDelayToPause}, {pause->name, GuidedSource::kPauseForDelayed}}, run.agreed);
    }
  }

  void Add(const Candidate& from, std::initializer_list<ChoiceMade> more, size_t agreed) {
    Candidate candidate{from.choices, agreed, number_++};
    for (const ChoiceMade& made : more) {
      const auto place = std::lower_bound(candidate.choices.begin(), candidate.choices.end(), made);
      if (place != candidate.choices.end() && place->name == made.name) return;
      if (place != candidate.choices.begin() && (place - 1)->name == made.name) return;
      candidate.choices.insert(place, made);
    }
    if (candidate.choices.size() > limits_.choices_most) return;
    if (seen_.insert(candidate.choices).second) candidates_.push(std::move(candidate));
  }

  const History& history_;
  const Wrong wrong_;
  const SearchLimits limits_;
  const std::vector<bool> loose_;
  std::priority_queue<Candidate> candidates_;
  std::set<std::vector<ChoiceMade>> seen_;
  uint64_t number_ = 0;
};

}  // namespace

Explanation Explain(const History& history, Wrong wrong, const SearchLimits& limits) {
  return Search(history, wrong, limits).Go();
}

std::string Explanation::Describe(const History& history) const {
  std::string text;
  if (found) {
    for (const ChoiceMade& made : choices) text += made.name.ToString() + " = " + std::to_string(made.value) + '\n';
    return text;
  }
  const History before(history.begin(), history.begin() + static_cast<std::ptrdiff_t>(agreed));
  const Step& step = history[agreed];
  text = ToString(before) + step.operation.ToString() + '\n';
  text += "    the kernel:             " + step.outcome.ToString(step.operation.act) + '\n';
  for (const std::string& outcome : allowed) text += "    the simulation allowed: " + outcome + '\n';
  return text + "    (after " + std::to_string(runs) + " runs of the simulation)\n";
}

}  // namespace reprise::kernel_truth
