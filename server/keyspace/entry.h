// An entry is a key with its value: one block of memory, found through the TableWord that a slot of the table holds.
//
// What is needed to read the block (type, form, whether there is an expiry) lies in the word's meta byte, so the block
// starts with 5 bytes for a short key and value: with a 16-byte key, values of 3, 32 and 128 bytes fill blocks of 24,
// 53 and 149 bytes, just inside size classes of glibc's malloc, jemalloc and mimalloc alike. The forms:
//
//   small     clock 3, key length 1, value length 1            then [expiry] key value     key and value <= 255 bytes
//   medium    clock 3, key length 1, value length 2            then [expiry] key value     value <= kInlineMaxBytes
//   external  clock 3, key length 1, address of a Blob's block then [expiry] key           any value
//   long key  clock 3, key length 4, address of a Blob's block then [expiry] key           any key, any value
//
// The clock is 24 bits for LRU or LFU that only its readers interpret. An expiry is Unix time in milliseconds, in 6
// bytes, or in 8 when it lies beyond the year 6429. Functions that change an entry take its word and return the new
// one, with the same fingerprint; the old word is dead then. Nothing here is aligned: fields are copied in and out.
#ifndef REPRISE_SERVER_KEYSPACE_ENTRY_H_
#define REPRISE_SERVER_KEYSPACE_ENTRY_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string_view>

#include "server/keyspace/blob.h"
#include "server/keyspace/table_word.h"

namespace reprise {

// Of the three bits, 7 is not a type: it marks the table's links; 6 is a string again (see StringMark).
enum class ValueType : uint8_t { kString, kList, kHash, kSet, kZset, kStream };

// How a string came about, as far as OBJECT tells: nothing else follows from it. Setting the whole value unmarks it.
enum class StringMark : uint8_t {
  kNone,
  kEdited,     // changed in place (APPEND, SETRANGE): raw, whatever it looks like
  kFormatted,  // written as text (INCRBYFLOAT): no integer, whatever it looks like
  kCopied,     // copied from another key (COPY): an object of its own, however small the integer
};

// "No expiry" wherever a time of expiry is passed.
inline constexpr int64_t kNoExpiry = std::numeric_limits<int64_t>::min();

// Values up to this size lie in the entry itself, which saves a second block and a second cache miss; a value that has
// grown beyond it can be appended to without copying the whole each time.
inline constexpr size_t kInlineMaxBytes = 4096;

// Equality that reads nothing beyond the bytes themselves. The C library's memcmp may load a whole vector with the rest
// masked out, which reaches into the next cache line, and that line was not prefetched: with a million keys it made a
// prefetched lookup twice as slow.
inline bool SameBytes(std::string_view a, std::string_view b) {
  const auto differ = [&]<typename T>(T, size_t offset) {
    T x;
    T y;
    std::memcpy(&x, a.data() + offset, sizeof x);
    std::memcpy(&y, b.data() + offset, sizeof y);
    return x != y;
  };
  const size_t size = a.size();
  if (size != b.size()) {
    return false;
  }
  if (size >= 8) {
    for (size_t i = 0; i + 8 < size; i += 8) {
      if (differ(uint64_t{}, i)) {
        return false;
      }
    }
    return !differ(uint64_t{}, size - 8);
  }
  if (size >= 4) {
    return !differ(uint32_t{}, 0) && !differ(uint32_t{}, size - 4);
  }
  for (size_t i = 0; i < size; ++i) {
    if (a[i] != b[i]) {
      return false;
    }
  }
  return true;
}

// A view of the entry behind a word. Views it returns live until the entry is changed or freed.
class Entry {
 public:
  enum class Form : uint8_t { kSmall, kMedium, kExternal, kLongKey };

  explicit Entry(TableWord word) : block_(static_cast<char*>(TableWordAddress(word))), meta_(TableWordMeta(word)) {}

  ValueType type() const {
    return meta_ >> 5 == kMarkedString ? ValueType::kString : static_cast<ValueType>(meta_ >> 5);
  }
  bool has_expiry() const { return (meta_ >> 3 & 3) != 0; }
  // Unix time in milliseconds, or kNoExpiry.
  int64_t expire_at_ms() const;
  StringMark mark() const { return static_cast<StringMark>((meta_ >> 5 == kMarkedString ? 2 : 0) | (meta_ >> 2 & 1)); }

