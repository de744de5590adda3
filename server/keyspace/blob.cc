#include "server/keyspace/blob.h"

#include <cstdlib>
#include <cstring>
#include <limits>

#include "loop/check.h"

namespace reprise {
namespace {

constexpr size_t kDoubleBelowBytes = 1 << 20;

// Below 1 MiB capacity doubles, as most growing values stay small; above, a quarter is enough to keep appends cheap.
size_t GrownCapacity(size_t size) { return size < kDoubleBelowBytes ? size * 2 : size + size / 4; }

}  // namespace

Blob Blob::WithCapacity(size_t capacity) {
  Blob blob;
  blob.Reserve(capacity);
  return blob;
}

void Blob::Reallocate(size_t capacity) {
  CHECK(capacity <= std::numeric_limits<size_t>::max() / 2);
  auto* block = static_cast<Block*>(std::realloc(block_, sizeof(Block) + capacity));
  CHECK(block != nullptr);
  if (block_ == nullptr) {
    block->size = 0;
  }
  block->capacity = capacity;
  block_ = block;
}

void Blob::Reserve(size_t capacity) {
  if (capacity > this->capacity()) {
    Reallocate(capacity);
  }
}

void Blob::Resize(size_t size) {
  const size_t old_size = this->size();
  ResizeUninitialized(size);
  if (size > old_size) {
    std::memset(data() + old_size, 0, size - old_size);
  }
}

void Blob::ResizeUninitialized(size_t size) {
  if (size > capacity()) {
    Reallocate(block_ == nullptr ? size : GrownCapacity(size));
  }
  if (block_ != nullptr) {
    block_->size = size;
  }
}

void Blob::Append(std::string_view bytes) {
  if (bytes.empty()) {
    return;
  }
  const size_t old_size = size();
  // The bytes may lie in this very block, which can move: remember where, not what.
  const bool own = block_ != nullptr && bytes.data() >= data() && bytes.data() < data() + old_size;
  const size_t own_offset = own ? static_cast<size_t>(bytes.data() - data()) : 0;
  ResizeUninitialized(old_size + bytes.size());
  std::memcpy(data() + old_size, own ? data() + own_offset : bytes.data(), bytes.size());
}

void Blob::ShrinkToFit() {
  if (size() == 0) {
    Clear();
  } else if (size() < capacity()) {
    Reallocate(size());
  }
}

void Blob::Clear() {
  std::free(block_);
  block_ = nullptr;
}

}  // namespace reprise
