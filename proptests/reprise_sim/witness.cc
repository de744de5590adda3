#include "proptests/reprise_sim/witness.h"

#include <cstring>
#include <utility>

#include "proptests/reprise_sim/record.h"

namespace reprise {
namespace {

// In front of a request's tape. An empty tape stands for the target itself.
struct Head {
  uint64_t laid_out = 0;  // answer with the layout
  uint64_t recorded = 0;
  uint64_t stop_at = 0;     // the step behind which to break off; 0: none
  uint64_t cpu_ms_max = 0;  // 0: as much as it takes
};

// In front of a report and of what was recorded.
struct Tail {
  uint64_t report_bytes = 0;
  uint64_t unmatched_per_mille = 0;
  uint64_t broken_off = 0;
};

template <typename T>
std::string BytesOf(const T& value) {
  return std::string(reinterpret_cast<const char*>(&value), sizeof value);
}

template <typename T>
T TakeFrom(std::string_view& bytes) {
  T value;
  CHECK(bytes.size() >= sizeof value);
  std::memcpy(&value, bytes.data(), sizeof value);
  bytes.remove_prefix(sizeof value);
  return value;
}

std::string Wrap(const RunReport& report, uint32_t unmatched, const std::string& recorded, bool broken_off = false) {
  const std::string packed = PackReport(report);
  return BytesOf(Tail{packed.size(), unmatched, broken_off ? uint64_t{1} : 0}) + packed + recorded;
}

}  // namespace

Witness::Witness(const Target& target, const CommandTable& commands, Record record, Trace::Keep keep,
                 Isolation::Watch watch)
    : target_(target),
      commands_(commands),
      record_(std::move(record)),
      keep_(keep),
      isolation_(
          [this](std::string_view request, const Isolation::Child& child) { return PlayInChild(request, child); },
          std::move(watch)) {}

std::string Witness::PlayInChild(std::string_view request, const Isolation::Child& child) const {
  const auto head = TakeFrom<Head>(request);
  if (head.cpu_ms_max != 0) {
    child.LimitCpu(static_cast<int64_t>(head.cpu_ms_max));
  }
  std::string recorded;
  RunOptions options;
  if (head.recorded != 0) {
    options.keep = keep_;
    options.record_choices = true;
    options.inspect = [&](SimWorld& world, const RunReport& report) { recorded = record_(world, report); };
    options.on_step = [&](SimWorld& world, const Step& step) {
      child.Mark(step.number);
      if (head.stop_at != 0 && step.number >= head.stop_at) {
        RunReport so_far;
        so_far.steps = step.number;
        so_far.elapsed_ns = world.elapsed_ns();
        child.AnswerAndEnd(Wrap(so_far, 0, record_(world, so_far), true));
      }
    };
  }
  if (head.laid_out != 0) {
    options.look_back = [&](auto histories) { recorded = PackLayout(LayoutOf(histories)); };
  }
  uint32_t unmatched = 0;
  if (request.empty()) {
    const RunReport report = PlayTarget(target_, options, &unmatched);
    return Wrap(report, unmatched, recorded);
  }
  Result<Tape> tape = Tape::FromText(request);
  CHECK(tape.ok());
  Result<Plan> plan = PlanOf(tape.value(), commands_);
  CHECK(plan.ok());
  const Target target{target_.name, {}, std::move(plan).value(), std::move(tape).value()};
  const RunReport report = PlayTarget(target, options, &unmatched);
  return Wrap(report, unmatched, recorded);
}

RunReport Witness::Understand(const Isolation::Answer& answer, std::string* recorded) {
  errors_ = answer.errors;
  broken_off_ = false;
  if (answer.how != Isolation::Answer::How::kReported) {
    return BadEnd(answer.how != Isolation::Answer::How::kCrashed, answer.details);
  }
  std::string_view bytes = answer.report;
  const auto tail = TakeFrom<Tail>(bytes);
  unmatched_per_mille_ = static_cast<uint32_t>(tail.unmatched_per_mille);
  broken_off_ = tail.broken_off != 0;
  Result<RunReport> report = UnpackReport(bytes.substr(0, tail.report_bytes));
  CHECK(report.ok());
  if (recorded != nullptr) {
    *recorded = bytes.substr(tail.report_bytes);
  }
  return std::move(report).value();
}

RunReport Witness::Play(const Tape* tape, int64_t seconds_max, int64_t cpu_ms_max, Layout* layout) {
  const std::string text = tape == nullptr ? std::string() : tape->ToText();
  Head head;
  head.laid_out = layout != nullptr ? 1 : 0;
  head.cpu_ms_max = static_cast<uint64_t>(cpu_ms_max);
  std::string recorded;
  RunReport report = Understand(isolation_.Ask(BytesOf(head) + text, seconds_max), &recorded);
  if (layout != nullptr) {
    *layout = UnpackLayout(recorded);
  }
  return report;
}

RunReport Witness::PlayRecorded(const Tape* tape, int64_t seconds_max, std::string& recorded, uint64_t stop_at) {
  const std::string text = tape == nullptr ? std::string() : tape->ToText();
  const Isolation::Answer answer = isolation_.Ask(BytesOf(Head{.recorded = 1, .stop_at = stop_at}) + text, seconds_max);
  RunReport report = Understand(answer, &recorded);
  if (broken_off_) {
    (void)isolation_.Finish(seconds_max);  // which is how such an answer is taken leave of
  }
  if (answer.how != Isolation::Answer::How::kReported && answer.mark > 0) {
    // It breaks off in the same place again, but this time we know where to look before it does.
    const Isolation::Answer again =
        isolation_.Ask(BytesOf(Head{.recorded = 1, .stop_at = answer.mark}) + text, seconds_max);
    (void)Understand(again, &recorded);
    broken_off_ = false;
    (void)isolation_.Finish(seconds_max);
    errors_ = answer.errors;
  }
  return report;
}

RunReport Witness::Finish(int64_t seconds_max) {
  const Isolation::Answer answer = isolation_.Finish(seconds_max);
  errors_ = answer.errors;
  return answer.how == Isolation::Answer::How::kReported
             ? RunReport()
             : BadEnd(answer.how != Isolation::Answer::How::kCrashed, answer.details);
}

}  // namespace reprise
