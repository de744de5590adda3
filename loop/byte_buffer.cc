#include "loop/byte_buffer.h"

#include <algorithm>
#include <cstdlib>
#include <limits>

namespace reprise {
namespace {

constexpr size_t kMinCapacityBytes = 256;

}  // namespace

void ByteBuffer::FreeMemory() {
  std::free(block_);
  block_ = nullptr;
  begin_ = end_ = capacity_ = 0;
}

void ByteBuffer::Grow(size_t bytes) {
  const size_t live = size();
  CHECK(bytes <= std::numeric_limits<size_t>::max() / 4 - live);
  if (begin_ >= live && live + bytes <= capacity_) {
    if (live > 0) {
      std::memcpy(block_, block_ + begin_, live);
    }
    begin_ = 0;
    end_ = live;
    return;
  }
  const size_t capacity = std::max({live + bytes, capacity_ * 2, kMinCapacityBytes});
  char* block = nullptr;
  if (begin_ == 0) {
    block = static_cast<char*>(std::realloc(block_, capacity));  // may extend in place, or remap instead of copying
    CHECK(block != nullptr);
  } else {
    block = static_cast<char*>(std::malloc(capacity));
    CHECK(block != nullptr);
    if (live > 0) {
      std::memcpy(block, block_ + begin_, live);
    }
    std::free(block_);
  }
  block_ = block;
  begin_ = 0;
  end_ = live;
  capacity_ = capacity;
}

}  // namespace reprise
