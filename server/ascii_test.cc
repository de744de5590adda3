#include "server/ascii.h"

#include <gtest/gtest.h>

#include <string>

namespace reprise {
namespace {

TEST(AsciiTest, FoldingEightBytesEqualsFoldingEachAtEveryPlace) {
  for (int byte = 0; byte < 256; ++byte) {
    for (size_t place = 0; place < 8; ++place) {
      std::string bytes = "\xff@Z[az{\x80";
      bytes[place] = static_cast<char>(byte);
      std::string expected;
      for (const char c : bytes) {
        expected += ToLowerAscii(c);
      }
      EXPECT_EQ(FoldAscii8(LoadBytes<uint64_t>(bytes.data())), LoadBytes<uint64_t>(expected.data())) << byte;
    }
  }
}

TEST(AsciiTest, OnlyLettersAreFolded) {
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    const bool upper = byte >= 'A' && byte <= 'Z';
    EXPECT_EQ(ToLowerAscii(c), upper ? static_cast<char>(byte + 32) : c);
    EXPECT_EQ(ToUpperAscii(ToLowerAscii(c)), ToUpperAscii(c));
  }
}

TEST(AsciiTest, WordsOfAnyLengthCompareInEitherCaseAndByEveryByte) {
  const std::string lower = "abcdefghij-klmnopqrstuvwxyz";
  std::string upper = lower;
  for (char& c : upper) {
    c = ToUpperAscii(c);
  }
  for (size_t size = 0; size <= lower.size(); ++size) {
    const std::string word = lower.substr(0, size);
    EXPECT_TRUE(EqualsFolded(upper.substr(0, size), word)) << size;
    EXPECT_TRUE(EqualsFoldedBoth(upper.substr(0, size), word)) << size;
    EXPECT_FALSE(EqualsFolded(upper.substr(0, size) + "x", word)) << size;
    for (size_t i = 0; i < size; ++i) {
      std::string other = upper.substr(0, size);
      other[i] = '!';
      EXPECT_FALSE(EqualsFolded(other, word)) << size << " " << i;
      EXPECT_FALSE(EqualsFoldedBoth(other, word)) << size << " " << i;
    }
  }
}

TEST(AsciiTest, AnOptionEndsAtItsFirstNul) {
  EXPECT_TRUE(IsOption(std::string_view("NX\0y", 4), "nx"));
  EXPECT_FALSE(IsOption(std::string_view("N\0X", 3), "nx"));
  EXPECT_EQ(UpToNul(std::string_view("ab\0c", 4)), "ab");
  EXPECT_EQ(UpToNul("ab"), "ab");
}

}  // namespace
}  // namespace reprise
