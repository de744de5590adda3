// Properties of the whole server in the simulated world. What RapidCheck draws here is a script and a list of faults,
// and it shrinks both.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "proptests/oracles/cut_anywhere.h"
#include "proptests/simulation/failure_tape.h"
#include "proptests/simulation/plan.h"
#include "proptests/simulation/run.h"
#include "proptests/workload/generator.h"
#include "sim/function_source.h"
#include "sim/tape_source.h"

namespace reprise {
namespace {

// The choice that is asked for as the `after`th since the fault before it is answered 1 + `value`.
struct Fault {
  uint32_t after = 0;
  uint32_t value = 0;
};
using Faults = std::vector<Fault>;

std::ostream& operator<<(std::ostream& out, const Fault& fault) {
  return out << "after " << fault.after << ": " << 1 + fault.value;
}

rc::Gen<Fault> AnyFault() {
  return rc::gen::build<Fault>(rc::gen::set(&Fault::after, rc::gen::inRange<uint32_t>(0, 150)),
                               rc::gen::set(&Fault::value, rc::gen::inRange<uint32_t>(0, 30)));
}

// Answers choices of `groups` by the list, all others with 0.
class FaultList {
 public:
  explicit FaultList(Faults faults) : faults_(std::move(faults)) {}

  uint64_t Answer(const ChoiceRequest& request) {
    if (at_ == faults_.size() || !IsFault(request.name.site)) {
      return 0;
    }
    if (passed_++ < faults_[at_].after) {
      return 0;
    }
    passed_ = 0;
    return 1 + faults_[at_++].value;  // Choices sees to the bound
  }

 private:
  Faults faults_;
  size_t at_ = 0;
  uint32_t passed_ = 0;
};

// A script whose every decision is RapidCheck's.
rc::Gen<Script> AnyScript(const ScriptShape& shape) {
  return rc::gen::exec([shape] {
    FunctionDraw draw([](uint64_t bound) { return *rc::gen::inRange<uint64_t>(0, bound); });
    static const CommandTable kCommands;
    return Generator(draw, kCommands, SimOptions().start_wall_us / 1000).MakeScript(shape);
  });
}

ScriptShape ShapeOf(Keys keys, uint32_t clients, uint32_t operations) {
  ScriptShape shape;
  shape.clients_max = clients;
  shape.operations_max = operations;
  std::fill(std::begin(shape.keys_weights), std::end(shape.keys_weights), 0U);
  shape.keys_weights[static_cast<size_t>(keys)] = 1;
  return shape;
}

Plan PlanFor(Script script) {
  Plan plan;
  plan.profile = "quiet";
  plan.heal_after_ns = 60'000'000;
  plan.script = std::move(script);
  return plan;
}

void MustPass(const Plan& plan, const Faults& faults) {
  FaultList list(faults);
  FunctionSource source([&list](const ChoiceRequest& request) { return list.Answer(request); });
  RunReport report;
  const std::string failure = PlayAndKeep(plan, source, &report);
  RC_CLASSIFY(report.loop.writes_short > 0, "short writes");
  RC_CLASSIFY(report.loop.reads_failed > 0, "resets");
  if (!failure.empty()) {
    RC_FAIL(failure);
  }
}

RC_GTEST_PROP(ServerProperty, WithoutFaultsAllRepliesAreTheModels, ()) {
  MustPass(PlanFor(*AnyScript(ShapeOf(Keys::kOwn, 3, 30))), {});
}

RC_GTEST_PROP(ServerProperty, WithFaultsTheRepliesThatComeAreTheModels, ()) {
  const Script script = *AnyScript(ShapeOf(Keys::kOwn, 2, 15));
  MustPass(PlanFor(script), *rc::gen::container<Faults>(AnyFault()));
}

RC_GTEST_PROP(ServerProperty, WithFaultsHistoriesAreLinearizable, ()) {
  const Script script = *AnyScript(ShapeOf(Keys::kShared, 4, 15));
  MustPass(PlanFor(script), *rc::gen::container<Faults>(AnyFault()));
}

RC_GTEST_PROP(ServerProperty, AnyRequestAtAllIsAnsweredOnce, ()) {
  const Script script = *AnyScript(ShapeOf(Keys::kBlind, 2, 20));
  MustPass(PlanFor(script), *rc::gen::container<Faults>(AnyFault()));
}

RC_GTEST_PROP(ServerProperty, EverySplitOfTheBytesGivesTheSameReplies, ()) {
  FunctionDraw draw([](uint64_t bound) { return *rc::gen::inRange<uint64_t>(0, bound); });
  static const CommandTable kCommands;
  MustPass(DrawPlan(draw, "cut", kCommands), *rc::gen::container<Faults>(AnyFault()));
}

// Not drawn but walked: a short pipeline, cut in two and in three at every place.
TEST(ServerSplits, AShortPipelineIsAnsweredTheSameUnderAllCutsInUpToThreePieces) {
  const std::string bytes = "SET k v\r\n*2\r\n$3\r\nGET\r\n$1\r\nk\r\nINCR k\r\n";
  const auto size = static_cast<uint64_t>(bytes.size());
  for (uint64_t first = 1; first < size; ++first) {
    for (uint64_t second = first; second < size; ++second) {
      // Where a segment begins at this offset of the client's stream, it ends after so many bytes.
      FunctionSource source([&](const ChoiceRequest& request) -> uint64_t {
        const ChoiceName& name = request.name;
        if (name.site != Site::kSegmentCut || name.actor.kind != ActorKind::kConnection || name.key > first) {
          return 0;
        }
        return name.key == 0 ? first : name.key == first ? second - first : 0;
      });
      uint64_t cuts = 0;
      const Finding finding = CheckCutAnywhere(bytes, source, [&](std::string_view sent, ChoiceSource& choices) {
        StreamResult result = PlayStream(sent, choices, SwarmProfile::Quiet());
        cuts = result.report.sites[static_cast<size_t>(Site::kSegmentCut)].fired;
        return result;
      });
      ASSERT_TRUE(finding.ok()) << "cut at " << first << " and " << second << ": " << finding.problem;
      ASSERT_EQ(cuts, first == second ? 1u : 2u) << "cut at " << first << " and " << second;
    }
  }
}

}  // namespace
}  // namespace reprise
