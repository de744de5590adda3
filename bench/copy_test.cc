// A value of 1 MB is copied once on its way in (by the network, into its place) and once on its way out. Counts what
// memcpy and memmove are asked to copy while turns of the loop run in a StillWorld.
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "bench/request_mix.h"
#include "bench/still_world.h"

namespace {

// Small copies are no matter here, and inlined anyway.
constexpr size_t kLargeCopyBytes = 4096;

uint64_t large_copies_bytes = 0;

// The barrier keeps the compiler from seeing a memcpy in the loop, and calling itself.
void CopyBytes(char* to, const char* from, size_t bytes, bool backwards) {
  large_copies_bytes += bytes >= kLargeCopyBytes ? bytes : 0;
  for (size_t i = 0; i < bytes; ++i) {
    const size_t at = backwards ? bytes - 1 - i : i;
    to[at] = from[at];
    asm volatile("" ::: "memory");
  }
}

}  // namespace

extern "C" {
void* memcpy(void* to, const void* from, size_t bytes) {
  CopyBytes(static_cast<char*>(to), static_cast<const char*>(from), bytes, false);
  return to;
}
void* memmove(void* to, const void* from, size_t bytes) {
  CopyBytes(static_cast<char*>(to), static_cast<const char*>(from), bytes, to > from);
  return to;
}
}

namespace reprise {
namespace {

constexpr uint64_t kValueBytes = 1 << 20;
// What the first read of a large request brings into the shared buffer has to be moved to where the rest goes.
constexpr uint64_t kFirstReadBytes = 64 * 1024;

class CopyTest : public testing::Test {
 protected:
  // Answers the bytes copied by the server and the network for one request.
  uint64_t CopiedBy(const char* request) {
    RequestMix mix({request}, kValueBytes, KeyChooser(KeyOrder::kSequential, 1, 0.99, 1));
    std::string bytes;
    mix.Append(&bytes);
    const uint64_t before = large_copies_bytes;
    world_.Serve(bytes);
    return large_copies_bytes - before;
  }

  StillWorld world_;
};

TEST_F(CopyTest, ALargeValueIsCopiedOnceOnItsWayIn) {
  for (const char* what : {"new key", "same key"}) {
    const uint64_t copied = CopiedBy("SET {key} {value}");
    EXPECT_GE(copied, kValueBytes) << what << ": the copy of the network itself is counted";
    EXPECT_LE(copied, kValueBytes + 2 * kFirstReadBytes) << what;
  }
}

TEST_F(CopyTest, ALargeValueIsCopiedOnceOnItsWayOut) {
  (void)CopiedBy("SET {key} {value}");
  const uint64_t written_before = world_.network().bytes_written();
  EXPECT_LE(CopiedBy("GET {key}"), kValueBytes + kFirstReadBytes);
  EXPECT_GE(world_.network().bytes_written() - written_before, kValueBytes);
}

}  // namespace
}  // namespace reprise
