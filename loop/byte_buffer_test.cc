#include "loop/byte_buffer.h"

#include <gtest/gtest.h>

#include <cstring>
#include <random>
#include <string>

namespace reprise {
namespace {

TEST(ByteBufferTest, NewBufferOwnsNothing) {
  ByteBuffer buffer;
  EXPECT_EQ(buffer.size(), 0U);
  EXPECT_EQ(buffer.capacity(), 0U);
  EXPECT_EQ(buffer.data(), nullptr);
  buffer.Append("");
  buffer.Consume(0);
  buffer.Truncate(0);
  EXPECT_EQ(buffer.capacity(), 0U);
}

TEST(ByteBufferTest, ReservedRoomBecomesLiveByCommitOnly) {
  ByteBuffer buffer;
  std::memcpy(buffer.Reserve(10), "0123456789", 10);
  EXPECT_TRUE(buffer.empty());
  buffer.Commit(4);
  EXPECT_EQ(buffer.view(), "0123");
  EXPECT_GE(buffer.room(), 6U);
}

TEST(ByteBufferTest, ConsumeDropsFromTheFrontAndTruncateFromTheEnd) {
  ByteBuffer buffer;
  buffer.Append("abcdef");
  buffer.Consume(2);
  EXPECT_EQ(buffer.view(), "cdef");
  buffer.Truncate(3);
  EXPECT_EQ(buffer.view(), "cde");
  buffer.Append("x");
  EXPECT_EQ(buffer.view(), "cdex");
}

TEST(ByteBufferTest, EmptiedBufferUsesItsMemoryFromTheFrontAgain) {
  ByteBuffer buffer;
  buffer.Append(std::string(200, 'x'));
  const size_t capacity = buffer.capacity();
  for (int i = 0; i < 1000; ++i) {
    buffer.Consume(buffer.size());
    buffer.Append(std::string(capacity, 'y'));
  }
  EXPECT_EQ(buffer.capacity(), capacity);
}

TEST(ByteBufferTest, QueueOfConstantLengthDoesNotGrow) {
  ByteBuffer buffer;
  buffer.Append(std::string(100, 'x'));
  for (int i = 0; i < 10000; ++i) {
    buffer.Append("0123456789");
    buffer.Consume(10);
  }
  EXPECT_EQ(buffer.size(), 100U);
  EXPECT_LE(buffer.capacity(), 512U);
}

TEST(ByteBufferTest, GrowthIsAmortised) {
  ByteBuffer buffer;
  int moves = 0;
  size_t capacity = 0;
  for (int i = 0; i < 1 << 20; ++i) {
    buffer.Append("x");
    if (buffer.capacity() != capacity) {
      capacity = buffer.capacity();
      ++moves;
    }
  }
  EXPECT_LE(moves, 16);
  EXPECT_EQ(buffer.size(), size_t{1} << 20);
}

TEST(ByteBufferTest, MovedFromBufferIsEmptyAndUsable) {
  ByteBuffer first;
  first.Append("abc");
  ByteBuffer second(std::move(first));
  EXPECT_EQ(second.view(), "abc");
  first.Append("new");  // NOLINT(bugprone-use-after-move): the contract says that it is empty
  EXPECT_EQ(first.view(), "new");
  second = std::move(first);
  EXPECT_EQ(second.view(), "new");
  EXPECT_EQ(first.capacity(), 0U);
  second.Swap(first);
  EXPECT_EQ(first.view(), "new");
}

TEST(ByteBufferTest, FreeMemoryGivesEverythingBack) {
  ByteBuffer buffer;
  buffer.Append("abc");
  buffer.FreeMemory();
  EXPECT_EQ(buffer.capacity(), 0U);
  EXPECT_TRUE(buffer.empty());
  buffer.Append("d");
  EXPECT_EQ(buffer.view(), "d");
}

TEST(ByteBufferTest, BehavesAsAStringUnderRandomOperations) {
  std::mt19937 random(7);
  ByteBuffer buffer;
  std::string model;
  for (int i = 0; i < 100000; ++i) {
    const size_t n = random() % 40;
    switch (random() % 5) {
      case 0:
      case 1:
        buffer.Append(std::string(n, static_cast<char>('a' + i % 26)));
        model.append(n, static_cast<char>('a' + i % 26));
        break;
      case 2:
        buffer.Consume(std::min(n, model.size()));
        model.erase(0, n);
        break;
      case 3:
        if (n == 0) {
          buffer.Truncate(model.size() / 2);
          model.resize(model.size() / 2);
        }
        break;
      default:
        std::memset(buffer.Reserve(n * 3), 'z', n * 3);
        buffer.Commit(n);
        model.append(n, 'z');
    }
    ASSERT_EQ(buffer.view(), model);
  }
}

TEST(ByteBufferDeathTest, MisuseIsCaught) {
  ByteBuffer buffer;
  buffer.Append("abc");
  EXPECT_DEATH(buffer.Consume(4), "bytes <= size");
  EXPECT_DEATH(buffer.Truncate(4), "size <= ");
  EXPECT_DEATH(buffer.Commit(100000), "capacity_ - end_");
}

}  // namespace
}  // namespace reprise
