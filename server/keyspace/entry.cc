#include "server/keyspace/entry.h"

#include <algorithm>
#include <cstdlib>

#include "loop/check.h"

namespace reprise {
namespace {

using Form = Entry::Form;

constexpr size_t kShortMax = 255;
constexpr int64_t kSixByteLimit = int64_t{1} << 47;

enum ExpiryCode : uint8_t { kNone, kSixBytes, kEightBytes };

ExpiryCode CodeFor(int64_t expire_at_ms) {
  if (expire_at_ms == kNoExpiry) {
    return kNone;
  }
  return expire_at_ms >= -kSixByteLimit && expire_at_ms < kSixByteLimit ? kSixBytes : kEightBytes;
}

ExpiryCode CodeOf(const Entry& entry) { return static_cast<ExpiryCode>(entry.meta() >> 3 & 3); }

uint8_t MakeMeta(ValueType type, StringMark mark, ExpiryCode expiry, Form form) {
  const unsigned type_bits = mark >= StringMark::kFormatted ? Entry::kMarkedString : static_cast<unsigned>(type);
  const unsigned mark_bit = static_cast<unsigned>(mark) & 1;
  return static_cast<uint8_t>(type_bits << 5 | static_cast<unsigned>(expiry) << 3 | mark_bit << 2 |
                              static_cast<unsigned>(form));
}

Form FormFor(size_t key_size, size_t value_size) {
  if (key_size > kShortMax) {
    return Form::kLongKey;
  }
  if (value_size > kInlineMaxBytes) {
    return Form::kExternal;
  }
  return value_size > kShortMax ? Form::kMedium : Form::kSmall;
}

bool IsExternalForm(Form form) { return form >= Form::kExternal; }

TableWord KeepFingerprint(TableWord made, TableWord from) { return made | (from & kTableWordFingerprintMask); }

void StoreExpiry(Entry entry, int64_t expire_at_ms) {
  for (size_t i = 0; i < Entry::kExpiryBytes[CodeOf(entry)]; ++i) {
    entry.Store(entry.ExpiryOffset() + i, static_cast<uint8_t>(static_cast<uint64_t>(expire_at_ms) >> (8 * i)));
  }
}

void StoreValueLength(Entry entry, size_t length) {
  if (entry.form() == Form::kSmall) {
    entry.Store(Entry::kValueLengthAt, static_cast<uint8_t>(length));
  } else {
    entry.Store(Entry::kValueLengthAt, static_cast<uint16_t>(length));
  }
}

void StoreKeyLength(Entry entry, size_t length) {
  if (entry.form() == Form::kLongKey) {
    entry.Store(Entry::kKeyLengthAt, static_cast<uint32_t>(length));
  } else {
    entry.Store(Entry::kKeyLengthAt, static_cast<uint8_t>(length));
  }
}

void CopyBytes(char* to, std::string_view bytes) {
  if (!bytes.empty()) {
    std::memcpy(to, bytes.data(), bytes.size());
  }
}

// Everything an entry is made of; the value is inline bytes or the block of a Blob, as the form says.
struct Parts {
  uint8_t meta;
  uint32_t clock;
  int64_t expire_at_ms;
  std::string_view key;
  size_t inline_size = 0;
  std::string_view inline_value = {};  // what is known of it; the rest is the caller's to fill
  void* external = nullptr;
};

Parts PartsOf(TableWord word) {
  const Entry entry(word);
  Parts parts{entry.meta(), entry.access_clock(), entry.expire_at_ms(), entry.key()};
  if (entry.is_external()) {
    parts.external = entry.external();
  } else {
    parts.inline_value = entry.value();
    parts.inline_size = parts.inline_value.size();
  }
  return parts;
}

TableWord Build(const Parts& parts) {
  const size_t header = Entry::kHeaderBytes[parts.meta & 3] + Entry::kExpiryBytes[parts.meta >> 3 & 3];
  const size_t bytes = header + parts.key.size() + parts.inline_size;
  CHECK(parts.key.size() <= std::numeric_limits<uint32_t>::max());
  char* block = static_cast<char*>(std::malloc(bytes));
  CHECK(block != nullptr);
  const TableWord word = MakeTableWord(block, parts.meta);
  Entry entry(word);
  entry.set_access_clock(parts.clock);
  StoreKeyLength(entry, parts.key.size());
  if (entry.is_external()) {
    entry.Store(entry.ExternalOffset(), parts.external);
  } else {
    StoreValueLength(entry, parts.inline_size);
  }
  StoreExpiry(entry, parts.expire_at_ms);
  CopyBytes(block + header, parts.key);
  CopyBytes(block + header + parts.key.size(), parts.inline_value);
  return word;
}

void FreeBlock(TableWord word) { std::free(TableWordAddress(word)); }

void FreeValue(const Entry& entry) {
  CHECK(entry.type() == ValueType::kString);
  if (entry.is_external()) {
    Blob::Adopt(entry.external()).Clear();
  }
}

// Replaces the block of an entry, whose value the new one may share.
TableWord Rebuild(TableWord word, const Parts& parts) {
  const TableWord made = KeepFingerprint(Build(parts), word);
  FreeBlock(word);
  return made;
}

// Writes a value of another size over one of the same form and expiry.
TableWord ResizeInline(TableWord word, std::string_view value) {
  Entry entry(word);
  const size_t value_at = entry.KeyOffset() + entry.key().size();
  void* block = std::realloc(entry.block(), value_at + value.size());
  CHECK(block != nullptr);
  word = KeepFingerprint(MakeTableWord(block, entry.meta()), word);
  entry = Entry(word);
  StoreValueLength(entry, value.size());
  CopyBytes(entry.block() + value_at, value);
  return word;
}

}  // namespace

int64_t Entry::expire_at_ms() const {
  const size_t bytes = kExpiryBytes[meta_ >> 3 & 3];
  if (bytes == 0) {
    return kNoExpiry;
  }
  uint64_t bits = 0;
  for (size_t i = 0; i < bytes; ++i) {
    bits |= uint64_t{Load<uint8_t>(ExpiryOffset() + i)} << (8 * i);
  }
  // Extends the sign of six bytes.
  const unsigned unused = static_cast<unsigned>(64 - 8 * bytes);
  return static_cast<int64_t>(bits << unused) >> unused;
}

size_t Entry::InlineValueBytes() const {
  switch (form()) {
    case Form::kSmall:
      return Load<uint8_t>(kValueLengthAt);
    case Form::kMedium:
      return Load<uint16_t>(kValueLengthAt);
    case Form::kExternal:
    case Form::kLongKey:
      break;
  }
  return 0;
}

std::string_view Entry::value() const {
  CHECK(type() == ValueType::kString);
  if (is_external()) {
    return Blob::View(external());
  }
  return {block_ + KeyOffset() + key().size(), InlineValueBytes()};
}

size_t Entry::ExternalBytes() const { return Blob::BytesUsed(external()); }

uint32_t Entry::access_clock() const {
  return uint32_t{Load<uint8_t>(0)} | uint32_t{Load<uint8_t>(1)} << 8 | uint32_t{Load<uint8_t>(2)} << 16;
}

void Entry::set_access_clock(uint32_t clock) {
  for (size_t i = 0; i < kClockBytes; ++i) {
    Store(i, static_cast<uint8_t>(clock >> (8 * i)));
  }
}

TableWord NewStringEntry(std::string_view key, std::string_view value, int64_t expire_at_ms) {
  const Form form = FormFor(key.size(), value.size());
  Parts parts{MakeMeta(ValueType::kString, StringMark::kNone, CodeFor(expire_at_ms), form), 0, expire_at_ms, key};
  if (IsExternalForm(form)) {
    parts.external = Blob(value).Release();
  } else {
    parts.inline_value = value;
    parts.inline_size = value.size();
  }
  return Build(parts);
}

TableWord NewStringEntry(std::string_view key, Blob&& value, int64_t expire_at_ms) {
  const Form form = FormFor(key.size(), value.size());
  if (!IsExternalForm(form)) {
    const TableWord word = NewStringEntry(key, value.view(), expire_at_ms);
    value.Clear();
    return word;
  }
  // Room to spare would be counted, and could tell how the bytes had arrived.
  value.ShrinkToFit();
  Parts parts{MakeMeta(ValueType::kString, StringMark::kNone, CodeFor(expire_at_ms), form), 0, expire_at_ms, key};
  parts.external = value.Release();
  return Build(parts);
}

bool OverwriteString(TableWord* word, std::string_view value, int64_t expire_at_ms) {
  const Entry entry(*word);
  if (entry.type() != ValueType::kString || entry.is_external() || entry.InlineValueBytes() != value.size() ||
      CodeOf(entry) != CodeFor(expire_at_ms)) {
    return false;
  }
  *word = WithMark(*word, StringMark::kNone);
  CopyBytes(entry.block() + entry.KeyOffset() + entry.key().size(), value);
  StoreExpiry(entry, expire_at_ms);
  return true;
}

TableWord ReplaceString(TableWord word, std::string_view value, int64_t expire_at_ms) {
  if (OverwriteString(&word, value, expire_at_ms)) {
    return word;
  }
  const Entry old(word);
  const uint8_t meta =
      MakeMeta(ValueType::kString, StringMark::kNone, CodeFor(expire_at_ms), FormFor(old.key().size(), value.size()));
  if (!old.is_external() && (old.meta() & ~Entry::kMarkBit) == meta) {
    word = ResizeInline(WithMark(word, StringMark::kNone), value);
    StoreExpiry(Entry(word), expire_at_ms);
    return word;
  }
  const TableWord made = KeepFingerprint(NewStringEntry(old.key(), value, expire_at_ms), word);
  Entry(made).set_access_clock(old.access_clock());
  FreeEntry(word);
  return made;
}

TableWord ReplaceString(TableWord word, Blob&& value, int64_t expire_at_ms) {
  const Entry old(word);
  const TableWord made = KeepFingerprint(NewStringEntry(old.key(), std::move(value), expire_at_ms), word);
  Entry(made).set_access_clock(old.access_clock());
  FreeEntry(word);
  return made;
}

TableWord ResizeString(TableWord word, size_t size) {
  Entry entry(word);
  CHECK(entry.type() == ValueType::kString);
  if (entry.is_external()) {
    Blob blob = Blob::Adopt(entry.external());
    blob.Resize(size);
    entry.Store(entry.ExternalOffset(), blob.Release());
    return word;
  }
  const size_t old_size = entry.InlineValueBytes();
  if (size == old_size) {
    return word;
  }
  const Form form = FormFor(entry.key().size(), size);
  Parts parts = PartsOf(word);
  parts.meta = MakeMeta(entry.type(), entry.mark(), CodeOf(entry), form);
  if (IsExternalForm(form)) {
    Blob blob(parts.inline_value);
    blob.Resize(size);
    parts.external = blob.Release();
    parts.inline_value = {};
    parts.inline_size = 0;
    return Rebuild(word, parts);
  }
  parts.inline_value = parts.inline_value.substr(0, size);
  parts.inline_size = size;
  const TableWord made = Rebuild(word, parts);
  if (size > old_size) {
    std::memset(MutableBytes(made) + old_size, 0, size - old_size);
  }
  return made;
}

char* MutableBytes(TableWord word) {
  const Entry entry(word);
  CHECK(entry.type() == ValueType::kString);
  if (!entry.is_external()) {
    return entry.block() + entry.KeyOffset() + entry.key().size();
  }
  Blob blob = Blob::Adopt(entry.external());
  char* bytes = blob.data();
  CHECK(blob.Release() == entry.external());
  return bytes;
}

TableWord WithExpiry(TableWord word, int64_t expire_at_ms) {
  const Entry entry(word);
  if (CodeOf(entry) == CodeFor(expire_at_ms)) {
    StoreExpiry(entry, expire_at_ms);
    return word;
  }
  Parts parts = PartsOf(word);
  parts.meta = MakeMeta(entry.type(), entry.mark(), CodeFor(expire_at_ms), entry.form());
  parts.expire_at_ms = expire_at_ms;
  return Rebuild(word, parts);
}

TableWord WithMark(TableWord word, StringMark mark) {
  const Entry entry(word);
  const uint8_t meta = MakeMeta(ValueType::kString, mark, CodeOf(entry), entry.form());
  return (word & ~(TableWord{0xff} << kTableWordMetaShift)) | TableWord{meta} << kTableWordMetaShift;
}

TableWord WithKey(TableWord word, std::string_view key) {
  const Entry entry(word);
  Parts parts = PartsOf(word);
  Form form = entry.form();
  // A longer key may need a form whose value lies outside; a shorter one leaves the value where it is.
  if (key.size() > kShortMax) {
    form = Form::kLongKey;
  } else if (form == Form::kLongKey) {
    form = Form::kExternal;
  }
  if (IsExternalForm(form) && !entry.is_external()) {
    parts.external = Blob(parts.inline_value).Release();
    parts.inline_value = {};
    parts.inline_size = 0;
  }
  parts.meta = MakeMeta(entry.type(), entry.mark(), CodeOf(entry), form);
  parts.key = key;
  const TableWord made = Build(parts);
  FreeBlock(word);
  return made;
}

void FreeEntry(TableWord word) {
  FreeValue(Entry(word));
  FreeBlock(word);
}

Blob FreeEntryKeepBlob(TableWord word) {
  const Entry entry(word);
  CHECK(entry.type() == ValueType::kString);
  Blob blob = Blob::Adopt(entry.is_external() ? entry.external() : nullptr);
  FreeBlock(word);
  return blob;
}

}  // namespace reprise
