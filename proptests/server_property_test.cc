// Properties of the whole server in the simulated world. What RapidCheck draws here is a script and a list of faults,
// and it shrinks both.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "proptests/model/reply_value.h"
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

// Commands whose replies tell of more than bytes: how input is held in memory, how old a connection is.
bool TellsOfTheWorld(const std::vector<std::string>& words) {
  static const std::vector<std::string> kTelling = {"info", "client", "object", "memory", "latency", "slowlog"};
  std::string name = words[0];
  std::transform(name.begin(), name.end(), name.begin(), [](char c) { return static_cast<char>(c | 0x20); });
  return std::find(kTelling.begin(), kTelling.end(), name) != kTelling.end();
}

// The bytes of a client that uses whatever there is, CLIENT REPLY and broken requests included.
rc::Gen<std::string> AnyStream() {
  return rc::gen::exec([] {
    const Script script = *AnyScript(ShapeOf(Keys::kBlind, 1, 25));
    std::string bytes;
    for (const Operation& operation : script.clients[0].operations) {
      if (operation.kind == Operation::Kind::kBroken) {
        bytes += operation.raw;
      } else if (TellsOfTheWorld(operation.words)) {
        bytes += *rc::gen::element<std::string>("CLIENT REPLY SKIP\r\n", "CLIENT REPLY OFF\r\n", "CLIENT REPLY ON\r\n",
                                                "FLUSHALL\r\n", "RESET\r\n", "\r\n", "*0\r\n", "*-1\r\n");
      } else if (operation.kind == Operation::Kind::kInline) {
        AppendInline(operation.words, bytes);
      } else {
        AppendRequest(operation.words, bytes);
      }
    }
    return bytes;
  });
}

RC_GTEST_PROP(ServerProperty, EverySplitOfTheBytesGivesTheSameReplies, ()) {
  const std::string bytes = *AnyStream();
  FaultList list(*rc::gen::container<Faults>(AnyFault()));
  FunctionSource source([&list](const ChoiceRequest& request) { return list.Answer(request); });
  const Finding finding = CheckCutAnywhere(
      bytes, source, [](std::string_view sent, ChoiceSource& choices) { return PlayStream(sent, choices); });
  RC_CLASSIFY(finding.definite > 0, "compared to the end");
  if (!finding.ok()) {
    RC_FAIL(finding.problem + "\nof the bytes " + Quoted(bytes, 2000));
  }
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
      const Finding finding = CheckCutAnywhere(
          bytes, source, [](std::string_view sent, ChoiceSource& choices) { return PlayStream(sent, choices); });
      ASSERT_TRUE(finding.ok()) << "cut at " << first << " and " << second << ": " << finding.problem;
    }
  }
}

}  // namespace
}  // namespace reprise
