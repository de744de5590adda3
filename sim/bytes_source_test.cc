#include "sim/bytes_source.h"

#include <gtest/gtest.h>

#include <vector>

namespace reprise {
namespace {

std::vector<uint64_t> Answers(std::vector<uint8_t> bytes, size_t count, uint64_t bound) {
  BytesSource source(bytes);
  const ChoiceName name;
  std::vector<uint64_t> answers;
  for (size_t i = 0; i < count; ++i)
    answers.push_back(source.Answer({name, 0, ChoiceRequest::Shape::kFault, 0, bound, {}}));
  return answers;
}

TEST(BytesSource, NoBytesAreTheHarmlessRun) { EXPECT_EQ(Answers({}, 4, 100), (std::vector<uint64_t>{0, 0, 0, 0})); }

TEST(BytesSource, AnEntryAnswersAfterAsManyZerosAsItSays) {
  EXPECT_EQ(Answers({2, 9, 0, 4}, 6, 100), (std::vector<uint64_t>{0, 0, 10, 5, 0, 0}));
}

TEST(BytesSource, AnswersStayBelowTheirBoundAndAreNeverZero) {
  for (unsigned value = 0; value < 256; ++value) {
    const uint64_t answer = Answers({0, static_cast<uint8_t>(value)}, 1, 7)[0];
    EXPECT_GE(answer, 1u);
    EXPECT_LT(answer, 7u);
  }
}

TEST(BytesSource, WideAnswersTakeMoreBytes) {
  EXPECT_EQ(Answers({0, 0x34, 0x12, 0, 1, 0}, 2, 60'000), (std::vector<uint64_t>{0x1235, 2}));
  EXPECT_EQ(Answers({0, 1, 0, 0, 0, 0, 0, 0, 0x80}, 1, ~uint64_t{0}), (std::vector<uint64_t>{0x8000'0000'0000'0002}));
}

TEST(BytesSource, AnEntryThatIsCutOffReadsAsZeros) {
  EXPECT_EQ(Answers({0}, 3, 100), (std::vector<uint64_t>{1, 0, 0}));
}

}  // namespace
}  // namespace reprise
