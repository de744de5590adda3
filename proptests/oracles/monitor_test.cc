#include "proptests/oracles/monitor.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "proptests/model/model.h"
#include "proptests/oracles/history_testing.h"

namespace reprise {
namespace {

constexpr int64_t kMs = kNanosPerMilli;

class MonitorOracleTest : public testing::Test {
 protected:
  MonitorOracleTest() {
    for (int64_t ms = 0; ms <= 100; ++ms) {
      moments_.Note(ms * kMs, kStartMs + ms);
    }
    one.history().links.push_back({0, 40'001});
    other.history().links.push_back({0, 40'002});
    view.on_ns = 10 * kMs;
    view.until_ns = 90 * kMs;
    view.whole = true;
  }
  // As of the client `port` comes from, executed so many milliseconds after the start.
  void Show(int port, int64_t at_ms, const std::string& words, int db = 0) {
    view.lines.push_back("1700000000." + std::string(at_ms < 10 ? "00" : "0") + std::to_string(at_ms) + "007 [" +
                         std::to_string(db) + " 127.0.0.1:" + std::to_string(port) + "] " + words);
  }
  std::string Problem() {
    const std::array<const ClientHistory*, 2> histories = {&one.history(), &other.history()};
    return CheckMonitor(view, histories, moments_).problem;
  }
  void ExpectProblem(const std::string& part) { EXPECT_NE(Problem().find(part), std::string::npos) << Problem(); }

  static constexpr int64_t kStartMs = 1'700'000'000'000;

  HistoryMaker one{0, Keys::kBlind};
  HistoryMaker other{1, Keys::kOwn};
  MonitorView view;

 private:
  Moments moments_;
};

TEST_F(MonitorOracleTest, EachConnectionsRequestsInTheirOrderAreRight) {
  one.Ask("set k v", 20 * kMs, 30 * kMs, ReplyValue::Ok());
  one.Ask("INCR k", 21 * kMs, 30 * kMs, ReplyValue::Error("ERR value is not an integer or out of range"));
  other.Ask("GET k", 20 * kMs, 31 * kMs, ReplyValue::Bulk("v"));
  Show(40'001, 25, R"("set" "k" "v")");
  Show(40'002, 25, R"("GET" "k")");
  Show(40'001, 25, R"("INCR" "k")");
  EXPECT_EQ(Problem(), "");
}

TEST_F(MonitorOracleTest, ARequestThatIsNotShownIsToldOf) {
  one.Ask("set k v", 20 * kMs, 30 * kMs, ReplyValue::Ok());
  one.Ask("get k", 21 * kMs, 30 * kMs, ReplyValue::Bulk("v"));
  Show(40'001, 25, R"("get" "k")");
  ExpectProblem(R"("set" "k" "v", sent at 20000 us and answered at 30000 us, is not shown)");
}

TEST_F(MonitorOracleTest, ARequestThatIsShownTwiceIsToldOf) {
  one.Ask("set k v", 20 * kMs, 30 * kMs, ReplyValue::Ok());
  Show(40'001, 25, R"("set" "k" "v")");
  Show(40'001, 25, R"("set" "k" "v")");
  ExpectProblem("what it has not asked for");
}

TEST_F(MonitorOracleTest, TheWrongOrderIsToldOf) {
  one.Ask("set k v", 20 * kMs, 30 * kMs, ReplyValue::Ok());
  one.Ask("get k", 20 * kMs, 30 * kMs, ReplyValue::Bulk("v"));
  Show(40'001, 25, R"("get" "k")");
  Show(40'001, 25, R"("set" "k" "v")");
  ExpectProblem("is not shown");
}

TEST_F(MonitorOracleTest, SomebodyElsesRequestIsToldOf) {
  one.Ask("get k", 20 * kMs, 30 * kMs, ReplyValue::Bulk("v"));
  Show(40'002, 25, R"("get" "k")");
  ExpectProblem("is not shown");
  view.lines.clear();
  Show(40'001, 25, R"("get" "k")");
  Show(40'003, 25, R"("get" "k")");
  ExpectProblem("nobody is at 127.0.0.1:40003");
}

TEST_F(MonitorOracleTest, TheWrongDatabaseIsToldOf) {
  one.Ask("select 3", 20 * kMs, 30 * kMs, ReplyValue::Ok());
  one.Ask("get k", 31 * kMs, 40 * kMs, ReplyValue());
  Show(40'001, 25, R"("select" "3")", 3);
  Show(40'001, 35, R"("get" "k")", 3);
  EXPECT_EQ(Problem(), "");
  view.lines.pop_back();
  Show(40'001, 35, R"("get" "k")", 0);
  ExpectProblem("is not shown");
}

TEST_F(MonitorOracleTest, AMomentAtWhichItWasNotExecutedIsToldOf) {
  one.Ask("get k", 20 * kMs, 30 * kMs, ReplyValue());
  Show(40'001, 31, R"("get" "k")");
  ExpectProblem("is not shown");
}

TEST_F(MonitorOracleTest, WhatWasRefusedOrIsForAdministratorsIsNotShown) {
  one.Ask("nothing", 20 * kMs, 30 * kMs,
          ReplyValue::Error("ERR unknown command 'nothing', with args beginning with: "));
  one.Ask("get k", 20 * kMs, 30 * kMs, ReplyValue::Error(std::string(kNotLoggedIn)));
  one.Ask("client list", 20 * kMs, 30 * kMs, ReplyValue::Bulk(""));
  one.Ask("config set hz 10", 20 * kMs, 30 * kMs, ReplyValue::Ok());
  EXPECT_EQ(Problem(), "");
  Show(40'001, 25, R"("config" "set" "hz" "10")");
  ExpectProblem("what it has not asked for");
}

TEST_F(MonitorOracleTest, HelpForAdministratorsIsShown) {
  one.Ask("config help", 20 * kMs, 30 * kMs, ReplyValue::Ok());
  ExpectProblem("is not shown");
}

TEST_F(MonitorOracleTest, APasswordThatIsShownIsToldOf) {
  one.Ask("auth secret", 20 * kMs, 30 * kMs, ReplyValue::Ok());
  Show(40'001, 25, R"x("auth" "(redacted)")x");
  EXPECT_EQ(Problem(), "");
  view.lines.clear();
  Show(40'001, 25, R"("auth" "secret")");
  ExpectProblem("is not shown");
}

TEST_F(MonitorOracleTest, WhatWasLostOrCameTooEarlyOrTooLateMayBeShown) {
  one.Ask("get early", 1 * kMs, 11 * kMs, ReplyValue());
  one.Ask("get k", 20 * kMs, 30 * kMs, ReplyValue());
  one.Ask("get late", 40 * kMs, 91 * kMs, ReplyValue());
  one.Lose("get lost", 50 * kMs, -1);
  Show(40'001, 25, R"("get" "k")");
  EXPECT_EQ(Problem(), "");
  view.lines.clear();
  Show(40'001, 9, R"("get" "early")");
  Show(40'001, 25, R"("get" "k")");
  Show(40'001, 45, R"("get" "late")");
  Show(40'001, 45, R"("get" "lost")");
  EXPECT_EQ(Problem(), "");
}

// Which of two equal requests a line is about may only come out later.
TEST_F(MonitorOracleTest, AChoiceIsLeftOpen) {
  one.Ask("get k", 1 * kMs, 30 * kMs, ReplyValue());
  one.Ask("get k", 20 * kMs, 30 * kMs, ReplyValue());
  Show(40'001, 25, R"("get" "k")");
  EXPECT_EQ(Problem(), "");
  Show(40'001, 25, R"("get" "k")");
  EXPECT_EQ(Problem(), "");
  Show(40'001, 25, R"("get" "k")");
  EXPECT_NE(Problem(), "");
}

TEST_F(MonitorOracleTest, WhoStopsToListenMayMissTheRestButNothingBefore) {
  view.whole = false;
  for (const char* const key : {"a", "b", "c"}) {
    one.Ask(std::string("get ") + key, 20 * kMs, 30 * kMs, ReplyValue());
  }
  EXPECT_EQ(Problem(), "");
  Show(40'001, 25, R"("get" "a")");
  EXPECT_EQ(Problem(), "");
  Show(40'001, 25, R"("get" "c")");
  ExpectProblem(R"("get" "b")");
}

TEST_F(MonitorOracleTest, WhatComesAndIsNoLineIsToldOf) {
  view.problem = "who monitors is told \"$1\"";
  ExpectProblem("who monitors is told");
}

TEST(MonitorLinePartsTest, BytesComeBackAsTheyWere) {
  MonitorLineParts parts;
  EXPECT_EQ(parts.Parse(R"(17.000042 [3 1.2.3.4:5] "" "a\"\\\n\r\t\a\b\x00\x1f\x7f\xff ~")"), "");
  EXPECT_EQ(parts.wall_ms, 17'000);
  EXPECT_EQ(parts.db, 3);
  EXPECT_EQ(parts.address, "1.2.3.4:5");
  const std::vector<std::string> words = {"", std::string("a\"\\\n\r\t\a\b\0\x1f\x7f\xff ~", 14)};
  EXPECT_EQ(parts.words, words);
}

TEST(MonitorLinePartsTest, EveryByteHasOneForm) {
  for (const char* const words : {R"("\x41")", R"("\x0a")", "\"\x01\"", "\"\xff\"", R"("\xFF")", R"("\x4")", R"("\q")",
                                  R"("\)", R"("open)", R"(bare)", R"("a""b")", R"("a"  "b")", R"("a" )", ""}) {
    EXPECT_NE(MonitorLineParts().Parse(std::string("17.000042 [3 1.2.3.4:5] ") + words), "") << words;
  }
}

TEST(MonitorLinePartsTest, WhatStandsBeforeTheWordsHasOneForm) {
  for (const char* const before : {"17.42 [3 a:5] ", "17.0000420 [3 a:5] ", "x.000042 [3 a:5] ", "17.000042 [x a:5] ",
                                   "17.000042 [3] ", "17.000042 3 a:5 ", "17.-00042 [3 a:5] ", "17 [3 a:5] "}) {
    EXPECT_NE(MonitorLineParts().Parse(std::string(before) + "\"get\""), "") << before;
  }
}

}  // namespace
}  // namespace reprise
