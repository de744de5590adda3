// OutputQueue: bytes that wait to be written to one stream, in pieces that never move.
//
// What a connection could not send at once. Small additions fill up the last piece, a large buffer is taken over as a
// piece of its own, so that large values are not copied again and a long queue is never reallocated.
#ifndef REPRISE_LOOP_OUTPUT_QUEUE_H_
#define REPRISE_LOOP_OUTPUT_QUEUE_H_

#include <cstddef>
#include <deque>
#include <span>
#include <string_view>

#include "loop/byte_buffer.h"

namespace reprise {

class OutputQueue {
 public:
  // Bytes that wait.
  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  // Bytes held from malloc for them.
  size_t capacity() const { return capacity_; }

  // Adds a copy of `bytes`.
  void Append(std::string_view bytes);
  // Adds the bytes of `buffer`, which is empty afterwards. Takes its memory over when that saves a large copy.
  void Take(ByteBuffer& buffer);

  // Points `pieces` at the front of the queue and returns how many were filled. They stay valid until Consume; Append
  // and Take leave them as they are.
  size_t Gather(std::span<std::string_view> pieces) const;
  // Drops the first `bytes`. REQUIRES: bytes <= size().
  void Consume(size_t bytes);

 private:
  static constexpr size_t kPieceBytes = 16 * 1024;

  std::deque<ByteBuffer> pieces_;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

}  // namespace reprise

#endif  // REPRISE_LOOP_OUTPUT_QUEUE_H_
