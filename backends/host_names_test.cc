#include "backends/host_names.h"

#include <gtest/gtest.h>

namespace reprise {
namespace {

TEST(HostNames, LocalhostIsTheLoopbackAddress) { EXPECT_EQ(ResolveIpv4("localhost").value(), "127.0.0.1"); }

TEST(HostNames, AnAddressIsItself) { EXPECT_EQ(ResolveIpv4("127.0.0.9").value(), "127.0.0.9"); }

TEST(HostNames, WhatCannotBeANameHasNoAddressAndAReason) {
  const Result<std::string> none = ResolveIpv4(std::string(300, 'x'));
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.status().code(), ErrorCode::kAddressNotAvailable);
  EXPECT_FALSE(none.status().detail().empty());
}

}  // namespace
}  // namespace reprise
