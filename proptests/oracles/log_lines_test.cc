#include "proptests/oracles/log_lines.h"

#include <gtest/gtest.h>

namespace reprise {
namespace {

constexpr std::string_view kUnsent = "Client 7 closed for overcoming of output buffer limits (5000 bytes unsent).";

TEST(LogLines, SilenceIsRightWhereNothingHappened) { EXPECT_EQ(LogWatch().Problem({}), ""); }

TEST(LogLines, ALineThatIsNotKnownIsWrong) {
  LogWatch watch;
  watch.Note(LogLevel::kWarning, "Something is odd");
  EXPECT_NE(watch.Problem({}).find("Something is odd"), std::string::npos);
}

TEST(LogLines, ALineIsWrittenAtItsLevel) {
  LogWatch watch;
  watch.Note(LogLevel::kWarning, "Closing idle client");
  EXPECT_NE(watch.Problem({.timeout_s = 1, .level = LogLevel::kVerbose}), "");
}

TEST(LogLines, AWarningNeedsItsCause) {
  LogWatch watch;
  watch.Note(LogLevel::kWarning, "Could not watch a new connection: out of memory");
  EXPECT_NE(watch.Problem({}), "");
  EXPECT_EQ(watch.Problem({.watches_refused = 1}), "");
}

TEST(LogLines, ACauseNeedsItsWarning) {
  EXPECT_NE(LogWatch().Problem({.watches_refused = 1}), "");
  EXPECT_NE(LogWatch().Problem({.stopped = true}), "");
  LoopCounters loop;
  loop.reads_failed = 1;
  EXPECT_NE(LogWatch().Problem({.loop = loop, .level = LogLevel::kVerbose}), "");
  EXPECT_EQ(LogWatch().Problem({.loop = loop, .level = LogLevel::kNotice}), "");
}

TEST(LogLines, WhoWasEndedForItsOutputHadTooMuch) {
  LogWatch watch;
  watch.Note(LogLevel::kWarning, kUnsent);
  LogWatch::Causes causes{.output_limit_disconnections = 1, .limit = {.hard_bytes = 4000}};
  EXPECT_EQ(watch.Problem(causes), "");
  causes.limit.hard_bytes = 4999;
  EXPECT_EQ(watch.Problem(causes), "");
  causes.limit.hard_bytes = 5000;
  EXPECT_NE(watch.Problem(causes), "") << "as much is allowed";
  causes.limit.hard_bytes = 6000;
  EXPECT_NE(watch.Problem(causes).find("5000 bytes"), std::string::npos);
  causes.limit.hard_bytes = 4000;
  causes.output_limit_disconnections = 2;
  EXPECT_NE(watch.Problem(causes), "");
}

}  // namespace
}  // namespace reprise
