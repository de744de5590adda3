// The hot path allocates nothing for a GET and once for a SET of a new key. Counts every allocation of the process
// while turns of the loop run in a StillWorld, whose own streams allocate nothing in a turn.
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "bench/request_mix.h"
#include "bench/still_world.h"

namespace {

// Counted only while a test asks for it. There is one malloc in a process, so there is one count.
uint64_t allocations = 0;

}  // namespace

// What the C library's own malloc does, counted. operator new comes through here as well.
extern "C" {
void* __libc_malloc(size_t bytes);
void* __libc_calloc(size_t count, size_t bytes);
void* __libc_realloc(void* block, size_t bytes);
void* malloc(size_t bytes) {
  ++allocations;
  return __libc_malloc(bytes);
}
void* calloc(size_t count, size_t bytes) {
  ++allocations;
  return __libc_calloc(count, bytes);
}
void* realloc(void* block, size_t bytes) {
  ++allocations;
  return __libc_realloc(block, bytes);
}
}

namespace reprise {
namespace {

constexpr uint64_t kKeys = 20'000;
constexpr size_t kTurns = 500;

class AllocationTest : public testing::Test {
 protected:
  AllocationTest() { (void)AllocationsIn("SET {key} {value}", KeyOrder::kSequential, 50, kKeys / 50); }

  // Runs `turns` turns with `pipeline` requests each; answers the number of allocations within them.
  uint64_t AllocationsIn(const char* request, KeyOrder order, size_t pipeline, size_t turns = kTurns) {
    RequestMix mix({request}, 3, KeyChooser(order, kKeys, 0.99, 1));
    std::vector<std::string> batches(turns);
    for (std::string& batch : batches) {
      for (size_t i = 0; i < pipeline; ++i) {
        mix.Append(&batch);
      }
    }
    for (const std::string& batch : batches) {
      world_.network().Send(0, batch);
    }
    const uint64_t before = allocations;
    for (size_t i = 0; i < turns; ++i) {
      world_.Turn();
    }
    const uint64_t made = allocations - before;
    EXPECT_FALSE(world_.network().readable(1));
    return made;
  }

  // The first call of a command makes room for the histogram of its durations.
  void CallOnce(const char* request) { (void)AllocationsIn(request, KeyOrder::kUniform, 1, 1); }

  StillWorld world_;
};

TEST_F(AllocationTest, AGetAllocatesNothing) {
  CallOnce("GET {key}");
  EXPECT_EQ(AllocationsIn("GET {key}", KeyOrder::kUniform, 1), 0U);
  EXPECT_EQ(AllocationsIn("GET {key}", KeyOrder::kUniform, 16), 0U);
}

TEST_F(AllocationTest, AGetOfAMissingKeyAllocatesNothing) {
  CallOnce("GET {number}");
  EXPECT_EQ(AllocationsIn("GET {number}", KeyOrder::kUniform, 16), 0U);
}

TEST_F(AllocationTest, ReadingInOtherWaysAllocatesNothing) {
  for (const char* request : {"PING", "EXISTS {key}", "TTL {key}", "STRLEN {key}", "MGET {key} {key} {key}"}) {
    (void)AllocationsIn(request, KeyOrder::kUniform, 16);  // buffers that are used again and again get their size
    EXPECT_EQ(AllocationsIn(request, KeyOrder::kUniform, 16), 0U) << request;
  }
}

TEST_F(AllocationTest, ASetOfAKeyThatIsThereAllocatesAtMostOnce) {
  EXPECT_LE(AllocationsIn("SET {key} {value}", KeyOrder::kUniform, 1), kTurns);
  EXPECT_LE(AllocationsIn("SET {key} {value}", KeyOrder::kUniform, 16), kTurns * 16);
}

// One for the entry. The table grows beside it, by one bucket for a few keys: a segment of many buckets is allocated
// now and then, and a node for a bucket that is full, which together are a small share.
TEST_F(AllocationTest, ASetOfANewKeyAllocatesItsEntryAndAShareOfTheTable) {
  const uint64_t made = AllocationsIn("SET {number} {value}", KeyOrder::kUniform, 16);
  EXPECT_GE(made, kTurns * 16);
  EXPECT_LE(made, kTurns * 16 * 5 / 4);
  RecordProperty("allocations_per_1000_keys", static_cast<int>(made * 1000 / (kTurns * 16)));
}

}  // namespace
}  // namespace reprise
