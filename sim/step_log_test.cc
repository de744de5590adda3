#include "sim/step_log.h"

#include <gtest/gtest.h>

#include "sim/echo_scenario.h"
#include "sim/seeded_source.h"
#include "sim/trace_diff.h"

namespace reprise {
namespace {

constexpr EchoOptions kScenario = {.clients = 3, .messages = 8, .message_bytes = 100, .heal_after_ns = kNanosPerSecond};

std::string LogOf(uint64_t seed) {
  SeededSource source(seed);
  SimOptions options;
  options.keep = Trace::Keep::kAll;
  SimWorld world(source, SwarmProfile::Everything(), options);
  (void)RunEcho(world, 1, kScenario);
  return StepLog({world.trace(), world.actors()});
}

TEST(StepLogText, ReadsBackAsItself) {
  const std::string log = LogOf(1);
  const Result<KeptRecording> run = ParseStepLog(log);
  ASSERT_TRUE(run.ok()) << run.status().detail();
  EXPECT_GT(run.value().trace.steps().size(), 100u);
  EXPECT_EQ(StepLog(run.value().recording()), log);
}

TEST(StepLogText, OfTwoRunsShowsWhereTheyPart) {
  const Result<KeptRecording> one = ParseStepLog(LogOf(1));
  const Result<KeptRecording> other = ParseStepLog(LogOf(2));
  ASSERT_TRUE(one.ok() && other.ok());
  EXPECT_FALSE(FirstDifference(one.value().recording(), one.value().recording()).has_value());
  const std::optional<size_t> part = FirstDifference(one.value().recording(), other.value().recording());
  ASSERT_TRUE(part.has_value());
  EXPECT_NE(one.value().trace.steps()[*part].hash, other.value().trace.steps()[*part].hash);
}

TEST(StepLogText, RefusesWhatIsNoLog) {
  for (const char* text : {"reprise-tape 1\n", "reprise-steps 1\nactor 9 client.0\n", "reprise-steps 1\n1 2 nothing\n",
                           "reprise-steps 1\n1 0 heal 77 0 0 1f -\n", "reprise-steps 1\n1 0 heal 0 0 0 1f abc\n"}) {
    EXPECT_FALSE(ParseStepLog(text).ok()) << text;
  }
}

}  // namespace
}  // namespace reprise
