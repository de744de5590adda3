#include "server/keyspace/database.h"

#include <algorithm>
#include <limits>

#include "loop/check.h"

namespace reprise {
namespace {

uint64_t HashOfEntry(TableWord word, uint64_t seed) { return HashKey(Entry(word).key(), seed); }

}  // namespace

Database::~Database() { table_.Dismantle(std::numeric_limits<size_t>::max(), FreeEntry); }

HashTable::Hasher Database::Hasher() const { return {HashOfEntry, hash_seed_}; }

void Database::Count(TableWord word) {
  const Entry entry(word);
  entry_bytes_ += entry.bytes_used();
  expiring_count_ += entry.has_expiry() ? size_t{1} : 0;
}

void Database::Uncount(TableWord word) {
  const Entry entry(word);
  entry_bytes_ -= entry.bytes_used();
  expiring_count_ -= entry.has_expiry() ? size_t{1} : 0;
}

template <typename Change>
void Database::Update(Ref& ref, Change&& change) {
  Uncount(*ref.slot_);
  *ref.slot_ = change(*ref.slot_);
  Count(*ref.slot_);
}

Ref Database::Add(uint64_t hash, TableWord word) {
  Count(word);
  return Ref(table_.Insert(hash, word, Hasher()));
}

TableWord Database::TakeOut(Ref ref) {
  const TableWord word = *ref.slot_;
  Uncount(word);
  table_.Erase(ref.slot_, HashOfEntry(word, hash_seed_));
  return word;
}

// ---- Changing ----

Ref Database::Insert(std::string_view key, uint64_t hash, std::string_view value, int64_t expire_at_ms) {
  return Add(hash, NewStringEntry(key, value, expire_at_ms));
}

Ref Database::Insert(std::string_view key, uint64_t hash, Blob&& value, int64_t expire_at_ms) {
  return Add(hash, NewStringEntry(key, std::move(value), expire_at_ms));
}

void Database::Replace(Ref& ref, std::string_view value, int64_t expire_at_ms) {
  if (OverwriteString(ref.slot_, value, expire_at_ms)) {
    return;
  }
  Update(ref, [&](TableWord word) { return ReplaceString(word, value, expire_at_ms); });
}

void Database::Replace(Ref& ref, Blob&& value, int64_t expire_at_ms) {
  Update(ref, [&](TableWord word) { return ReplaceString(word, std::move(value), expire_at_ms); });
}

char* Database::MutableValue(Ref& ref, size_t new_size) {
  Update(ref, [&](TableWord word) { return ResizeString(word, new_size); });
  return MutableBytes(*ref.slot_);
}

void Database::Mark(Ref& ref, StringMark mark) { *ref.slot_ = WithMark(*ref.slot_, mark); }

void Database::SetExpiry(Ref& ref, int64_t at_ms) {
  CHECK(at_ms != kNoExpiry);
  Update(ref, [&](TableWord word) { return WithExpiry(word, at_ms); });
}

void Database::ClearExpiry(Ref& ref) {
  Update(ref, [](TableWord word) { return WithExpiry(word, kNoExpiry); });
}

void Database::Erase(Ref ref) { FreeEntry(TakeOut(ref)); }

void Database::EraseLazily(Ref ref, Reclaimer& reclaimer) {
  Blob blob = FreeEntryKeepBlob(TakeOut(ref));
  if (blob.bytes_used() >= Reclaimer::kBlobBytesPerUnit) {
    reclaimer.Add(std::move(blob));
  }
}

Ref Database::Rename(Ref ref, std::string_view new_key, uint64_t new_hash) {
  return Add(new_hash, WithKey(TakeOut(ref), new_key));
}

Ref Database::MoveTo(Ref ref, Database& to, uint64_t hash_there) {
  CHECK(this != &to);
  return to.Add(hash_there, TakeOut(ref));
}

void Database::Clear(Reclaimer& reclaimer) {
  const size_t bytes = bytes_used();
  reclaimer.Add(std::move(table_), bytes);
  entry_bytes_ = 0;
  expiring_count_ = 0;
  expire_bucket_ = 0;
}

void Database::SwapWith(Database& other) noexcept {
  std::swap(table_, other.table_);
  std::swap(hash_seed_, other.hash_seed_);
  std::swap(entry_bytes_, other.entry_bytes_);
  std::swap(expiring_count_, other.expiring_count_);
  std::swap(expire_bucket_, other.expire_bucket_);
}

// ---- Expiry ----

void Database::Expire(Ref ref) {
  if (observer_ != nullptr) {
    observer_->OnExpired(ref.key());
  }
  Erase(ref);
}

ExpireStep Database::ExpireSome(int64_t now_ms, size_t max_buckets) {
  ExpireStep step;
  const size_t limit = std::min(max_buckets, table_.bucket_count());
  while (step.scanned_buckets < limit && expiring_count_ > 0) {
    if (expire_bucket_ >= table_.bucket_count()) {
      expire_bucket_ = 0;
    }
    step.removed += ExpireBucket(expire_bucket_, now_ms);
    ++expire_bucket_;
    ++step.scanned_buckets;
  }
  return step;
}

// An erasure moves slots of its bucket, and may merge others into it: look for one expired entry at a time.
size_t Database::ExpireBucket(size_t index, int64_t now_ms) {
  size_t removed = 0;
  for (Ref expired;; ++removed) {
    expired = Ref();
    if (index < table_.bucket_count()) {
      table_.VisitBucket(index, [&](TableWord* slot) {
        if (!expired && IsExpired(Ref(slot), now_ms)) {
          expired = Ref(slot);
        }
      });
    }
    if (!expired) {
      return removed;
    }
    Expire(expired);
  }
}

void Database::CheckInvariants() const {
  table_.CheckInvariants(Hasher());
  size_t bytes = 0;
  size_t expiring = 0;
  ForEach([&](Ref ref) {
    bytes += ref.bytes_used();
    expiring += ref.has_expiry() ? size_t{1} : 0;
  });
  CHECK(bytes == entry_bytes_);
  CHECK(expiring == expiring_count_);
}

}  // namespace reprise
