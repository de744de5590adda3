#include "sim/bytes_source.h"

namespace reprise {
namespace {

int BytesFor(uint64_t bound) {
  if (bound <= 0x100) return 1;
  if (bound <= 0x1'0000) return 2;
  return bound <= 0x1'0000'0000 ? 4 : 8;
}

}  // namespace

uint8_t BytesSource::Take() { return at_ < bytes_.size() ? bytes_[at_++] : uint8_t{0}; }

void BytesSource::ReadSkip() {
  if (at_ >= bytes_.size()) exhausted_ = true;
  skip_ = Take();
}

uint64_t BytesSource::Answer(const ChoiceRequest& request) {
  if (exhausted_) return 0;
  if (skip_ > 0) {
    --skip_;
    return 0;
  }
  uint64_t value = 0;
  const int width = BytesFor(request.bound - 1);
  for (int i = 0; i < width; ++i) value |= uint64_t{Take()} << (8 * i);
  ReadSkip();
  return 1 + value % (request.bound - 1);
}

}  // namespace reprise
