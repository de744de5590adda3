#include "proptests/model/value_pool.h"

#include <gtest/gtest.h>

#include <string>

namespace reprise {
namespace {

TEST(ValuePool, EqualLargeValuesUseOneMemory) {
  ValuePool pool;
  ValuePool copy = pool;
  const std::string large(10'000, 'a');
  const Shared<std::string> first = pool.Keep(large);
  const Shared<std::string> second = copy.Keep(std::string(large));
  EXPECT_EQ(&*first, &*second);
  EXPECT_EQ(*first, large);
}

TEST(ValuePool, WhatDiffersOrIsSmallHasItsOwn) {
  ValuePool pool;
  const Shared<std::string> first = pool.Keep(std::string(10'000, 'a'));
  EXPECT_EQ(*pool.Keep(std::string(10'000, 'b')), std::string(10'000, 'b'));
  EXPECT_EQ(*pool.Keep(std::string(9'999, 'a')), std::string(9'999, 'a'));
  EXPECT_EQ(*first, std::string(10'000, 'a'));
  EXPECT_NE(&*pool.Keep("abc"), &*pool.Keep("abc"));
}

TEST(ValuePool, OneHolderDoesNotNoticeWhatBecomesOfTheOthers) {
  ValuePool pool;
  const std::string large(10'000, 'a');
  Shared<std::string> changed = pool.Keep(large);
  changed.Change() += "b";
  EXPECT_EQ(*pool.Keep(large), large);
}

}  // namespace
}  // namespace reprise
