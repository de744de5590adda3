// ByteRing and RingQueue: the two queues that the simulated network is made of.
//
// Both grow as needed, keep their memory when emptied, and let nothing depend on how much they hold room for.
#ifndef REPRISE_SIM_RING_H_
#define REPRISE_SIM_RING_H_

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "loop/check.h"

namespace reprise {

// The part of a byte stream that is between two offsets. The bytes at offset X lie where they lie until they are
// dropped, so a view of them stays valid while others are appended, unless the ring has to grow.
class ByteRing {
 public:
  // Puts `bytes` at stream offset `at`; everything before offset `first` is not needed any more.
  // REQUIRES: at follows directly on what was put before.
  void Put(uint64_t at, uint64_t first, std::string_view bytes) {
    if (bytes.empty()) return;
    Reserve(first, at, at + bytes.size() - first);
    const size_t place = Place(at);
    const size_t head = std::min(bytes.size(), memory_.size() - place);
    std::memcpy(memory_.data() + place, bytes.data(), head);
    if (head < bytes.size()) std::memcpy(memory_.data(), bytes.data() + head, bytes.size() - head);
  }

  // The bytes from offset `from`, up to `to`, as far as they lie in one piece: never empty when from < to.
  std::string_view Piece(uint64_t from, uint64_t to) const {
    if (from == to) return {};
    const size_t place = Place(from);
    return {memory_.data() + place, std::min(static_cast<size_t>(to - from), memory_.size() - place)};
  }

  void CopyOut(uint64_t from, uint64_t to, char* into) const {
    const std::string_view head = Piece(from, to);
    if (!head.empty()) std::memcpy(into, head.data(), head.size());
    const std::string_view tail = Piece(from + head.size(), to);
    if (!tail.empty()) std::memcpy(into + head.size(), tail.data(), tail.size());
  }

 private:
  static constexpr size_t kSmallest = 512;

  size_t Place(uint64_t offset) const { return static_cast<size_t>(offset & (memory_.size() - 1)); }

  void Reserve(uint64_t first, uint64_t end, uint64_t size) {
    if (size <= memory_.size()) return;
    std::vector<char> larger(std::bit_ceil(std::max<size_t>(size, kSmallest)));
    for (uint64_t at = first; at < end;) {
      const std::string_view piece = Piece(at, end);
      const size_t place = static_cast<size_t>(at & (larger.size() - 1));
      const size_t fits = std::min(piece.size(), larger.size() - place);
      std::memcpy(larger.data() + place, piece.data(), fits);
      at += fits;
    }
    memory_.swap(larger);
  }

  std::vector<char> memory_;  // a power of two
};

// First in, first out.
template <typename T>
class RingQueue {
 public:
  bool empty() const { return size_ == 0; }
  size_t size() const { return size_; }
  // REQUIRES: not empty.
  T& front() { return items_[head_]; }
  T& back() { return items_[(head_ + size_ - 1) & (items_.size() - 1)]; }

  void Push(const T& item) {
    if (size_ == items_.size()) Grow();
    items_[(head_ + size_) & (items_.size() - 1)] = item;
    ++size_;
  }
  // REQUIRES: not empty.
  T Pop() {
    CHECK(size_ > 0);
    T item = items_[head_];
    head_ = (head_ + 1) & (items_.size() - 1);
    --size_;
    return item;
  }
  void Clear() {
    head_ = 0;
    size_ = 0;
  }

 private:
  void Grow() {
    std::vector<T> larger(items_.empty() ? 8 : items_.size() * 2);
    for (size_t i = 0; i < size_; ++i) larger[i] = items_[(head_ + i) & (items_.size() - 1)];
    items_.swap(larger);
    head_ = 0;
  }

  std::vector<T> items_;  // a power of two
  size_t head_ = 0;
  size_t size_ = 0;
};

}  // namespace reprise

#endif  // REPRISE_SIM_RING_H_
