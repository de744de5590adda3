#include "server/early_requests.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace reprise {
namespace {

class EarlyRequestsTest : public testing::Test {
 protected:
  // What the look ahead does with `input`.
  EarlyRequests::Ticket LookAt(std::string_view input) {
    batch.Parse(input, 0, 1, ParseLimits(), commands, database);
    return early->Keep(batch, input);
  }
  std::vector<std::string_view> Restored(EarlyRequests::Ticket ticket, std::string_view input) {
    batch.Parse("*1\r\n$5\r\nother\r\n", 0, 1, ParseLimits(), commands, database);
    early->Restore(ticket, input, &batch);
    return {batch.arguments().all().begin(), batch.arguments().all().end()};
  }

  const CommandTable commands;
  const Database database{1};
  RequestBatch batch;
  std::unique_ptr<EarlyRequests> early = std::make_unique<EarlyRequests>();
};

TEST_F(EarlyRequestsTest, ARequestComesBackAsItWasParsed) {
  const std::string input = "*2\r\n$3\r\nGET\r\n$1\r\nk\r\n*1\r\n$4\r\nPING\r\n";
  const EarlyRequests::Ticket ticket = LookAt(input);
  ASSERT_NE(ticket, 0);
  const RequestBatch::Request parsed = batch[0];
  EXPECT_EQ(Restored(ticket, input), (std::vector<std::string_view>{"GET", "k"}));
  ASSERT_EQ(batch.size(), 1U);
  EXPECT_EQ(batch.outcome(), ParseOutcome::kRequest);
  EXPECT_EQ(batch[0].entry, commands.Find("get"));
  EXPECT_EQ(batch[0].key_hash, database.Hash("k"));
  EXPECT_EQ(batch[0].first_argument, 0U);
  EXPECT_EQ(batch[0].argument_count, 2U);
  EXPECT_EQ(batch[0].end, parsed.end);
  EXPECT_EQ(input.substr(batch[0].end), "*1\r\n$4\r\nPING\r\n");
}

TEST_F(EarlyRequestsTest, NothingIsKeptOfWhatIsNoWholeRequest) {
  EXPECT_EQ(LookAt("*2\r\n$3\r\nGET\r\n$1\r\n"), 0);
  EXPECT_EQ(LookAt("*2\r\n!3\r\nGET\r\n$1\r\nk\r\n"), 0);
  EXPECT_EQ(LookAt("*0\r\n"), 0);
}

TEST_F(EarlyRequestsTest, ALineIsKeptUnlessItsArgumentsHaveBytesOfTheirOwn) {
  const std::string plain = "GET k\r\n";
  EXPECT_EQ(Restored(LookAt(plain), plain), (std::vector<std::string_view>{"GET", "k"}));
  EXPECT_EQ(LookAt("GET \"k\\x41\"\r\n"), 0);
}

TEST_F(EarlyRequestsTest, WhatAConfigurationOrALoginCouldForbidIsNotKept) {
  EXPECT_NE(LookAt("SET k v EX 9\r\n"), 0);
  EXPECT_EQ(LookAt("SET k v EX 9 GET\r\n"), 0);
  EXPECT_NE(LookAt("SET k " + std::string(400, 'v') + "\r\n"), 0);
  EXPECT_EQ(LookAt("SET k " + std::string(600, 'v') + "\r\n"), 0);
}

TEST_F(EarlyRequestsTest, AsManyAsCanWaitAreKeptWhateverWasKeptBefore) {
  constexpr size_t kMany = ConnectionContext::kArrivalsMax;
  std::vector<std::string> inputs;
  for (size_t i = 0; i < kMany; ++i) inputs.push_back("GET key" + std::to_string(i) + "\r\n");
  for (const size_t before : {size_t{0}, size_t{1}, kMany - 1}) {
    for (size_t i = 0; i < before; ++i) ASSERT_NE(LookAt(inputs[i]), 0);  // their sessions were closed
    std::vector<EarlyRequests::Ticket> tickets;
    for (const std::string& input : inputs) tickets.push_back(LookAt(input));
    for (size_t i = 0; i < kMany; ++i) {
      EXPECT_EQ(Restored(tickets[i], inputs[i])[1], "key" + std::to_string(i));
    }
  }
}

TEST_F(EarlyRequestsTest, OneAtATimeAlwaysTakesTheSamePlace) {
  const std::string input = "GET k\r\n";
  const EarlyRequests::Ticket first = LookAt(input);
  (void)Restored(first, input);
  EXPECT_EQ(LookAt(input), first);
}

using EarlyRequestsDeathTest = EarlyRequestsTest;

TEST_F(EarlyRequestsDeathTest, ATicketIsGoodForItsOwnInputAlone) {
  const std::string input = "GET k\r\n";
  const std::string other = "GET other\r\n";
  const EarlyRequests::Ticket ticket = LookAt(input);
  EXPECT_DEATH((void)Restored(ticket, other), "kept.input");
}

}  // namespace
}  // namespace reprise
