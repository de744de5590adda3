#include "proptests/kernel_truth/compare.h"

namespace reprise::kernel_truth {
namespace {

constexpr int kSecondLooks = 2;
constexpr int kPatienceMs = 300;

}  // namespace

Comparison CompareWithKernel(const std::vector<Intent>& intents, Address::Family family, uint64_t address_number) {
  Comparison comparison;
  RecordOptions options;
  options.family = family;
  options.address_number = address_number;
  comparison.history = RecordOnKernel(intents, options);
  comparison.explanation = Explain(comparison.history);
  options.patience_ms = kPatienceMs;
  for (int look = 0; look < kSecondLooks && !comparison.explanation.found; ++look) {
    comparison.second_look = true;
    comparison.history = RecordOnKernel(intents, options);
    comparison.explanation = Explain(comparison.history);
  }
  return comparison;
}

}  // namespace reprise::kernel_truth
