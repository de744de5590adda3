#include "loop/output_queue.h"

#include <algorithm>
#include <utility>

#include "loop/check.h"

namespace reprise {

void OutputQueue::Append(std::string_view bytes) {
  size_ += bytes.size();
  if (!pieces_.empty()) {
    ByteBuffer& last = pieces_.back();
    const size_t fits = std::min(last.room(), bytes.size());
    last.Append(bytes.substr(0, fits));
    bytes.remove_prefix(fits);
  }
  if (!bytes.empty()) {
    ByteBuffer piece;
    (void)piece.Reserve(std::max(bytes.size(), kPieceBytes));
    piece.Append(bytes);
    capacity_ += piece.capacity();
    pieces_.push_back(std::move(piece));
  }
}

void OutputQueue::Take(ByteBuffer& buffer) {
  // A buffer that is mostly empty would hold much memory for few bytes.
  if (buffer.size() < kPieceBytes || buffer.size() < buffer.capacity() / 2) {
    Append(buffer.view());
    buffer.Clear();
    return;
  }
  size_ += buffer.size();
  capacity_ += buffer.capacity();
  pieces_.push_back(std::move(buffer));
}

size_t OutputQueue::Gather(std::span<std::string_view> pieces) const {
  size_t count = 0;
  for (auto piece = pieces_.begin(); piece != pieces_.end() && count < pieces.size(); ++piece) {
    pieces[count++] = piece->view();
  }
  return count;
}

void OutputQueue::Consume(size_t bytes) {
  CHECK(bytes <= size_);
  size_ -= bytes;
  while (bytes > 0) {
    ByteBuffer& first = pieces_.front();
    const size_t taken = std::min(bytes, first.size());
    first.Consume(taken);
    bytes -= taken;
    if (first.empty()) {
      capacity_ -= first.capacity();
      pieces_.pop_front();
    }
  }
}

}  // namespace reprise
