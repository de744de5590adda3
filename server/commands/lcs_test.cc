#include "server/commands/lcs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace reprise {
namespace {

// The table of the textbook, one number for each pair of places, and the walk back through it that Redis makes.
class Textbook {
 public:
  Textbook(std::string_view a, std::string_view b)
      : a_(a), b_(b), table_(a.size() + 1, std::vector<size_t>(b.size() + 1)) {
    for (size_t i = 1; i <= a.size(); ++i) {
      for (size_t j = 1; j <= b.size(); ++j) {
        table_[i][j] = a[i - 1] == b[j - 1] ? table_[i - 1][j - 1] + 1 : std::max(table_[i - 1][j], table_[i][j - 1]);
      }
    }
  }

  size_t length() const { return table_[a_.size()][b_.size()]; }

  LcsMatch Match() const {
    LcsMatch match;
    bool continues = false;
    for (size_t i = a_.size(), j = b_.size(); i > 0 && j > 0;) {
      if (a_[i - 1] != b_[j - 1]) {
        --(table_[i - 1][j] > table_[i][j - 1] ? i : j);
        continues = false;
        continue;
      }
      --i;
      --j;
      match.common.insert(match.common.begin(), a_[i]);
      if (continues) {
        match.ranges.back() = {i, j, match.ranges.back().length + 1};
      } else {
        match.ranges.push_back({i, j, 1});
      }
      continues = true;
    }
    return match;
  }

 private:
  std::string_view a_;
  std::string_view b_;
  std::vector<std::vector<size_t>> table_;
};

void ExpectAsInTheTextbook(std::string_view a, std::string_view b) {
  const Textbook textbook(a, b);
  const LcsMatch wanted = textbook.Match();
  const LcsMatch found = FindLcs(a, b);
  EXPECT_EQ(LcsLength(a, b), textbook.length());
  EXPECT_EQ(found.common, wanted.common);
  EXPECT_EQ(found.ranges, wanted.ranges);
}

// A fixed sequence of bytes, so that a failure is the same everywhere.
std::string Letters(uint64_t seed, size_t size, uint64_t alphabet) {
  std::string text;
  for (size_t i = 0; i < size; ++i) {
    seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
    text += static_cast<char>('a' + (seed >> 33) % alphabet);
  }
  return text;
}

TEST(LcsTest, FindsWhatTheTwoHaveInCommon) {
  const LcsMatch match = FindLcs("ohmytext", "mynewtext");
  EXPECT_EQ(match.common, "mytext");
  EXPECT_EQ(match.ranges, (std::vector<LcsRange>{{4, 5, 4}, {2, 0, 2}}));
  EXPECT_EQ(LcsLength("ohmytext", "mynewtext"), 6U);
}

TEST(LcsTest, NothingHasNothingInCommon) {
  for (const auto& [a, b] : {std::pair("", ""), std::pair("abc", ""), std::pair("", "abc"), std::pair("abc", "xyz")}) {
    EXPECT_EQ(LcsLength(a, b), 0U);
    EXPECT_EQ(FindLcs(a, b).common, "");
    EXPECT_TRUE(FindLcs(a, b).ranges.empty());
  }
}

TEST(LcsTest, EqualStringsHaveOneRange) {
  const std::string text = Letters(1, 200, 26);
  const LcsMatch match = FindLcs(text, text);
  EXPECT_EQ(match.common, text);
  EXPECT_EQ(match.ranges, (std::vector<LcsRange>{{0, 0, 200}}));
}

TEST(LcsTest, AnyByteCounts) {
  const std::string a("\x00\x01\xff", 3);
  const std::string b("\xff\x00\x01", 3);
  EXPECT_EQ(FindLcs(a, b).common, std::string("\x00\x01", 2));
}

TEST(LcsTest, AgreesWithTheTextbookAroundTheSizeOfAWord) {
  for (const size_t a_size : {1U, 2U, 63U, 64U, 65U, 130U}) {
    for (const size_t b_size : {1U, 2U, 63U, 64U, 65U, 127U, 128U, 129U, 200U}) {
      for (const uint64_t alphabet : {1U, 2U, 4U, 26U}) {
        SCOPED_TRACE(testing::Message() << a_size << " " << b_size << " " << alphabet);
        ExpectAsInTheTextbook(Letters(a_size, a_size, alphabet), Letters(b_size + 1000, b_size, alphabet));
      }
    }
  }
}

TEST(LcsTest, AgreesWithTheTextbookOnManyShortStrings) {
  for (uint64_t seed = 0; seed < 2000; ++seed) {
    SCOPED_TRACE(seed);
    ExpectAsInTheTextbook(Letters(seed, seed % 13, 3), Letters(seed + 77, seed / 13 % 13, 3));
  }
}

}  // namespace
}  // namespace reprise
