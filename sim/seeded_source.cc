#include "sim/seeded_source.h"

#include "sim/mix.h"

namespace reprise {
namespace {

uint64_t PickWeighted(uint64_t bits, std::span<const uint32_t> weights) {
  uint64_t total = 0;
  for (uint32_t weight : weights) total += weight;
  uint64_t at = ScaleBelow(bits, total);
  for (size_t i = 0; i < weights.size(); ++i) {
    if (at < weights[i]) return i;
    at -= weights[i];
  }
  return 0;
}

}  // namespace

SeededSource::SeededSource(uint64_t seed) : key_(MixPair(seed, 0x6368'6f69'6365'0001u)) {}

uint64_t SeededSource::Answer(const ChoiceRequest& request) {
  const uint64_t bits = Mix64(key_ ^ request.name_hash);
  switch (request.shape) {
    case ChoiceRequest::Shape::kFault:
      if ((bits >> 48) >= request.rate) return 0;
      return 1 + ScaleBelow(Mix64(bits), request.bound - 1);
    case ChoiceRequest::Shape::kUniform:
      return ScaleBelow(bits, request.bound);
    case ChoiceRequest::Shape::kWeighted:
      return PickWeighted(bits, request.weights);
  }
  return 0;
}

}  // namespace reprise
