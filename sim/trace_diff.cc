#include "sim/trace_diff.h"

#include <algorithm>
#include <vector>

namespace reprise {
namespace {

bool Same(const Recording& one, const Step& a, const Recording& other, const Step& b) {
  return a.time_ns == b.time_ns && a.kind == b.kind && a.a == b.a && a.b == b.b &&
         one.actors.name(a.actor) == other.actors.name(b.actor) && one.trace.BytesOf(a) == other.trace.BytesOf(b);
}

std::string LineOrEnd(const Recording& run, size_t index) {
  const auto& steps = run.trace.steps();
  return index < steps.size() ? StepLine(run, steps[index]) : "         (the run has ended)";
}

}  // namespace

std::optional<size_t> FirstDifference(const Recording& one, const Recording& other) {
  const auto& a = one.trace.steps();
  const auto& b = other.trace.steps();
  const size_t common = std::min(a.size(), b.size());
  // The hashes tell where to look: they are equal as long as everything was.
  size_t low = 0;
  size_t high = common;
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if (a[middle].hash == b[middle].hash) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  // With choices left out of a recording the hashes may part before the steps do.
  while (low < common && Same(one, a[low], other, b[low])) ++low;
  if (low == common && a.size() == b.size()) return std::nullopt;
  return low;
}

std::string DescribeDifference(const Recording& one, const Recording& other, size_t before) {
  const std::optional<size_t> index = FirstDifference(one, other);
  if (!index) return "the runs are the same, all " + std::to_string(one.trace.step_count()) + " steps of them\n";
  const auto& steps = one.trace.steps();
  std::vector<size_t> past;
  for (size_t i = std::min(*index, steps.size()); i > 0 && past.size() < before; --i) {
    if (!IsBackground(steps[i - 1])) past.push_back(i - 1);
  }
  std::reverse(past.begin(), past.end());
  std::string text = "the runs part after " + std::to_string(*index) + " recorded steps that are the same\n";
  if (!past.empty()) text += "what led to it:\n";
  for (const size_t i : past) text += StepLine(one, steps[i]) + '\n';
  text += "then one:\n" + LineOrEnd(one, *index) + '\n';
  text += "and the other:\n" + LineOrEnd(other, *index) + '\n';
  return text;
}

}  // namespace reprise
