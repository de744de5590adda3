#include "proptests/workload/batch.h"

#include <gtest/gtest.h>

namespace reprise {
namespace {

std::vector<Operation> Operations(const std::vector<std::string>& texts) {
  std::vector<Operation> operations;
  for (const std::string& text : texts) {
    operations.push_back(ParseOperation(text).value());
  }
  return operations;
}

TEST(Batch, TakesAsManyAsAreAskedFor) {
  const std::vector<Operation> operations = Operations({"inline do it", "inline do so", "inline do no"});
  const Batch batch = NextBatch(operations, 2, "0", {});
  EXPECT_EQ(batch.bytes, "do it\r\ndo so\r\n");
  ASSERT_EQ(batch.asked.size(), 2u);
  EXPECT_EQ(batch.asked[1].operation, &operations[1]);
  size_t size = 0;
  for (const Batch::Asked& asked : batch.asked) {
    EXPECT_GT(asked.size, 0u);
    size += asked.size;
  }
  EXPECT_EQ(size, batch.bytes.size());
  EXPECT_FALSE(batch.ends);
}

TEST(Batch, EndsBehindWhatEndsTheConnection) {
  for (const char* last : {"do QUIT", "broken \"*x\\x0d\\x0a\" \"an error\""}) {
    const std::vector<Operation> operations = Operations({"do ping", last, "do ping"});
    const Batch batch = NextBatch(operations, 10, "0", {});
    EXPECT_EQ(batch.asked.size(), 2u) << last;
    EXPECT_TRUE(batch.ends) << last;
  }
}

TEST(Batch, WhatAResetUndoesIsAskedAgainBehindIt) {
  const std::vector<Operation> operations = Operations({"inline reset", "inline ping"});
  const std::vector<std::vector<std::string>> after_reset = {{"SELECT", "5"}};
  const Batch batch = NextBatch(operations, 2, "0", after_reset);
  EXPECT_TRUE(batch.bytes.ends_with("'reset' \n*2\r\n$6\r\nSELECT\r\n$1\r\n5\r\n\"ping\" \n")) << batch.bytes;
  EXPECT_EQ(batch.operations, 2u);
  ASSERT_EQ(batch.asked.size(), 3u);
  EXPECT_EQ(batch.asked[1].operation, &operations[0]);
  EXPECT_EQ(batch.asked[1].words, after_reset[0]);
}

TEST(Batch, TheCursorIsThatOfTheLatestAnswer) {
  const std::vector<Operation> operations = Operations({"do scan {cursor}"});
  const Batch batch = NextBatch(operations, 1, "17", {});
  EXPECT_EQ(batch.asked[0].words, (std::vector<std::string>{"scan", "17"}));
  EXPECT_NE(batch.bytes.find("17"), std::string::npos);
}

TEST(Batch, WhatIsNotAnsweredStandsBeforeClientReplyOn) {
  const std::vector<Operation> operations = Operations({"do client reply on"});
  const Batch batch = NextBatch(operations, 1, "0", {});
  EXPECT_EQ(batch.asked.size(), 1u);
  EXPECT_LT(batch.bytes.find("SKIP"), batch.bytes.find("reply"));
}

TEST(Batch, AResetIsSentWithoutRepliesAndHasOneAllTheSame) {
  const std::vector<Operation> operations = Operations({"do reset"});
  const Batch batch = NextBatch(operations, 1, "0", {});
  EXPECT_EQ(batch.asked.size(), 1u);
  EXPECT_LT(batch.bytes.find("OFF"), batch.bytes.find("reset"));
}

TEST(Batch, InFrontOfSomeInlineRequestsIsOneThatIsEmpty) {
  std::vector<Operation> operations = Operations({"inline do it"});
  operations[0].number = 2;
  const Batch batch = NextBatch(operations, 1, "0", {});
  EXPECT_EQ(batch.bytes, "*0\r\ndo it\r\n");
  EXPECT_EQ(batch.asked.size(), 1u);
}

}  // namespace
}  // namespace reprise
