// ByteBuffer: a growable run of bytes, filled at its end and emptied from its front.
//
// Replies are formatted into one, sockets are written from one and read into one. The live bytes are always contiguous,
// data() to data() + size(). The memory comes from malloc, grows by doubling and is kept until FreeMemory or the end of
// the buffer's life, so a buffer that is used again and again allocates nothing. An empty new buffer owns nothing.
// Running out of memory is fatal (CHECK). Capacities follow from the calls made, never from what malloc really gave.
#ifndef REPRISE_LOOP_BYTE_BUFFER_H_
#define REPRISE_LOOP_BYTE_BUFFER_H_

#include <cstddef>
#include <cstring>
#include <string_view>
#include <utility>

#include "loop/check.h"

namespace reprise {

class ByteBuffer {
 public:
  ByteBuffer() = default;
  ByteBuffer(ByteBuffer&& other) noexcept { Swap(other); }
  ByteBuffer& operator=(ByteBuffer&& other) noexcept {
    ByteBuffer taken(std::move(other));
    Swap(taken);
    return *this;
  }
  ByteBuffer(const ByteBuffer&) = delete;
  ByteBuffer& operator=(const ByteBuffer&) = delete;
  ~ByteBuffer() { FreeMemory(); }

  // The live bytes. Null while capacity() is 0. Valid until the next call of Reserve, Append, FreeMemory, Swap or a
  // move; Commit, Consume and Truncate leave the bytes where they are, except that an emptied buffer starts again at
  // the front of its memory.
  const char* data() const { return block_ + begin_; }
  char* data() { return block_ + begin_; }
  size_t size() const { return end_ - begin_; }
  bool empty() const { return begin_ == end_; }
  std::string_view view() const { return {data(), size()}; }

  // Bytes held from malloc.
  size_t capacity() const { return capacity_; }

  // Makes room for `bytes` more at the end and answers where it begins. The room is undefined bytes until it is written
  // and made live by Commit; without a Commit nothing has changed. Costs O(1) amortised over the bytes added.
  [[nodiscard]] char* Reserve(size_t bytes) {
    if (capacity_ - end_ < bytes) [[unlikely]] {
      Grow(bytes);
    }
    return block_ + end_;
  }

  // The room behind the live bytes that is there without growing.
  size_t room() const { return capacity_ - end_; }

  // Makes the first `bytes` bytes of the reserved room live. REQUIRES: at most what was reserved.
  void Commit(size_t bytes) {
    CHECK(bytes <= capacity_ - end_);
    end_ += bytes;
  }

  // Adds a copy of `bytes` at the end. REQUIRES: `bytes` is not part of this buffer.
  void Append(std::string_view bytes) {
    if (!bytes.empty()) {
      std::memcpy(Reserve(bytes.size()), bytes.data(), bytes.size());
      end_ += bytes.size();
    }
  }

  // Drops the first `bytes` live bytes. REQUIRES: bytes <= size().
  void Consume(size_t bytes) {
    CHECK(bytes <= size());
    begin_ += bytes;
    if (begin_ == end_) {
      begin_ = end_ = 0;
    }
  }

  // Keeps the first `size` live bytes only. REQUIRES: size <= this->size().
  void Truncate(size_t size) {
    CHECK(size <= this->size());
    end_ = begin_ + size;
  }

  // Drops all live bytes, keeps the memory.
  void Clear() { begin_ = end_ = 0; }

  // Drops all live bytes and gives the memory back.
  void FreeMemory();

  void Swap(ByteBuffer& other) noexcept {
    std::swap(block_, other.block_);
    std::swap(begin_, other.begin_);
    std::swap(end_, other.end_);
    std::swap(capacity_, other.capacity_);
  }

 private:
  // Makes room for `bytes` behind the live bytes: moves these to the front when at least as much was consumed before
  // them, so that each byte pays for at most one such move, or doubles the memory.
  void Grow(size_t bytes);

  char* block_ = nullptr;
  size_t begin_ = 0;
  size_t end_ = 0;
  size_t capacity_ = 0;
};

}  // namespace reprise

#endif  // REPRISE_LOOP_BYTE_BUFFER_H_
