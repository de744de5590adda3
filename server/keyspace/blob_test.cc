#include "server/keyspace/blob.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace reprise {
namespace {

TEST(BlobTest, AnEmptyBlobOwnsNothing) {
  Blob blob;
  EXPECT_TRUE(blob.empty());
  EXPECT_EQ(blob.bytes_used(), 0U);
  EXPECT_EQ(blob.data(), nullptr);
  EXPECT_EQ(Blob("").bytes_used(), 0U);
}

TEST(BlobTest, AppendKeepsWhatWasThere) {
  Blob blob("abc");
  blob.Append("def");
  blob.Append("");
  EXPECT_EQ(blob.view(), "abcdef");
}

TEST(BlobTest, AppendTakesPartOfItself) {
  Blob blob("0123456789");
  blob.Append(blob.view().substr(2, 5));
  EXPECT_EQ(blob.view(), "012345678923456");
}

TEST(BlobTest, ResizeFillsWithZerosAlsoWhereBytesWereBefore) {
  Blob blob("abcdef");
  blob.Resize(2);
  blob.Resize(4);
  EXPECT_EQ(blob.view(), std::string_view("ab\0\0", 4));
}

TEST(BlobTest, AFirstAllocationIsExact) {
  EXPECT_EQ(Blob("abc").capacity(), 3U);
  EXPECT_EQ(Blob::WithCapacity(1000).capacity(), 1000U);
  EXPECT_EQ(Blob::WithCapacity(1000).size(), 0U);
}

TEST(BlobTest, SmallAppendsCostLinearTime) {
  Blob blob;
  std::string expected;
  size_t reallocations = 0;
  size_t capacity = 0;
  while (blob.size() < 5'000'000) {
    blob.Append("0123456789");
    expected += "0123456789";
    reallocations += blob.capacity() != capacity ? size_t{1} : 0;
    capacity = blob.capacity();
  }
  EXPECT_LT(reallocations, 40U);
  EXPECT_EQ(blob.view(), expected);
}

TEST(BlobTest, MovingHandsOnTheBlock) {
  Blob from(std::string(100, 'x'));
  const char* bytes = from.data();
  Blob to("old");
  to = std::move(from);
  EXPECT_EQ(to.data(), bytes);
  EXPECT_EQ(from.bytes_used(), 0U);  // NOLINT(bugprone-use-after-move): that it is empty is the claim
}

TEST(BlobTest, AReleasedBlockIsReadAndAdopted) {
  Blob from("hello");
  const char* bytes = from.data();
  void* block = from.Release();
  EXPECT_EQ(Blob::View(block), "hello");
  EXPECT_EQ(Blob::BytesUsed(block), 21U);
  EXPECT_EQ(Blob::View(nullptr), "");
  EXPECT_EQ(Blob::Adopt(block).data(), bytes);
}

TEST(BlobTest, ShrinkToFitGivesBackTheRest) {
  Blob blob = Blob::WithCapacity(1000);
  blob.Append("abc");
  blob.ShrinkToFit();
  EXPECT_EQ(blob.capacity(), 3U);
  EXPECT_EQ(blob.view(), "abc");
  blob.Resize(0);
  blob.ShrinkToFit();
  EXPECT_EQ(blob.bytes_used(), 0U);
}

}  // namespace
}  // namespace reprise
