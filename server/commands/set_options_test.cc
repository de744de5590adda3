#include "server/commands/set_options.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

namespace reprise {
namespace {

using Words = std::vector<std::string_view>;

constexpr int64_t kNow = 1'700'000'000'000;
constexpr int64_t kMax = std::numeric_limits<int64_t>::max();

std::optional<SetOptions> Set(const Words& words) { return ParseSetOptions(words); }
std::optional<SetOptions> Getex(const Words& words) { return ParseGetexOptions(words); }

TEST(SetOptionsTest, NoWordsAskForNothing) {
  const auto options = Set({});
  ASSERT_TRUE(options);
  EXPECT_FALSE(options->if_absent || options->if_present || options->get);
  EXPECT_EQ(options->expiry, ExpiryOption::kNone);
}

TEST(SetOptionsTest, WordsComeInAnyOrderAndCase) {
  const auto options = Set({"get", "Px", "100", "nX"});
  ASSERT_TRUE(options);
  EXPECT_TRUE(options->if_absent && options->get);
  EXPECT_FALSE(options->if_present);
  EXPECT_EQ(options->expiry, ExpiryOption::kInMilliseconds);
  EXPECT_EQ(options->time, "100");
}

TEST(SetOptionsTest, OneWordAboutTheExpiryExcludesTheOthers) {
  EXPECT_FALSE(Set({"EX", "1", "PX", "1"}));
  EXPECT_FALSE(Set({"EX", "1", "KEEPTTL"}));
  EXPECT_FALSE(Set({"KEEPTTL", "EXAT", "1"}));
  EXPECT_FALSE(Getex({"PERSIST", "EX", "1"}));
  EXPECT_FALSE(Getex({"PXAT", "1", "PERSIST"}));
}

TEST(SetOptionsTest, TheSameWordAgainReplacesTheTime) {
  const auto options = Set({"EX", "1", "EX", "2"});
  ASSERT_TRUE(options);
  EXPECT_EQ(options->time, "2");
  EXPECT_TRUE(Set({"KEEPTTL", "KEEPTTL", "NX", "NX", "GET", "GET"}));
}

TEST(SetOptionsTest, AbsentAndPresentExcludeEachOther) {
  EXPECT_FALSE(Set({"NX", "XX"}));
  EXPECT_FALSE(Set({"XX", "NX"}));
  EXPECT_TRUE(Set({"XX"})->if_present);
}

TEST(SetOptionsTest, ATimeMustFollow) {
  EXPECT_FALSE(Set({"EX"}));
  EXPECT_FALSE(Set({"NX", "PXAT"}));
  EXPECT_TRUE(Set({"EX", "NX"}));  // "NX" is the time, and found wrong later
}

TEST(SetOptionsTest, EachCommandHasWordsThatTheOtherHasNot) {
  EXPECT_FALSE(Set({"PERSIST"}));
  EXPECT_FALSE(Getex({"KEEPTTL"}));
  EXPECT_FALSE(Getex({"NX"}));
  EXPECT_FALSE(Getex({"GET"}));
  EXPECT_FALSE(Set({"bogus"}));
  EXPECT_FALSE(Set({""}));
  EXPECT_EQ(Set({"KEEPTTL"})->expiry, ExpiryOption::kKeep);
  EXPECT_EQ(Getex({"PERSIST"})->expiry, ExpiryOption::kPersist);
}

struct Moment {
  ExpiryOutcome outcome;
  int64_t at_ms = -1;
};

Moment Resolve(ExpiryOption option, std::string_view time) {
  Moment moment{};
  moment.outcome = ResolveExpiry(option, time, kNow, &moment.at_ms);
  return moment;
}

TEST(ResolveExpiryTest, GivesUnixTimeInMilliseconds) {
  EXPECT_EQ(Resolve(ExpiryOption::kInSeconds, "10").at_ms, kNow + 10'000);
  EXPECT_EQ(Resolve(ExpiryOption::kInMilliseconds, "10").at_ms, kNow + 10);
  EXPECT_EQ(Resolve(ExpiryOption::kAtSeconds, "10").at_ms, 10'000);
  EXPECT_EQ(Resolve(ExpiryOption::kAtMilliseconds, "10").at_ms, 10);
}

TEST(ResolveExpiryTest, OnlyPositiveTimesAreValid) {
  EXPECT_EQ(Resolve(ExpiryOption::kInSeconds, "0").outcome, ExpiryOutcome::kInvalid);
  EXPECT_EQ(Resolve(ExpiryOption::kAtMilliseconds, "-1").outcome, ExpiryOutcome::kInvalid);
  EXPECT_EQ(Resolve(ExpiryOption::kInMilliseconds, "ten").outcome, ExpiryOutcome::kNotAnInteger);
}

TEST(ResolveExpiryTest, TheLargestMomentIsTheLimit) {
  const std::string last_relative = std::to_string(kMax - kNow);
  const std::string past_relative = std::to_string(kMax - kNow + 1);
  EXPECT_EQ(Resolve(ExpiryOption::kInMilliseconds, last_relative).at_ms, kMax);
  EXPECT_EQ(Resolve(ExpiryOption::kInMilliseconds, past_relative).outcome, ExpiryOutcome::kInvalid);
  EXPECT_EQ(Resolve(ExpiryOption::kAtSeconds, std::to_string(kMax / 1000)).at_ms, kMax / 1000 * 1000);
  EXPECT_EQ(Resolve(ExpiryOption::kAtSeconds, std::to_string(kMax / 1000 + 1)).outcome, ExpiryOutcome::kInvalid);
  EXPECT_EQ(Resolve(ExpiryOption::kAtMilliseconds, std::to_string(kMax)).at_ms, kMax);
}

}  // namespace
}  // namespace reprise
