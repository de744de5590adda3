// Blob: a growable array of bytes that owns one heap block and can be handed on without a copy.
//
// The RESP parser receives a big argument into a Blob, and the keyspace keeps that same block as the value of a key: a
// large SET copies its bytes once, from the socket. A Blob is a single pointer; size and capacity stand at the front
// of the block. An empty Blob owns nothing. Capacities follow from the calls made and never from what malloc gave, so
// that accounting is the same everywhere. Blocks come from malloc; running out of memory is fatal (CHECK).
#ifndef REPRISE_SERVER_KEYSPACE_BLOB_H_
#define REPRISE_SERVER_KEYSPACE_BLOB_H_

#include <cstddef>
#include <string_view>
#include <utility>

namespace reprise {

class Blob {
 public:
  Blob() = default;
  // A copy of `bytes`, with no room to spare.
  explicit Blob(std::string_view bytes) { Append(bytes); }
  // A Blob of size 0 with room for `capacity` bytes.
  static Blob WithCapacity(size_t capacity);

  Blob(Blob&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
  Blob& operator=(Blob&& other) noexcept {
    Blob old(std::move(other));
    std::swap(block_, old.block_);
    return *this;
  }
  Blob(const Blob&) = delete;
  Blob& operator=(const Blob&) = delete;
  ~Blob() { Clear(); }

  size_t size() const { return block_ == nullptr ? 0 : block_->size; }
  size_t capacity() const { return block_ == nullptr ? 0 : block_->capacity; }
  bool empty() const { return size() == 0; }

  // The bytes; valid until the next call that changes size or capacity. Null while the capacity is 0.
  char* data() { return block_ == nullptr ? nullptr : reinterpret_cast<char*>(block_ + 1); }
  const char* data() const { return block_ == nullptr ? nullptr : reinterpret_cast<const char*>(block_ + 1); }
  std::string_view view() const { return {data(), size()}; }

  // Makes the capacity at least `capacity`, exactly that if it has to grow. Bytes are kept.
  void Reserve(size_t capacity);

  // Makes the size `size`. Bytes up to the smaller of both sizes are kept, new ones are zero. Never gives memory back.
  // Grows the capacity by a share of the size, so that n bytes added in small pieces cost O(n).
  void Resize(size_t size);

  // Like Resize, but new bytes are undefined until written: for a caller about to fill them (a read, a memcpy).
  void ResizeUninitialized(size_t size);

  // Adds a copy of `bytes`, which may be part of this Blob, at the end. Amortised as Resize; a first Append into an
  // empty Blob allocates exactly.
  void Append(std::string_view bytes);

  // Gives back the room beyond size().
  void ShrinkToFit();

  // Frees the block.
  void Clear();

  // Bytes asked of the allocator: 0, or the capacity and the block's header.
  size_t bytes_used() const { return BytesUsed(block_); }

  // Gives up the block, to be stored as a plain pointer and made a Blob again by Adopt. Null for an empty Blob that
  // owns nothing.
  [[nodiscard]] void* Release() { return std::exchange(block_, nullptr); }
  // REQUIRES: `block` came from Release, and is adopted once.
  [[nodiscard]] static Blob Adopt(void* block) {
    Blob blob;
    blob.block_ = static_cast<Block*>(block);
    return blob;
  }
  // The bytes of a released block, which stays as it is.
  static std::string_view View(const void* block) {
    const auto* header = static_cast<const Block*>(block);
    return header == nullptr ? std::string_view()
                             : std::string_view(reinterpret_cast<const char*>(header + 1), header->size);
  }
  // The same as bytes_used, of a released block.
  static size_t BytesUsed(const void* block) {
    return block == nullptr ? 0 : sizeof(Block) + static_cast<const Block*>(block)->capacity;
  }

 private:
  struct Block {
    size_t size;
    size_t capacity;
  };

  // Makes the capacity exactly `capacity`, which is at least the size.
  void Reallocate(size_t capacity);

  Block* block_ = nullptr;
};

}  // namespace reprise

#endif  // REPRISE_SERVER_KEYSPACE_BLOB_H_
