#include "proptests/model/shared.h"

#include <gtest/gtest.h>

#include <string>

namespace reprise {
namespace {

TEST(Shared, IsEmptyUntilSomebodyChangesIt) {
  Shared<std::string> text;
  EXPECT_EQ(*text, "");
  text.Change() = "a";
  EXPECT_EQ(*text, "a");
}

TEST(Shared, ACopyDoesNotNoticeWhatBecomesOfTheOther) {
  Shared<std::string> first(std::string("a"));
  Shared<std::string> second = first;
  second.Change() += "b";
  EXPECT_EQ(*first, "a");
  EXPECT_EQ(*second, "ab");
  first.Change() += "c";
  EXPECT_EQ(*first, "ac");
  EXPECT_EQ(*second, "ab");
}

TEST(Shared, CopiesUseOneMemoryUntilOneIsChanged) {
  Shared<std::string> first(std::string("a"));
  const Shared<std::string> second = first;
  EXPECT_EQ(&*first, &*second);
  first.Change();
  EXPECT_NE(&*first, &*second);
}

TEST(Shared, WhatIsEqualIsEqualWhereverItStands) {
  Shared<std::string> changed;
  EXPECT_EQ(changed, Shared<std::string>());
  changed.Change() = "a";
  EXPECT_EQ(changed, Shared<std::string>(std::string("a")));
  EXPECT_FALSE(changed == Shared<std::string>());
  changed.Change().clear();
  EXPECT_EQ(changed, Shared<std::string>());
}

}  // namespace
}  // namespace reprise
