#include "server/keyspace/hash_table.h"

#include <bit>
#include <cstdlib>

namespace reprise {
namespace {

// Between the two marks lies a sixth of the table, so that no size makes it add and drop in turn. A single bucket is
// filled up before there are two.
bool IsTooFull(size_t entries, size_t buckets) { return entries > buckets * 6 + 2; }
bool IsTooEmpty(size_t entries, size_t buckets) { return entries < (buckets - 1) * 5; }

uint64_t ReverseBits(uint64_t v) {
  v = (v >> 1 & 0x5555'5555'5555'5555) | (v & 0x5555'5555'5555'5555) << 1;
  v = (v >> 2 & 0x3333'3333'3333'3333) | (v & 0x3333'3333'3333'3333) << 2;
  v = (v >> 4 & 0x0f0f'0f0f'0f0f'0f0f) | (v & 0x0f0f'0f0f'0f0f'0f0f) << 4;
  return __builtin_bswap64(v);
}

uint64_t Mix(uint64_t v) {
  v = (v ^ v >> 30) * 0xbf58'476d'1ce4'e5b9;
  v = (v ^ v >> 27) * 0x94d0'49bb'1331'11eb;
  return v ^ v >> 31;
}

}  // namespace

HashTable::~HashTable() {
  while (bucket_count_ > 0) {
    ConsumeChain(BucketAt(bucket_count_ - 1), [](TableWord) {});
    DropBucket();
  }
}

void HashTable::Swap(HashTable& other) noexcept {
  std::swap(segments_, other.segments_);
  std::swap(size_, other.size_);
  std::swap(bucket_count_, other.bucket_count_);
  std::swap(low_mask_, other.low_mask_);
  std::swap(first_segment_buckets_, other.first_segment_buckets_);
  std::swap(node_count_, other.node_count_);
}

size_t HashTable::bytes_used() const {
  const size_t whole_segments = segments_.empty() ? 0 : segments_.size() - 1;
  return (first_segment_buckets_ + whole_segments * kSegmentBuckets) * sizeof(Bucket) +
         segments_.size() * sizeof(Bucket*) + node_count_ * kNodeWords * sizeof(TableWord);
}

TableWord* HashTable::Insert(uint64_t hash, TableWord word, Hasher hasher) {
  if (bucket_count_ == 0) {
    AddBucket();
  } else if (IsTooFull(size_ + 1, bucket_count_)) {
    Split(hasher);
  }
  ++size_;
  ChainEnd end = EndOf(BucketAt(BucketIndex(hash)));
  return Append(end, (word & ~kTableWordFingerprintMask) | TableWordFingerprint(hash));
}

// The last word of the chain fills the gap, so that a chain's shape follows from its length.
void HashTable::Erase(TableWord* slot, uint64_t hash) {
  TableWord* words = BucketAt(BucketIndex(hash)).words;
  size_t width = kBucketWords;
  TableWord* link = nullptr;
  while (IsTableLink(words[width - 1])) {
    link = words + width - 1;
    words = LinkTarget(*link);
    width = kNodeWords;
  }
  size_t used = width;
  while (words[used - 1] == 0) {
    --used;
  }
  *slot = words[used - 1];
  words[used - 1] = 0;
  if (link != nullptr && used == 2) {
    // One entry is left in the node, and fits where the link is.
    *link = words[0];
    FreeNode(words);
  }
  --size_;
  if (bucket_count_ > 1 && IsTooEmpty(size_, bucket_count_)) {
    MergeLast();
  } else if (size_ == 0) {
    DropBucket();
  }
}

// ---- Chains ----

HashTable::ChainEnd HashTable::EndOf(Bucket& bucket) const {
  ChainEnd end{bucket.words, 0, kBucketWords};
  while (IsTableLink(end.words[end.width - 1])) {
    end = {LinkTarget(end.words[end.width - 1]), 0, kNodeWords};
  }
  while (end.used < end.width && end.words[end.used] != 0) {
    ++end.used;
  }
  return end;
}

TableWord* HashTable::Append(ChainEnd& end, TableWord word) {
  if (end.used == end.width) {
    TableWord* node = NewNode();
    TableWord& last = end.words[end.width - 1];
    node[0] = last;
    last = MakeTableWord(node, 0) | kTableWordLinkMark;
    end = {node, 1, kNodeWords};
  }
  end.words[end.used] = word;
  return end.words + end.used++;
}

TableWord* HashTable::NewNode() {
  auto* node = static_cast<TableWord*>(std::calloc(kNodeWords, sizeof(TableWord)));
  CHECK(node != nullptr);
  ++node_count_;
  return node;
}

void HashTable::FreeNode(TableWord* node) {
  std::free(node);
  --node_count_;
}

// ---- Growing and shrinking ----

void HashTable::Split(Hasher hasher) {
  const size_t added = bucket_count_;
  const uint64_t deciding_bit = low_mask_ + 1;
  AddBucket();
  Bucket& from = BucketAt(added - deciding_bit);
  ChainEnd stay{from.words, 0, kBucketWords};
  ChainEnd move{BucketAt(added).words, 0, kBucketWords};
  PrefetchChain(from);
  ConsumeChain(from, [&](TableWord word) { Append((hasher(word) & deciding_bit) != 0 ? move : stay, word); });
}

void HashTable::MergeLast() {
  const size_t last = bucket_count_ - 1;
  ChainEnd end = EndOf(BucketAt(last - std::bit_floor(last)));
  ConsumeChain(BucketAt(last), [&](TableWord word) { Append(end, word); });
  DropBucket();
}

// Makes an empty bucket at the end.
void HashTable::AddBucket() {
  const size_t index = bucket_count_;
  if (index < kSegmentBuckets) {
    if (index == first_segment_buckets_) {
      ResizeFirstSegment(index == 0 ? 1 : index * 2);
    }
  } else if (index % kSegmentBuckets == 0) {
    // Left as it comes: each bucket is cleared when its turn comes, so that no insertion touches 64 KiB at once.
    auto* segment = static_cast<Bucket*>(std::aligned_alloc(alignof(Bucket), kSegmentBuckets * sizeof(Bucket)));
    CHECK(segment != nullptr);
    segments_.push_back(segment);
  }
  SetBucketCount(index + 1);
  BucketAt(index) = Bucket{};
}

// Forgets the last bucket, which is empty.
void HashTable::DropBucket() {
  const size_t left = bucket_count_ - 1;
  SetBucketCount(left);
  if (left >= kSegmentBuckets) {
    if (left % kSegmentBuckets == 0) {
      std::free(segments_.back());
      segments_.pop_back();
    }
  } else if (left == 0) {
    std::free(segments_.front());
    segments_ = {};
    first_segment_buckets_ = 0;
  } else if (left <= first_segment_buckets_ / 4) {
    ResizeFirstSegment(first_segment_buckets_ / 2);
  }
}

void HashTable::ResizeFirstSegment(size_t buckets) {
  auto* segment = static_cast<Bucket*>(std::aligned_alloc(alignof(Bucket), buckets * sizeof(Bucket)));
  CHECK(segment != nullptr);
  if (segments_.empty()) {
    segments_.push_back(segment);
  } else {
    std::copy_n(segments_.front(), bucket_count_, segment);
    std::free(segments_.front());
    segments_.front() = segment;
  }
  first_segment_buckets_ = buckets;
}

void HashTable::SetBucketCount(size_t count) {
  bucket_count_ = count;
  low_mask_ = count == 0 ? 0 : std::bit_floor(count) - 1;
}

// ---- Walking ----

// A cursor is a position in the order of the hashes read backwards, lowest bit first. In that order each bucket is an
// unbroken range, whether it has been split or not: the next position is the end of the range just visited.
uint64_t HashTable::NextCursor(uint64_t cursor, uint64_t class_mask) {
  return ReverseBits(ReverseBits(cursor | ~class_mask) + 1);
}

// Draws a bucket and accepts it with probability length/16, so that an entry's chance does not hang on how many it
// shares its bucket with. A few dozen refusals in a row mean that nearly all is empty: then the next entry will do.
TableWord* HashTable::RandomSlot(uint64_t random) const {
  constexpr uint64_t kAcceptAll = 16;
  constexpr int kMaxDraws = 64;
  if (size_ == 0) {
    return nullptr;
  }
  uint64_t draw = random;
  for (int i = 0; i < kMaxDraws; ++i) {
    draw = Mix(draw + 0x9e37'79b9'7f4a'7c15);
    Bucket& bucket = BucketAt((draw >> 16) % bucket_count_);
    uint64_t length = 0;
    VisitChain(bucket, [&](TableWord*) { ++length; });
    if (draw % kAcceptAll < length) {
      const uint64_t chosen = Mix(draw) % length;
      uint64_t at = 0;
      TableWord* result = nullptr;
      VisitChain(bucket, [&](TableWord* slot) { result = at++ == chosen ? slot : result; });
      return result;
    }
  }
  size_t index = draw % bucket_count_;
  while (BucketAt(index).words[0] == 0) {
    index = (index + 1) % bucket_count_;
  }
  TableWord* first = nullptr;
  VisitChain(BucketAt(index), [&](TableWord* slot) { first = first == nullptr ? slot : first; });
  return first;
}

void HashTable::CheckInvariants(Hasher hasher) const {
  size_t entries = 0;
  size_t nodes = 0;
  for (size_t index = 0; index < bucket_count_; ++index) {
    size_t length = 0;
    VisitChain(BucketAt(index), [&](TableWord* slot) {
      const uint64_t hash = hasher(*slot);
      CHECK(BucketIndex(hash) == index);
      CHECK(((hash ^ index) & ClassMask(index)) == 0);
      CHECK((*slot & kTableWordFingerprintMask) == TableWordFingerprint(hash));
      ++length;
    });
    entries += length;
    // 7 in a bucket that has a node, 3 in a node that has another, and 2 to 4 in the last.
    nodes += length <= kBucketWords ? 0 : (length - (kBucketWords - 1) - 2) / (kNodeWords - 1) + 1;
  }
  CHECK(entries == size_);
  CHECK(nodes == node_count_);
  CHECK((bucket_count_ == 0) == (size_ == 0) && (bucket_count_ == 0) == segments_.empty());
}

}  // namespace reprise
