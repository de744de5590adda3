#include "server/resp/arguments.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>

namespace reprise {
namespace {

constexpr size_t kView = sizeof(std::string_view);

TEST(ArgumentList, WhatIsOwnedOutlivesWhatWasParsed) {
  ArgumentList list;
  std::string input = "abc";
  list.Add("kept");
  list.Add(std::string_view(input).substr(0, 2));
  list.Add({});
  list.Add(std::string_view(input).substr(2));
  list.OwnFrom(1);
  input = "xyz";
  EXPECT_EQ(list[0], "kept");
  EXPECT_EQ(list[1], "ab");
  EXPECT_EQ(list[2], "");
  EXPECT_EQ(list[3], "c");
  EXPECT_NE(list[2].data(), nullptr);
}

TEST(ArgumentList, OwnBytesAreCountedAndPlainViewsAreNot) {
  ArgumentList list;
  list.Add("abc");
  EXPECT_FALSE(list.owns_bytes());
  EXPECT_EQ(list.memory_bytes(), kView);
  list.AddCopy("defg");
  EXPECT_TRUE(list.owns_bytes());
  EXPECT_EQ(list.memory_bytes(), 2 * kView + 4);
  Blob blob("a value");
  const size_t blob_bytes = blob.bytes_used();
  list.AddBlob(std::move(blob));
  EXPECT_EQ(list.memory_bytes(), 3 * kView + 4 + blob_bytes);
  EXPECT_EQ(list.TakeBlob(2).view(), "a value");
  EXPECT_EQ(list.memory_bytes(), 3 * kView + 4);
  list.Clear();
  EXPECT_FALSE(list.owns_bytes());
  EXPECT_EQ(list.size(), 0U);
  EXPECT_EQ(list.memory_bytes(), 0U);
}

TEST(ArgumentList, OnlyABlobCanBeTakenAndOnlyOnce) {
  ArgumentList list;
  list.Add("view");
  list.AddBlob(Blob("first"));
  list.AddCopy("copy");
  list.AddBlob(Blob("second"));
  EXPECT_TRUE(list.owns_bytes());
  EXPECT_EQ(list.TakeBlob(0).bytes_used(), 0U);
  EXPECT_EQ(list.TakeBlob(2).bytes_used(), 0U);
  EXPECT_EQ(list.TakeBlob(4).bytes_used(), 0U);
  const Blob second = list.TakeBlob(3);
  EXPECT_EQ(second.view().data(), list[3].data()) << "the view stays valid";
  EXPECT_EQ(list.TakeBlob(3).bytes_used(), 0U);
  EXPECT_EQ(list.TakeBlob(1).view(), "first");
}

TEST(ArgumentList, AnEmptyArgumentPointsSomewhere) {
  ArgumentList list;
  list.AddCopy({});
  list.AddBlob(Blob());
  EXPECT_NE(list[0].data(), nullptr);
  EXPECT_NE(list[1].data(), nullptr);
}

TEST(ArgumentList, ClearedItBeginsAnew) {
  ArgumentList list;
  list.AddBlob(Blob("old"));
  list.Clear();
  list.Add("view");
  EXPECT_EQ(list.TakeBlob(0).bytes_used(), 0U) << "that of the request before is gone";
  EXPECT_FALSE(list.owns_bytes());
}

}  // namespace
}  // namespace reprise
