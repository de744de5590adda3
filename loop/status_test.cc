#include "loop/status.h"

#include <gtest/gtest.h>

#include <memory>

namespace reprise {
namespace {

TEST(StatusTest, TextNamesTheCodeAndTheDetail) {
  EXPECT_EQ(Status().ToString(), "ok");
  EXPECT_EQ(Status(ErrorCode::kAddressInUse).ToString(), "address in use");
  EXPECT_EQ(Status(ErrorCode::kAddressInUse, "127.0.0.1:1").ToString(), "address in use: 127.0.0.1:1");
}

TEST(StatusTest, EveryCodeHasAName) {
  for (int code = 0; code <= static_cast<int>(ErrorCode::kUnknown); ++code) {
    EXPECT_FALSE(ErrorCodeName(static_cast<ErrorCode>(code)).empty());
  }
}

TEST(ResultTest, HoldsAValueOrSaysWhyNot) {
  Result<std::unique_ptr<int>> good(std::make_unique<int>(7));
  ASSERT_TRUE(good.ok());
  EXPECT_TRUE(good.status().ok());
  const std::unique_ptr<int> taken = std::move(good).value();
  EXPECT_EQ(*taken, 7);

  const Result<int> bad(Status(ErrorCode::kNotFound, "it"));
  EXPECT_FALSE(bad.ok());
  EXPECT_EQ(bad.status().code(), ErrorCode::kNotFound);
  EXPECT_DEATH((void)bad.value(), "CHECK failed");
}

}  // namespace
}  // namespace reprise
