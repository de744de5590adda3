#include "proptests/kernel_truth/sample.h"

#include "proptests/kernel_truth/plan.h"
#include "sim/mix.h"

namespace reprise::kernel_truth {
namespace {

constexpr size_t kSample = 140;
constexpr size_t kIntents = 20;

// c0 is 0, s0 1, c1 2, s1 3 ...
std::vector<std::vector<Intent>> Chosen() {
  return {
      {{Act::kFill, 0, 1}, {Act::kLook, 0, 1}, {Act::kRelieve, 1, 1}, {Act::kLook, 0, 1}, {Act::kWrite, 0, 9}},
      {{Act::kWrite, 1, 9}, {Act::kAbort, 0, 1}, {Act::kLook, 0, 1}, {Act::kWrite, 1, 1}, {Act::kPeerAddress, 1, 1}},
      {{Act::kAbort, 0, 1}, {Act::kRead, 1, 9}, {Act::kRead, 1, 9}, {Act::kHalfClose, 1, 1}, {Act::kPeerAddress, 1, 1}},
      {{Act::kWrite, 0, 9}, {Act::kClose, 1, 1}, {Act::kRead, 0, 9}, {Act::kResult, 0, 1}},
      {{Act::kHalfClose, 0, 1}, {Act::kWrite, 0, 9}, {Act::kWrite, 1, 9}, {Act::kRead, 0, 9}, {Act::kLook, 0, 1}},
      {{Act::kConnect, 0, 1}, {Act::kAwaitRead, 0, 4}, {Act::kAbort, 2, 1}, {Act::kAccept, 0, 1}, {Act::kRead, 3, 9}},
      {{Act::kConnect, 0, 1},
       {Act::kCloseListener, 0, 1},
       {Act::kLook, 0, 1},
       {Act::kRead, 2, 9},
       {Act::kConnect, 0, 1},
       {Act::kResult, 4, 1}},
      {{Act::kWatch, 0, 2}, {Act::kLook, 0, 1}, {Act::kWatch, 0, 0}, {Act::kLook, 0, 1}, {Act::kLook, 0, 1}},
  };
}

std::vector<Intent> Drawn(uint64_t seed) {
  std::vector<Intent> intents;
  for (uint64_t i = 0; i < kIntents; ++i) {
    const uint64_t draw = Mix64(seed * kIntents + i);
    const auto act = static_cast<Act>(draw % kActCount);
    if (act == Act::kFill) continue;  // takes the kernel long, and those above do it
    intents.push_back({act, static_cast<uint8_t>((draw >> 16U) % 6), static_cast<uint16_t>(1 + (draw >> 32U) % 40)});
  }
  return intents;
}

}  // namespace

std::vector<History> SampleHistories() {
  std::vector<History> histories;
  RecordOptions options;
  for (const std::vector<Intent>& intents : Chosen()) histories.push_back(RecordOnKernel(intents, options));
  for (uint64_t seed = 1; histories.size() < kSample; ++seed) {
    options.address_number = seed;
    histories.push_back(RecordOnKernel(Drawn(seed), options));
  }
  return histories;
}

}  // namespace reprise::kernel_truth
