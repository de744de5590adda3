#include "proptests/simulation/moments.h"

#include <gtest/gtest.h>

namespace reprise {
namespace {

// A clock that shows 1000 at 10, is set back to 500 at 20, goes on, and is set forward at 40.
Moments Jumping() {
  Moments moments;
  moments.Note(10, 1000);
  moments.Note(20, 500);
  moments.Note(30, 501);
  moments.Note(40, 2000);
  return moments;
}

using Shown = std::vector<int64_t>;

TEST(Moments, BetweenTellsWhatWasShownAtTheBeginningTooAndAtTheEnd) {
  const Moments moments = Jumping();
  EXPECT_EQ(moments.Between(10, 10), Shown{1000});
  EXPECT_EQ(moments.Between(15, 25), (Shown{1000, 500}));
  EXPECT_EQ(moments.Between(15, 30), (Shown{1000, 500, 501}));
  EXPECT_EQ(moments.Between(25, 39), (Shown{500, 501}));
  EXPECT_EQ(moments.Between(99, 99), Shown{2000});
  EXPECT_EQ(moments.Between(0, 10), Shown{1000});
  EXPECT_EQ(Moments().Between(0, 10), Shown{});
}

TEST(Moments, WhatWasShownTwiceIsToldOnce) {
  Moments moments = Jumping();
  moments.Note(50, 500);
  moments.Note(60, 500);
  EXPECT_EQ(moments.Between(20, 70), (Shown{500, 501, 2000}));
}

TEST(Moments, ARiseIsFromTheLowestThatCameBefore) {
  const Moments moments = Jumping();
  EXPECT_EQ(moments.RiseBetween(10, 25), 0) << "it went back";
  EXPECT_EQ(moments.RiseBetween(10, 39), 1);
  EXPECT_EQ(moments.RiseBetween(10, 40), 1500);
  EXPECT_EQ(moments.RiseBetween(35, 40), 1499);
}

TEST(Moments, ThePeakIsOfAllTimesUntilThen) {
  const Moments moments = Jumping();
  EXPECT_EQ(moments.PeakUntil(15), 1000);
  EXPECT_EQ(moments.PeakUntil(39), 1000);
  EXPECT_EQ(moments.PeakUntil(40), 2000);
  EXPECT_EQ(Moments().PeakUntil(40), 0);
}

}  // namespace
}  // namespace reprise
