// The format: a JSON object with "traceEvents", each with "ph" (X: a slice, i: an instant, s and f: the two ends of an
// arrow, M: a name), "ts" and "dur" in microseconds, "pid" and "tid". (Trace Event Format, Google, 2016.)
#include "sim/chrome_trace.h"

#include <algorithm>
#include <array>
#include <cinttypes>
#include <cstdio>

#include "sim/lanes.h"

namespace reprise {
namespace {

constexpr int64_t kSliceNs = 100;  // what happens in no time is drawn this wide

class Writer {
 public:
  explicit Writer(const Recording& run) : run_(run), lanes_(MakeLanes(run)) {}

  std::string Write() {
    json_ = "{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n";
    NameProcess();
    for (size_t lane = 0; lane < lanes_.names.size(); ++lane) Name(lane);
    Place();
    for (size_t item = 0; item < lanes_.items.size(); ++item) Slice(item);
    for (size_t arrow = 0; arrow < lanes_.arrows.size(); ++arrow) {
      ArrowEnd(arrow, "s", lanes_.arrows[arrow].from);
      ArrowEnd(arrow, "f", lanes_.arrows[arrow].to);
    }
    json_ += "\n]}\n";
    return std::move(json_);
  }

 private:
  // Virtual time stands still while the server works, so things of one moment are drawn one after the other; and no
  // arrow may lead back in time, or viewers drop it.
  void Place() {
    times_.resize(lanes_.items.size());
    std::vector<int64_t> free_at(lanes_.names.size(), 0);
    size_t arrow = 0;  // they are in the order of their ends
    for (size_t i = 0; i < lanes_.items.size(); ++i) {
      const Lanes::Item& item = lanes_.items[i];
      times_[i] = std::max(run_.trace.steps()[item.step].time_ns, free_at[item.lane]);
      for (; arrow < lanes_.arrows.size() && lanes_.arrows[arrow].to <= i; ++arrow) {
        times_[i] = std::max(times_[i], times_[lanes_.arrows[arrow].from] + kSliceNs);
      }
      free_at[item.lane] = times_[i] + kSliceNs;
    }
  }

  void Begin(std::string_view phase, size_t lane, int64_t time_ns) {
    std::array<char, 96> text;
    std::snprintf(text.data(), text.size(), "\"ph\":\"%.*s\",\"pid\":1,\"tid\":%zu,\"ts\":%" PRId64 ".%03" PRId64,
                  static_cast<int>(phase.size()), phase.data(), lane + 1, time_ns / 1000, time_ns % 1000);
    if (json_.back() == '}') json_ += ",\n";
    json_ += '{';
    json_ += text.data();
  }

  void NameProcess() {
    Begin("M", 0, 0);
    json_ += ",\"name\":\"process_name\",\"args\":{\"name\":\"simulated world\"}}";
  }

  void Name(size_t lane) {
    Begin("M", lane, 0);
    json_ += ",\"name\":\"thread_name\",\"args\":{\"name\":";
    AppendJsonString(json_, lanes_.names[lane]);
    json_ += "}}";
    Begin("M", lane, 0);
    json_ += ",\"name\":\"thread_sort_index\",\"args\":{\"sort_index\":" + std::to_string(lane) + "}}";
  }

  void Slice(size_t index) {
    const Lanes::Item& item = lanes_.items[index];
    const Step& step = run_.trace.steps()[item.step];
    Begin("X", item.lane, times_[index]);
    json_ +=
        ",\"dur\":0." + std::to_string(kSliceNs) + ",\"cat\":\"" + std::string(LookName(item.look)) + "\",\"name\":";
    AppendJsonString(json_, ShortName(step));
    json_ += ",\"args\":{\"step\":" + std::to_string(step.number) + ",\"what\":";
    AppendJsonString(json_, StepText(run_, step, 1024));
    json_ += "}}";
  }

  std::string ShortName(const Step& step) const {
    if (step.kind == StepKind::kChoice) return std::string(SiteName(ChoiceOf(run_, step).name.site));
    std::string name(StepName(step.kind));
    const bool moves = step.kind == StepKind::kRead || step.kind == StepKind::kWrite ||
                       step.kind == StepKind::kPeerSend || step.kind == StepKind::kPeerBytes;
    if (moves && step.b > 0) name += ' ' + QuotedBytes(run_.trace.BytesOf(step), 24);
    return name;
  }

  void ArrowEnd(size_t arrow, std::string_view phase, size_t item) {
    Begin(phase, lanes_.items[item].lane, times_[item]);
    json_ += ",\"cat\":\"bytes\",\"name\":\"bytes\",\"id\":" + std::to_string(arrow + 1);
    json_ += phase == "f" ? ",\"bp\":\"e\"}" : "}";
  }

  const Recording& run_;
  const Lanes lanes_;
  std::vector<int64_t> times_;  // by item
  std::string json_;
};

}  // namespace

std::string ChromeTrace(const Recording& run) { return Writer(run).Write(); }

}  // namespace reprise
