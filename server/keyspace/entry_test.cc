#include "server/keyspace/entry.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace reprise {
namespace {

constexpr int64_t kFarFuture = int64_t{1} << 60;
constexpr TableWord kFingerprint = 0x00a5'0000'0000'0003;

// Lengths on both sides of every border between forms.
const std::vector<size_t> kKeySizes = {0, 1, 7, 16, 255, 256, 70'000};
const std::vector<size_t> kValueSizes = {0, 1, 3, 255, 256, 4096, 4097, 100'000};
constexpr StringMark kMarks[] = {StringMark::kNone, StringMark::kEdited, StringMark::kFormatted, StringMark::kCopied};
const std::vector<int64_t> kExpiries = {
    kNoExpiry,           0,          1,          -1, 1'700'000'000'123, (int64_t{1} << 47) - 1, int64_t{1} << 47,
    -(int64_t{1} << 47), kFarFuture, -kFarFuture};

std::string Bytes(size_t size, char first) {
  std::string bytes(size, ' ');
  for (size_t i = 0; i < size; ++i) {
    bytes[i] = static_cast<char>(static_cast<size_t>(first) + i % 23);
  }
  return bytes;
}

// Owns the entry; each step replaces the word as the table would.
class Held {
 public:
  explicit Held(TableWord word) : word_(word | kFingerprint) {}
  ~Held() { FreeEntry(word_); }
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;
  TableWord word() const { return word_; }
  void Set(TableWord word) { word_ = word; }
  Entry entry() const { return Entry(word_); }

  void ExpectIs(std::string_view key, std::string_view value, int64_t expire_at_ms) const {
    EXPECT_EQ(entry().key(), key);
    EXPECT_EQ(entry().value(), value);
    EXPECT_EQ(entry().expire_at_ms(), expire_at_ms);
    EXPECT_EQ(entry().has_expiry(), expire_at_ms != kNoExpiry);
    EXPECT_EQ(entry().type(), ValueType::kString);
    EXPECT_EQ(word_ & kTableWordFingerprintMask, kFingerprint);
    EXPECT_FALSE(IsTableLink(word_));
  }

 private:
  TableWord word_;
};

TEST(EntryTest, EveryFormGivesBackWhatItWasMadeOf) {
  for (size_t key_size : kKeySizes) {
    for (size_t value_size : kValueSizes) {
      for (int64_t expiry : kExpiries) {
        const std::string key = Bytes(key_size, 'a');
        const std::string value = Bytes(value_size, 'A');
        const Held copied(NewStringEntry(key, value, expiry));
        copied.ExpectIs(key, value, expiry);
        EXPECT_EQ(copied.entry().access_clock(), 0U);
        const Held moved(NewStringEntry(key, Blob(value), expiry));
        moved.ExpectIs(key, value, expiry);
        EXPECT_EQ(moved.entry().bytes_used(), copied.entry().bytes_used());
      }
    }
  }
}

TEST(EntryTest, ShortEntriesFillTheirSizeClasses) {
  const std::string key(16, 'k');
  const auto bytes = [&](size_t value_size, int64_t expiry) {
    const Held held(NewStringEntry(key, std::string(value_size, 'v'), expiry));
    return held.entry().bytes_used();
  };
  EXPECT_EQ(bytes(3, kNoExpiry), 24U);
  EXPECT_EQ(bytes(32, kNoExpiry), 53U);
  EXPECT_EQ(bytes(128, kNoExpiry), 149U);
  EXPECT_EQ(bytes(3, 1'700'000'000'000), 30U);
}

TEST(EntryTest, TheClockHasTwentyFourBitsAndTouchesNothingElse) {
  for (size_t key_size : kKeySizes) {
    Held held(NewStringEntry(Bytes(key_size, 'a'), "value", 42));
    held.entry().set_access_clock(0xffff'ffff);
    EXPECT_EQ(held.entry().access_clock(), 0xff'ffffU);
    held.entry().set_access_clock(0x12'3456);
    EXPECT_EQ(held.entry().access_clock(), 0x12'3456U);
    held.ExpectIs(Bytes(key_size, 'a'), "value", 42);
  }
}

TEST(EntryTest, ReplacingTakesAnyFormToAnyOther) {
  for (size_t key_size : kKeySizes) {
    const std::string key = Bytes(key_size, 'a');
    for (size_t from : kValueSizes) {
      for (size_t to : kValueSizes) {
        for (int64_t expiry : {kNoExpiry, int64_t{7}, kFarFuture}) {
          Held held(NewStringEntry(key, Bytes(from, 'A'), 5));
          held.entry().set_access_clock(99);
          held.Set(WithMark(held.word(), from % 2 == 0 ? StringMark::kEdited : StringMark::kFormatted));
          held.Set(ReplaceString(held.word(), Bytes(to, '0'), expiry));
          held.ExpectIs(key, Bytes(to, '0'), expiry);
          EXPECT_EQ(held.entry().access_clock(), 99U);
          EXPECT_EQ(held.entry().mark(), StringMark::kNone);
          held.Set(ReplaceString(held.word(), Blob(Bytes(from, 'f')), 8));
          held.ExpectIs(key, Bytes(from, 'f'), 8);
          EXPECT_EQ(held.entry().access_clock(), 99U);
        }
      }
    }
  }
}

TEST(EntryTest, AValueOfTheSameSizeIsWrittenInPlace) {
  for (const size_t size : std::vector<size_t>{0, 3, 255, 256, 4096}) {
    for (const auto& [before, after] :
         {std::pair{kNoExpiry, kNoExpiry}, {int64_t{5}, int64_t{-7}}, {kFarFuture, -kFarFuture}}) {
      Held held(NewStringEntry("key", Bytes(size, 'A'), before));
      held.Set(WithMark(held.word(), StringMark::kEdited));
      Entry(held.word()).set_access_clock(0xabcdef);
      TableWord word = held.word();
      ASSERT_TRUE(OverwriteString(&word, Bytes(size, 'a'), after));
      EXPECT_EQ(word, WithMark(held.word(), StringMark::kNone));
      held.Set(word);
      held.ExpectIs("key", Bytes(size, 'a'), after);
      EXPECT_EQ(held.entry().access_clock(), 0xabcdefU);
    }
  }
}

TEST(EntryTest, WhatTakesAnotherAmountOfRoomIsNotWrittenInPlace) {
  const auto expect_refused = [](size_t size, int64_t expiry, size_t new_size, int64_t new_expiry) {
    const Held held(NewStringEntry("key", Bytes(size, 'A'), expiry));
    TableWord word = held.word();
    EXPECT_FALSE(OverwriteString(&word, Bytes(new_size, 'a'), new_expiry));
    EXPECT_EQ(word, held.word());
    held.ExpectIs("key", Bytes(size, 'A'), expiry);
  };
  expect_refused(3, kNoExpiry, 4, kNoExpiry);
  expect_refused(255, kNoExpiry, 256, kNoExpiry);
  expect_refused(3, kNoExpiry, 3, 5);
  expect_refused(3, 5, 3, kNoExpiry);
  expect_refused(3, 5, 3, kFarFuture);
  expect_refused(5000, kNoExpiry, 5000, kNoExpiry);
}

TEST(EntryTest, ResizingKeepsThePrefixAndFillsWithZeros) {
  for (size_t key_size : kKeySizes) {
    const std::string key = Bytes(key_size, 'a');
    for (size_t from : kValueSizes) {
      for (size_t to : kValueSizes) {
        Held held(NewStringEntry(key, Bytes(from, 'A'), 1234));
        held.entry().set_access_clock(77);
        held.Set(WithMark(held.word(), StringMark::kCopied));
        held.Set(ResizeString(held.word(), to));
        std::string expected = Bytes(from, 'A');
        expected.resize(to);
        held.ExpectIs(key, expected, 1234);
        EXPECT_EQ(held.entry().mark(), StringMark::kCopied);
        EXPECT_EQ(held.entry().access_clock(), 77U);
        if (to > 0) {
          MutableBytes(held.word())[to - 1] = '!';
          expected.back() = '!';
        }
        held.ExpectIs(key, expected, 1234);
      }
    }
  }
}

TEST(EntryTest, ExpiriesComeAndGoInEveryForm) {
  for (size_t key_size : kKeySizes) {
    for (size_t value_size : kValueSizes) {
      Held held(NewStringEntry(Bytes(key_size, 'a'), Bytes(value_size, 'A'), kNoExpiry));
      held.entry().set_access_clock(5);
      for (int64_t expiry : kExpiries) {
        held.Set(WithExpiry(held.word(), expiry));
        held.ExpectIs(Bytes(key_size, 'a'), Bytes(value_size, 'A'), expiry);
      }
      held.Set(WithExpiry(held.word(), kNoExpiry));
      held.ExpectIs(Bytes(key_size, 'a'), Bytes(value_size, 'A'), kNoExpiry);
      EXPECT_EQ(held.entry().access_clock(), 5U);
    }
  }
}

TEST(EntryTest, MarksComeAndGoAndAMarkedStringIsAString) {
  for (size_t key_size : kKeySizes) {
    for (int64_t expiry : kExpiries) {
      Held held(NewStringEntry(Bytes(key_size, 'a'), "12", expiry));
      for (StringMark from : kMarks) {
        for (StringMark to : kMarks) {
          held.Set(WithMark(held.word(), from));
          held.Set(WithMark(held.word(), to));
          EXPECT_EQ(held.entry().mark(), to);
          EXPECT_FALSE(IsTableLink(held.word()));
          held.ExpectIs(Bytes(key_size, 'a'), "12", expiry);
          held.Set(WithExpiry(held.word(), 77));
          EXPECT_EQ(held.entry().mark(), to);
          held.Set(WithExpiry(held.word(), expiry));
        }
      }
    }
  }
}

TEST(EntryTest, AnotherKeyKeepsEverythingElse) {
  for (size_t from : kKeySizes) {
    for (size_t to : kKeySizes) {
      for (size_t value_size : kValueSizes) {
        Held held(NewStringEntry(Bytes(from, 'a'), Bytes(value_size, 'A'), 31));
        held.entry().set_access_clock(5);
        held.Set(WithMark(held.word(), StringMark::kCopied));
        held.Set(WithKey(held.word(), Bytes(to, 'b')) | kFingerprint);
        held.ExpectIs(Bytes(to, 'b'), Bytes(value_size, 'A'), 31);
        EXPECT_EQ(held.entry().access_clock(), 5U);
        EXPECT_EQ(held.entry().mark(), StringMark::kCopied);
      }
    }
  }
}

TEST(EntryTest, ALargeBlobIsNotCopied) {
  Blob blob(std::string(100'000, 'x'));
  const char* bytes = blob.data();
  Held held(NewStringEntry("key", std::move(blob), kNoExpiry));
  EXPECT_EQ(held.entry().value().data(), bytes);
  held.Set(WithExpiry(held.word(), 5));
  held.Set(WithKey(held.word(), "a longer key"));
  EXPECT_EQ(held.entry().value().data(), bytes);
}

TEST(EntryTest, ALargeBlobOutlivesItsEntry) {
  Blob blob(std::string(100'000, 'x'));
  const char* bytes = blob.data();
  Blob kept = FreeEntryKeepBlob(NewStringEntry("key", std::move(blob), kNoExpiry));
  EXPECT_EQ(kept.data(), bytes);
  EXPECT_EQ(FreeEntryKeepBlob(NewStringEntry("key", "short", kNoExpiry)).bytes_used(), 0U);
}

TEST(EntryTest, RoomToSpareInABlobIsNotKept) {
  Blob blob = Blob::WithCapacity(50'000);
  blob.Append(std::string(10'000, 'x'));
  const Held grown(NewStringEntry("key", std::move(blob), kNoExpiry));
  const Held exact(NewStringEntry("key", std::string(10'000, 'x'), kNoExpiry));
  EXPECT_EQ(grown.entry().bytes_used(), exact.entry().bytes_used());
}

TEST(SameBytesTest, SeesADifferenceInAnyPlaceAtAnyLength) {
  for (size_t size = 0; size < 70; ++size) {
    const std::string a = Bytes(size, 'a');
    EXPECT_TRUE(SameBytes(a, std::string(a)));
    EXPECT_FALSE(SameBytes(a, a + 'x'));
    for (size_t i = 0; i < size; ++i) {
      std::string b = a;
      b[i] = '\0';
      EXPECT_FALSE(SameBytes(a, b)) << size << " " << i;
    }
  }
}

}  // namespace
}  // namespace reprise
