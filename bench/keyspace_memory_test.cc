// The keyspace gives back what it asked of the allocator. Where the C library is not glibc there is nobody to ask.
#if __has_include(<malloc.h>)
#include <malloc.h>
#endif

#include <gtest/gtest.h>

#include <cstddef>
#include <string>

#include "server/keyspace/database.h"
#include "server/keyspace/reclaimer.h"

#if defined(__GLIBC__)
namespace reprise {
namespace {

// Bytes that the allocator has given out, and some that it keeps for the next who asks.
size_t AllocatedBytes() {
  const struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

// A leak is seen without a sanitizer, too (under which the allocator counts nothing).
TEST(KeyspaceMemoryTest, EverythingIsGivenBackToTheAllocator) {
  const auto round = [] {
    Reclaimer reclaimer;
    Database db(1);
    for (const size_t size : {size_t{10}, size_t{5000}, Reclaimer::kBlobBytesPerUnit * 3}) {
      const std::string value(size, 'v');
      for (size_t i = 0; i < 8000 / (1 + size / 1000); ++i) {
        const std::string key = "key" + std::to_string(i);
        db.Insert(key, db.Hash(key), value);
      }
      for (size_t i = 0; i < 100; ++i) {
        const std::string key = "key" + std::to_string(i);
        if (const Ref ref = db.Find(key, db.Hash(key))) {
          db.EraseLazily(ref, reclaimer);
        }
      }
      reclaimer.Step(50);
      db.Clear(reclaimer);
    }
    while (!reclaimer.empty()) {
      reclaimer.Step(1000);
    }
  };
  // Until the allocator keeps no more than it already does.
  for (int i = 0; i < 3; ++i) {
    round();
  }
  const size_t before = AllocatedBytes();
  round();
  constexpr size_t kKeptForLater = 16 * 1024;  // more or less from round to round; a lost segment or blob is larger
  EXPECT_LE(AllocatedBytes(), before + kKeptForLater);
}
}  // namespace
}  // namespace reprise
#endif
