// Histories that no TCP shows: the simulation must allow none of them. Each is right up to its last step, and comes
// with what is right there, so that what is refused is that step and nothing else.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "proptests/kernel_truth/explain.h"
#include "proptests/kernel_truth/plan.h"

namespace reprise::kernel_truth {
namespace {

struct Case {
  std::string_view what;
  std::string_view before;  // after a connection has been made
  std::string_view wrong;
  std::string_view right;
};

constexpr std::string_view kConnected = R"(
    listen L0 511 -> ok
    connect c0 L0 -> ok
    accept L0 -> ok, c0
)";

constexpr std::array kCases = {
    Case{"bytes from nowhere", "", "read s0 9 -> ok, 1 bytes, all", "read s0 9 -> would block, all"},
    Case{"more bytes than were written", "write c0 5 -> ok, 5 bytes", "read s0 9 -> ok, 6 bytes, all",
         "read s0 9 -> ok, 5 bytes, all"},
    Case{"bytes that were not written", "write c0 5 -> ok, 5 bytes", "read s0 9 -> ok, 5 bytes, all, corrupt",
         "read s0 9 -> ok, 5 bytes, all"},
    Case{"bytes of the wrong direction", "write c0 5 -> ok, 5 bytes", "read c0 9 -> ok, 5 bytes, all",
         "read c0 9 -> would block, all"},
    Case{"bytes read twice", "write c0 5 -> ok, 5 bytes\n read s0 9 -> ok, 5 bytes, all",
         "read s0 9 -> ok, 5 bytes, all", "read s0 9 -> would block, all"},
    Case{"the end before the bytes", "write c0 5 -> ok, 5 bytes\n close c0 -> ok", "read s0 9 -> end of stream",
         "read s0 9 -> ok, 5 bytes, all"},
    Case{"an end that nobody made", "", "read s0 9 -> end of stream, all", "read s0 9 -> would block, all"},
    Case{"a reset that nobody made", "", "read s0 9 -> connection reset, all", "read s0 9 -> would block, all"},
    Case{"a close that looks like a reset", "close c0 -> ok", "read s0 9 -> connection reset, all",
         "read s0 9 -> end of stream, all"},
    Case{"a reset that looks like an end", "abort c0 -> ok", "read s0 9 -> end of stream, all",
         "read s0 9 -> connection reset, all"},
    Case{"a reset told twice", "abort c0 -> ok\n read s0 9 -> connection reset, all",
         "read s0 9 -> connection reset, all", "read s0 9 -> end of stream, all"},
    Case{"a reset that writing does not tell", "abort c0 -> ok\n await_read s0 -> ready", "write s0 9 -> broken pipe",
         "write s0 9 -> connection reset"},
    Case{"a write after the reset was told", "abort c0 -> ok\n read s0 9 -> connection reset, all",
         "write s0 9 -> ok, 9 bytes", "write s0 9 -> broken pipe"},
    Case{"an end that goes away", "close c0 -> ok\n read s0 9 -> end of stream, all", "read s0 9 -> would block, all",
         "read s0 9 -> end of stream, all"},
    Case{"bytes behind the end", "half_close c0 -> ok\n read s0 9 -> end of stream, all",
         "read s0 9 -> ok, 1 bytes, all", "read s0 9 -> end of stream, all"},
    Case{"a write after half-closing", "half_close c0 -> ok", "write c0 9 -> ok, 9 bytes", "write c0 9 -> broken pipe"},
    Case{"a half-close that ends the other direction", "half_close c0 -> ok\n write s0 5 -> ok, 5 bytes",
         "read c0 9 -> end of stream", "read c0 9 -> ok, 5 bytes, all"},
    Case{"a close with unread bytes in good order",
         "write c0 5 -> ok, 5 bytes\n await_read s0 -> ready\n close s0 -> ok", "drain c0 -> end of stream, all",
         "drain c0 -> connection reset, all"},
    Case{"a write taken in part though there is room", "", "write c0 900 -> ok, 450 bytes",
         "write c0 900 -> ok, 900 bytes"},
    Case{"a gather that stops after a piece", "", "gather c0 90 3 -> ok, 30 bytes", "gather c0 90 3 -> ok, 90 bytes"},
    Case{"a write refused though there is room", "", "write c0 9 -> would block", "write c0 9 -> ok, 9 bytes"},
    Case{"readiness without a cause", "", "look -> c0 w s0 rw L0 -", "look -> c0 w s0 w L0 -"},
    Case{"no room though nothing was written", "", "look -> c0 - s0 w L0 -", "look -> c0 w s0 w L0 -"},
    Case{"room that never comes back",
         "fill c0 -> would block, 4000000 bytes\n drain s0 -> would block, 4000000 bytes, all",
         "await_write c0 -> not ready", "await_write c0 -> ready"},
    Case{"bytes that never make an end readable", "write c0 5 -> ok, 5 bytes", "await_read s0 -> not ready",
         "await_read s0 -> ready"},
    Case{"an end that never makes an end readable", "close c0 -> ok", "await_read s0 -> not ready",
         "await_read s0 -> ready"},
    Case{"a reset that never makes an end writable", "abort c0 -> ok", "await_write s0 -> not ready",
         "await_write s0 -> ready"},
    Case{"events that are not watched for", "watch c0 r -> ok", "look -> c0 w s0 w L0 -", "look -> c0 - s0 w L0 -"},
    Case{"a connection from nowhere", "", "accept L0 -> ok, c0", "accept L0 -> would block"},
    Case{"a connection that is accepted out of turn",
         "connect c1 L0 -> ok\n await_write c1 -> ready\n connect c2 L0 -> ok", "accept L0 -> ok, c2",
         "accept L0 -> ok, c1"},
    Case{"a connection to nobody", "close_listener L0 -> ok\n connect c1 L0 -> ok\n await_write c1 -> ready",
         "result c1 -> ok", "result c1 -> connection refused"},
    Case{"a connect that is never decided", "close_listener L0 -> ok\n connect c1 L0 -> ok",
         "await_write c1 -> not ready", "await_write c1 -> ready"},
    Case{"a refusal though somebody listens", "connect c1 L0 -> ok\n await_write c1 -> ready",
         "result c1 -> connection refused", "result c1 -> ok"},
    Case{"one who waits, spared by the listener's end",
         "connect c1 L0 -> ok\n await_read L0 -> ready\n close_listener L0 -> ok", "await_read c1 -> not ready",
         "await_read c1 -> ready"},
    Case{"a peer after the reset", "abort c0 -> ok\n await_read s0 -> ready", "peer_address s0 -> ok",
         "peer_address s0 -> not connected"},
    Case{"no peer though connected", "", "peer_address s0 -> not connected", "peer_address s0 -> ok"},
    // What the simulation once said, and the kernel did not.
    Case{"a reset that asking for the connect's result does not tell", "abort s0 -> ok\n await_read c0 -> ready",
         "result c0 -> ok", "result c0 -> connection reset"},
    Case{
        "a peer after both ends",
        "half_close c0 -> ok\n half_close s0 -> ok\n read c0 9 -> end of stream, all\n read s0 9 -> end of stream, all",
        "peer_address c0 -> ok", "peer_address c0 -> not connected"},
    Case{"a refusal told twice",
         "close_listener L0 -> ok\n connect c1 L0 -> ok\n await_write c1 -> ready\n result c1 -> connection refused",
         "result c1 -> connection refused", "result c1 -> connection reset"},
    Case{"a refusal that a read does not tell",
         "close_listener L0 -> ok\n connect c1 L0 -> ok\n await_write c1 -> ready", "read c1 9 -> not connected, all",
         "read c1 9 -> connection reset, all"},
    Case{"an undecided connect that can't be taken back",
         "listen L1 1 -> ok\n connect c1 L1 -> ok\n connect c2 L1 -> ok\n connect c3 L1 -> ok",
         "half_close c3 -> not connected", "half_close c3 -> ok"},
    Case{"bytes lost on the way to the end", "fill c0 -> would block, 4000000 bytes\n close c0 -> ok",
         "drain s0 -> end of stream, 3000000 bytes", "drain s0 -> end of stream, 4000000 bytes, all"},
};

History Parse(const Case& one, std::string_view last) {
  const std::string text = std::string(kConnected) + std::string(one.before) + "\n" + std::string(last);
  Result<History> history = ParseHistory(text);
  EXPECT_TRUE(history.ok()) << history.status().ToString();
  return history.ok() ? history.value() : History();
}

TEST(WrongHistories, AreRefusedWhereTheyAreWrong) {
  for (const Case& one : kCases) {
    const History right = Parse(one, one.right);
    const Explanation good = Explain(right);
    EXPECT_TRUE(good.found) << one.what << '\n' << good.Describe(right);
    const History wrong = Parse(one, one.wrong);
    const Explanation bad = Explain(wrong, Wrong::kNothing, {.runs_most = 500, .choices_most = 3});
    EXPECT_FALSE(bad.found) << one.what << '\n' << ToString(wrong) << bad.Describe(wrong);
    EXPECT_TRUE(bad.found || bad.agreed == wrong.size() - 1) << one.what << '\n' << bad.Describe(wrong);
  }
  static_assert(kCases.size() >= 20);
}

// --- Histories of the kernel, with one outcome changed

History Recorded() {
  return RecordOnKernel({{Act::kWrite, 0, 40},
                         {Act::kRead, 1, 15},
                         {Act::kGather, 1, 30},
                         {Act::kRead, 0, 12},
                         {Act::kConnect, 0, 1},
                         {Act::kAccept, 0, 1},
                         {Act::kWrite, 3, 25},
                         {Act::kHalfClose, 3, 1},
                         {Act::kRead, 2, 100},
                         {Act::kRead, 2, 9},
                         {Act::kAbort, 2, 1},
                         {Act::kRead, 3, 5}},
                        {});
}

// Code, bytes, content and readiness, each changed into something that looks possible.
std::vector<Outcome> Corruptions(const Step& step) {
  std::vector<Outcome> corrupted;
  const auto add = [&](auto change) {
    Outcome outcome = step.outcome;
    change(outcome);
    corrupted.push_back(outcome);
  };
  if (step.outcome.bytes > 0) {
    add([](Outcome& outcome) { ++outcome.bytes; });
    add([](Outcome& outcome) { outcome.intact = !outcome.intact; });
    add([](Outcome& outcome) { outcome = {.code = ErrorCode::kTimedOut}; });
  }
  if (step.operation.act == Act::kRead || step.operation.act == Act::kDrain) {
    add([](Outcome& outcome) { outcome = {.code = ErrorCode::kNotConnected, .whole = outcome.whole}; });
    add([](Outcome& outcome) { outcome.whole = !outcome.whole; });
  }
  if (step.operation.act == Act::kAccept) add([](Outcome& outcome) { outcome.accepted = 3; });
  if (!step.outcome.reports.empty()) {
    add([](Outcome& outcome) { outcome.reports[0].writable = !outcome.reports[0].writable; });
    add([](Outcome& outcome) { outcome.reports.back().readable = !outcome.reports.back().readable; });
  }
  return corrupted;
}

TEST(WrongHistories, CorruptedOnesAreRefused) {
  const History history = Recorded();
  const Explanation explained = Explain(history);
  ASSERT_TRUE(explained.found) << explained.Describe(history);
  size_t refused = 0;
  for (size_t i = 0; i < history.size(); ++i) {
    for (const Outcome& outcome : Corruptions(history[i])) {
      History corrupted = history;
      corrupted[i].outcome = outcome;
      const Explanation explanation = Explain(corrupted, Wrong::kNothing, {.runs_most = 200, .choices_most = 2});
      EXPECT_FALSE(explanation.found) << ToString(corrupted) << "with step " << i << " changed\n"
                                      << explanation.Describe(corrupted);
      refused += explanation.found ? 0 : 1;
    }
  }
  std::cout << refused << " corrupted histories were refused\n";
  EXPECT_GE(refused, 20U);
}

}  // namespace
}  // namespace reprise::kernel_truth