  std::string_view key() const {
    return {block_ + KeyOffset(),
            form() == Form::kLongKey ? Load<uint32_t>(kKeyLengthAt) : Load<uint8_t>(kKeyLengthAt)};
  }
  bool HasKey(std::string_view key) const { return SameBytes(this->key(), key); }
  // REQUIRES: type() == kString.
  std::string_view value() const;

  // 24 bits.
  uint32_t access_clock() const;
  void set_access_clock(uint32_t clock);

  // Bytes asked of the allocator for the entry and the Blob it owns.
  size_t bytes_used() const { return block_bytes() + (is_external() ? ExternalBytes() : 0); }

  // The rest is for entry.cc.
  // A mark's lower bit stands in this bit, its upper one in the type.
  static constexpr uint8_t kMarkBit = 1 << 2;
  static constexpr uint8_t kMarkedString = 6;
  static constexpr size_t kClockBytes = 3;
  static constexpr size_t kKeyLengthAt = 3;
  static constexpr size_t kValueLengthAt = 4;

  // By Form, and by the meta byte's two bits for the expiry.
  static constexpr uint8_t kHeaderBytes[4] = {5, 6, 12, 15};
  static constexpr uint8_t kExpiryBytes[4] = {0, 6, 8, 0};

  Form form() const { return static_cast<Form>(meta_ & 3); }
  uint8_t meta() const { return meta_; }
  bool is_external() const { return form() >= Form::kExternal; }
  char* block() const { return block_; }
  size_t block_bytes() const { return KeyOffset() + key().size() + InlineValueBytes(); }
  size_t ExpiryOffset() const { return kHeaderBytes[meta_ & 3]; }
  size_t KeyOffset() const { return ExpiryOffset() + kExpiryBytes[meta_ >> 3 & 3]; }
  size_t ExternalOffset() const { return ExpiryOffset() - sizeof(void*); }
  size_t InlineValueBytes() const;
  void* external() const { return Load<void*>(ExternalOffset()); }
  size_t ExternalBytes() const;

  template <typename T>
  T Load(size_t offset) const {
    T value;
    std::memcpy(&value, block_ + offset, sizeof value);
    return value;
  }
  template <typename T>
  void Store(size_t offset, T value) {
    std::memcpy(block_ + offset, &value, sizeof value);
  }

 private:
  char* block_;
  uint8_t meta_;
};

// A new string entry with clock 0 and no fingerprint. REQUIRES: key shorter than 4 GiB.
[[nodiscard]] TableWord NewStringEntry(std::string_view key, std::string_view value, int64_t expire_at_ms);
// The same; a value larger than kInlineMaxBytes (or of a key longer than 255 bytes) keeps the Blob's block.
[[nodiscard]] TableWord NewStringEntry(std::string_view key, Blob&& value, int64_t expire_at_ms);

// Replaces value and expiry; keeps key and clock; the result is a string without a mark. REQUIRES: `value` is no part
// of the entry.
[[nodiscard]] TableWord ReplaceString(TableWord word, std::string_view value, int64_t expire_at_ms);
[[nodiscard]] TableWord ReplaceString(TableWord word, Blob&& value, int64_t expire_at_ms);

// The same where key, value and expiry take just as much room as before, so that nothing moves and nothing is to be
// counted anew; else it changes nothing and returns false. What a SET of a key that exists mostly comes to.
[[nodiscard]] bool OverwriteString(TableWord* word, std::string_view value, int64_t expire_at_ms);

// Makes the value `size` bytes, keeping a prefix; new bytes are zero. The value is writable through MutableBytes.
// REQUIRES: a string.
[[nodiscard]] TableWord ResizeString(TableWord word, size_t size);
// The value's bytes, writable, valid as long as value() would be. REQUIRES: a string.
char* MutableBytes(TableWord word);

// Sets or (kNoExpiry) removes the expiry.
[[nodiscard]] TableWord WithExpiry(TableWord word, int64_t expire_at_ms);
// REQUIRES: a string.
[[nodiscard]] TableWord WithMark(TableWord word, StringMark mark);
// The same value, expiry and clock under another key; without a fingerprint.
[[nodiscard]] TableWord WithKey(TableWord word, std::string_view key);

// Frees the entry with all it owns.
void FreeEntry(TableWord word);
// Frees the entry, and hands out the Blob it owned (an empty one if none).
[[nodiscard]] Blob FreeEntryKeepBlob(TableWord word);

}  // namespace reprise

#endif  // REPRISE_SERVER_KEYSPACE_ENTRY_H_
