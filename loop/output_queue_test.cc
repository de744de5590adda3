#include "loop/output_queue.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace reprise {
namespace {

std::string Drain(OutputQueue& queue, size_t step) {
  std::string all;
  while (!queue.empty()) {
    std::array<std::string_view, 3> pieces;
    const size_t count = queue.Gather(pieces);
    std::string front;
    for (size_t i = 0; i < count; ++i) {
      front += pieces[i];
    }
    const size_t taken = std::min(step, front.size());
    all += front.substr(0, taken);
    queue.Consume(taken);
  }
  return all;
}

TEST(OutputQueueTest, GivesBackInOrderWhatWasPutIn) {
  for (const size_t step : {1U, 7U, 1000U, 100000U}) {
    OutputQueue queue;
    std::string expected;
    for (size_t i = 0; i < 200; ++i) {
      const std::string bytes(i * 13 % 400, static_cast<char>('a' + i % 26));
      expected += bytes;
      queue.Append(bytes);
    }
    ByteBuffer large;
    large.Append(std::string(50'000, 'L'));
    expected += std::string(50'000, 'L');
    queue.Take(large);
    EXPECT_TRUE(large.empty());
    queue.Append("tail");
    expected += "tail";
    EXPECT_EQ(queue.size(), expected.size());
    EXPECT_EQ(Drain(queue, step), expected);
    EXPECT_EQ(queue.capacity(), 0U);
  }
}

TEST(OutputQueueTest, TakesOverALargeBufferWithoutACopy) {
  OutputQueue queue;
  ByteBuffer large;
  large.Append(std::string(1 << 20, 'x'));
  const char* const bytes = large.data();
  queue.Take(large);
  std::array<std::string_view, 1> pieces;
  ASSERT_EQ(queue.Gather(pieces), 1U);
  EXPECT_EQ(pieces[0].data(), bytes);
}

TEST(OutputQueueTest, DoesNotKeepALargeBufferForASmallPartOfIt) {
  OutputQueue queue;
  ByteBuffer mostly_empty;
  (void)mostly_empty.Reserve(1 << 20);
  mostly_empty.Append(std::string(20'000, 'x'));
  queue.Take(mostly_empty);
  EXPECT_LE(queue.capacity(), 64U * 1024);
}

TEST(OutputQueueTest, DoesNotKeepALargeBufferForAFewBytes) {
  OutputQueue queue;
  ByteBuffer mostly_empty;
  (void)mostly_empty.Reserve(1 << 20);
  mostly_empty.Append("few");
  queue.Take(mostly_empty);
  EXPECT_LE(queue.capacity(), 32U * 1024);
}

}  // namespace
}  // namespace reprise
