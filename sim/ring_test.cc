#include "sim/ring.h"

#include <gtest/gtest.h>

#include <deque>
#include <string>

#include "sim/mix.h"

namespace reprise {
namespace {

TEST(ByteRing, HoldsTheBytesBetweenTwoOffsetsHoweverItGrowsAndWraps) {
  Random random(1);
  ByteRing ring;
  std::string all;  // the whole stream
  uint64_t first = 0;
  for (int round = 0; round < 3000; ++round) {
    std::string bytes(random.Below(round % 50 == 0 ? 5000 : 300), '\0');
    for (char& byte : bytes) byte = static_cast<char>(random.Next());
    ring.Put(all.size(), first, bytes);
    all += bytes;
    first += random.Below(all.size() - first + 1);
    std::string out(all.size() - first, '\0');
    ring.CopyOut(first, all.size(), out.data());
    ASSERT_EQ(out, all.substr(first)) << round;
    std::string pieces;
    while (first + pieces.size() < all.size()) {
      const std::string_view piece = ring.Piece(first + pieces.size(), all.size());
      ASSERT_FALSE(piece.empty());
      pieces += piece;
    }
    ASSERT_EQ(pieces, all.substr(first));
  }
}

TEST(RingQueue, GivesBackInOrderWhatWasPut) {
  Random random(2);
  RingQueue<uint64_t> queue;
  std::deque<uint64_t> model;
  for (int i = 0; i < 20'000; ++i) {
    if (model.empty() || random.Chance(i % 1000 < 500 ? 2 : 1, 3)) {
      const uint64_t item = random.Next();
      queue.Push(item);
      model.push_back(item);
      ASSERT_EQ(queue.back(), item);
    } else {
      ASSERT_EQ(queue.front(), model.front());
      ASSERT_EQ(queue.Pop(), model.front());
      model.pop_front();
    }
    ASSERT_EQ(queue.size(), model.size());
    ASSERT_EQ(queue.empty(), model.empty());
  }
  queue.Clear();
  EXPECT_TRUE(queue.empty());
}

}  // namespace
}  // namespace reprise
