// Histories that a kernel gave, and that were told as differences once though the simulation allows them: each stays
// explained. Written down, since whether a kernel gives them again depends on its memory, its windows and the moment.
#include <gtest/gtest.h>

#include <string_view>

#include "proptests/kernel_truth/explain.h"

namespace reprise::kernel_truth {
namespace {

Explanation ExplainText(std::string_view text) {
  const Result<History> history = ParseHistory(text);
  EXPECT_TRUE(history.ok()) << history.status().ToString();
  Explanation explanation = Explain(history.value());
  EXPECT_TRUE(explanation.found) << explanation.Describe(history.value());
  return explanation;
}

// Seed 3. The writer waits for acknowledgements, for its congestion window is full; the reader holds them back until it
// has something to send itself. So s0's writes make room for c0, though nobody has read. In between, others were
// waited for who were ready: that takes no time, and must not end what is late here.
TEST(KnownHistories, RoomComesWithTheReadersOwnBytes) {
  const Explanation explanation = ExplainText(R"(
    listen L0 511 -> ok
    connect c0 L0 -> ok
    accept L0 -> ok, c0
    fill c0 -> would block, 4337701 bytes
    look -> c0 - s0 rw L0 -
    write c0 17 -> would block
    await_write s0 -> ready
    await_read s0 -> ready
    write s0 11 -> ok, 11 bytes
    await_read c0 -> ready
    look -> c0 r s0 rw L0 -
    write c0 24 -> ok, 24 bytes
    await_write s0 -> ready
    write s0 635 -> ok, 635 bytes
    look -> c0 rw s0 rw L0 -
  )");
  ASSERT_FALSE(explanation.choices.empty());
  EXPECT_EQ(explanation.choices[0].name.site, Site::kSegmentDelay);
}

// Seed 10. Buffers that are full may be filled once more in vain: what room there is stays for those writes that the
// kernel takes later.
TEST(KnownHistories, FillingWhatIsFullTakesNothing) {
  const Explanation explanation = ExplainText(R"(
    listen L0 511 -> ok
    connect c0 L0 -> ok
    accept L0 -> ok, c0
    fill c0 -> would block, 3941664 bytes
    look -> c0 - s0 rw L0 -
    look -> c0 - s0 rw L0 -
    fill c0 -> would block
    watch s0 r -> ok
    write s0 1 -> ok, 1 bytes
    write c0 1 -> ok, 1 bytes
    relieve s0 -> ok
    close c0 -> ok
    look -> s0 r L0 -
    drain s0 -> connection reset, 616736 bytes
  )");
  EXPECT_LE(explanation.runs, 100U);
}

}  // namespace
}  // namespace reprise::kernel_truth
