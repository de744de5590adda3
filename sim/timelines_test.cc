// Lanes, and the two timelines that are drawn from them.
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "sim/chrome_trace.h"
#include "sim/echo_scenario.h"
#include "sim/html_trace.h"
#include "sim/lanes.h"
#include "sim/seeded_source.h"

namespace reprise {
namespace {

class TimelinesTest : public ::testing::Test {
 protected:
  TimelinesTest() : source_(4), world_(source_, SwarmProfile::Everything(), Keeping()) { (void)RunEcho(world_, 4); }

  Recording run() { return {world_.trace(), world_.actors()}; }
  const Step& StepOf(const Lanes& lanes, size_t item) { return run().trace.steps()[lanes.items[item].step]; }

 private:
  static SimOptions Keeping() {
    SimOptions options;
    options.keep = Trace::Keep::kSteps;
    return options;
  }
  SeededSource source_;
  SimWorld world_;
};

size_t Count(std::string_view text, std::string_view part) {
  size_t count = 0;
  for (size_t at = 0; (at = text.find(part, at)) != std::string_view::npos; at += part.size()) ++count;
  return count;
}

// A reader of JSON that takes nothing but JSON; enough to tell whether a text is well-formed.
class JsonChecker {
 public:
  explicit JsonChecker(std::string_view text) : rest_(text) {}
  bool Check() { return Value() && (Blanks(), rest_.empty()); }

 private:
  void Blanks() {
    while (!rest_.empty() && (rest_[0] == ' ' || rest_[0] == '\n')) rest_.remove_prefix(1);
  }
  bool Take(char c) {
    Blanks();
    if (rest_.empty() || rest_[0] != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool String() {
    if (!Take('"')) return false;
    while (!rest_.empty() && rest_[0] != '"') {
      if (static_cast<unsigned char>(rest_[0]) < 0x20) return false;
      rest_.remove_prefix(rest_[0] == '\\' ? 2 : 1);
    }
    return Take('"');
  }
  bool Number() {
    const size_t end = rest_.find_first_not_of("-0123456789.");
    if (end == 0) return false;
    rest_.remove_prefix(end);
    return true;
  }
  bool Value() {
    Blanks();
    if (rest_.empty()) return false;
    if (rest_[0] == '"') return String();
    if (rest_[0] != '{' && rest_[0] != '[') return Number();
    const bool object = Take('{');
    if (!object) (void)Take('[');
    const char close = object ? '}' : ']';
    if (Take(close)) return true;
    do {
      if (object && !(String() && Take(':'))) return false;
      if (!Value()) return false;
    } while (Take(','));
    return Take(close);
  }

  std::string_view rest_;
};

TEST_F(TimelinesTest, EachClientHasALaneAndTheServerTheNetworkAndTheWorldTheirs) {
  const Lanes lanes = MakeLanes(run());
  EXPECT_EQ(lanes.names, (std::vector<std::string>{"client 0", "client 1", "client 2", "server", "network", "world"}));
  std::set<size_t> used;
  for (size_t i = 0; i < lanes.items.size(); ++i) {
    used.insert(lanes.items[i].lane);
    const Step& step = StepOf(lanes, i);
    if (step.kind == StepKind::kRead) {
      EXPECT_EQ(lanes.names[lanes.items[i].lane], "server");
    }
    if (step.kind == StepKind::kPeerSend) {
      EXPECT_EQ(lanes.items[i].lane, run().actors.name(step.actor).index);
    }
  }
  EXPECT_EQ(used.size(), lanes.names.size());
}

TEST_F(TimelinesTest, EveryFaultThatFiredIsMarked) {
  const Lanes lanes = MakeLanes(run());
  size_t marked = 0;
  for (size_t i = 0; i < lanes.items.size(); ++i) {
    if (StepOf(lanes, i).kind != StepKind::kChoice) continue;
    EXPECT_EQ(lanes.items[i].look, Lanes::Look::kFault);
    ++marked;
  }
  size_t fired = 0;
  for (const Step& step : run().trace.steps()) fired += step.kind == StepKind::kChoice ? 1u : 0u;
  EXPECT_EQ(marked, fired);
  EXPECT_GT(fired, 10u);
}

TEST(LanesOf, WhatBefallsAConnectionOrTheWorldIsMarkedWithoutAChoiceToo) {
  const std::map<StepKind, Lanes::Look> looks = {
      {StepKind::kConnTorn, Lanes::Look::kFault},   {StepKind::kConnVanished, Lanes::Look::kFault},
      {StepKind::kClockJump, Lanes::Look::kFault},  {StepKind::kTimeout, Lanes::Look::kFault},
      {StepKind::kDied, Lanes::Look::kFault},       {StepKind::kResetArrives, Lanes::Look::kEnd},
      {StepKind::kPeerLost, Lanes::Look::kEnd},     {StepKind::kStuck, Lanes::Look::kEnd},
      {StepKind::kStepLimit, Lanes::Look::kEnd},    {StepKind::kHeal, Lanes::Look::kBegin},
      {StepKind::kStarts, Lanes::Look::kBegin},     {StepKind::kAccept, Lanes::Look::kBegin},
      {StepKind::kPeerSend, Lanes::Look::kSend},    {StepKind::kPeerBytes, Lanes::Look::kReceive},
      {StepKind::kPeerReading, Lanes::Look::kOther}};
  for (const auto& [kind, look] : looks) {
    Trace trace(Trace::Keep::kSteps);
    ActorTable actors;
    const Actor client = actors.Add({ActorKind::kClient, 0, 0});
    trace.Add(StepKind::kPeerConnect, client, 6379);
    trace.Add(kind, client);
    const Lanes lanes = MakeLanes({trace, actors});
    ASSERT_EQ(lanes.items.size(), 2u) << StepName(kind);
    EXPECT_EQ(LookName(lanes.items[1].look), LookName(look)) << StepName(kind);
  }
}

TEST_F(TimelinesTest, ArrowsLeadForwardsFromASendToWhoGotItsFirstByte) {
  const Lanes lanes = MakeLanes(run());
  EXPECT_GT(lanes.arrows.size(), 10u);
  std::set<size_t> from;
  for (const Lanes::Arrow& arrow : lanes.arrows) {
    EXPECT_LT(arrow.from, arrow.to);
    EXPECT_TRUE(from.insert(arrow.from).second);
    const Step& sent = StepOf(lanes, arrow.from);
    const Step& got = StepOf(lanes, arrow.to);
    EXPECT_TRUE((sent.kind == StepKind::kPeerSend && got.kind == StepKind::kRead) ||
                (sent.kind == StepKind::kWrite && got.kind == StepKind::kPeerBytes));
    EXPECT_EQ(run().actors.name(sent.actor).index, run().actors.name(got.actor).index);
    const std::string_view received = run().trace.BytesOf(got);
    EXPECT_NE(received.find(run().trace.BytesOf(sent)[0]), std::string_view::npos);
  }
}

TEST_F(TimelinesTest, TheChromeTraceIsJsonWithATrackForEachLaneAndAnEventForEachItem) {
  const std::string json = ChromeTrace(run());
  EXPECT_TRUE(JsonChecker(json).Check()) << json.substr(0, 2000);
  const Lanes lanes = MakeLanes(run());
  EXPECT_EQ(Count(json, "\"thread_name\""), lanes.names.size());
  EXPECT_EQ(Count(json, "\"ph\":\"X\""), lanes.items.size());
  EXPECT_EQ(Count(json, "\"ph\":\"s\""), lanes.arrows.size());
  EXPECT_EQ(Count(json, "\"ph\":\"f\""), lanes.arrows.size());
  EXPECT_NE(json.find("\"name\":\"read.short\""), std::string::npos);
}

// "12.345" microseconds, in nanoseconds.
int64_t NanosOf(const std::string& micros) {
  return std::stoll(micros) * 1000 + std::stoll(micros.substr(micros.find('.') + 1, 3));
}

// The times of the events with this phase, by the number of their arrow.
std::map<int, int64_t> TimesOfArrows(const std::string& json, std::string_view phase) {
  std::map<int, int64_t> times;
  for (size_t at = 0; (at = json.find("\"ph\":\"" + std::string(phase) + '"', at)) != std::string::npos; ++at) {
    const std::string line = json.substr(at, json.find('\n', at) - at);
    times[std::stoi(line.substr(line.find("\"id\":") + 5))] = NanosOf(line.substr(line.find("\"ts\":") + 5));
  }
  return times;
}

TEST_F(TimelinesTest, SlicesOfALaneOfTheChromeTraceStandBehindEachOther) {
  const std::string json = ChromeTrace(run());
  std::map<int, int64_t> free_at;  // by lane
  size_t slices = 0;
  for (size_t at = 0; (at = json.find("\"ph\":\"X\"", at)) != std::string::npos; ++at) {
    const std::string line = json.substr(at, json.find('\n', at) - at);
    const int lane = std::stoi(line.substr(line.find("\"tid\":") + 6));
    const int64_t begin_ns = NanosOf(line.substr(line.find("\"ts\":") + 5));
    EXPECT_GE(begin_ns, free_at[lane]) << line;
    free_at[lane] = begin_ns + NanosOf(line.substr(line.find("\"dur\":") + 6));
    ++slices;
  }
  EXPECT_GT(slices, 100u);
}

TEST_F(TimelinesTest, NoArrowOfTheChromeTraceLeadsBackInTime) {
  // A turn writes to a client so often that what is drawn one after the other reaches beyond the latency.
  Trace trace(Trace::Keep::kSteps);
  ActorTable actors;
  const Actor client = actors.Add({ActorKind::kClient, 0, 0});
  const Actor connection = actors.Add({ActorKind::kConnection, 0, 0});
  trace.Add(StepKind::kPeerConnect, client, 6379);
  for (int i = 0; i < 1000; ++i) trace.AddBytes(StepKind::kWrite, connection, 5, 1, "x");
  trace.SetTime(50'000);
  for (int i = 0; i < 1000; ++i) trace.AddBytes(StepKind::kPeerBytes, client, 0, 1, "x");
  for (const std::string& json : {ChromeTrace({trace, actors}), ChromeTrace(run())}) {
    const std::map<int, int64_t> begins = TimesOfArrows(json, "s");
    const std::map<int, int64_t> ends = TimesOfArrows(json, "f");
    ASSERT_GT(begins.size(), 10u);
    ASSERT_EQ(begins.size(), ends.size());
    for (const auto& [arrow, time] : begins) EXPECT_LT(time, ends.at(arrow)) << arrow;
    EXPECT_EQ(Count(json, "\"process_name\""), 1u);
  }
}

TEST_F(TimelinesTest, ThePageSaysForAllToSeeWhatWentWrong) {
  EXPECT_NE(HtmlTrace(run(), {.title = "x", .verdict = "crash: <i>", .summary = ""})
                .find("<div id=\"verdict\">crash: &lt;i></div>"),
            std::string::npos);
  EXPECT_NE(HtmlTrace(run(), {.title = "x", .verdict = "", .summary = ""}).find("<div id=\"verdict\"></div>"),
            std::string::npos);
}

TEST_F(TimelinesTest, ThePageHoldsTheRunAndNothingFromElsewhere) {
  const std::string page = HtmlTrace(run(), {.title = "Seed 4 <&>", .verdict = "", .summary = "read.short 1/2\n<b>"});
  EXPECT_EQ(page.find("@TITLE@"), std::string::npos);
  EXPECT_EQ(page.find("@DATA@"), std::string::npos);
  EXPECT_NE(page.find("<title>Seed 4 &lt;&amp;></title>"), std::string::npos);
  EXPECT_NE(page.find("read.short 1/2\n&lt;b>"), std::string::npos);
  EXPECT_NE(page.find("the server reads"), std::string::npos);
  EXPECT_EQ(page.find("http://"), std::string::npos);
  EXPECT_EQ(page.find("https://"), std::string::npos);
  EXPECT_EQ(Count(page, "</script>"), 1u);
}

TEST_F(TimelinesTest, APageOfALongRunHasItsEndAndSaysSo) {
  const size_t all = MakeLanes(run()).items.size();
  const std::string page = HtmlTrace(run(), {.title = "x", .verdict = "", .summary = "", .steps_most = 10});
  // Arrows lead from and to steps that are shown.
  std::string_view arrows = std::string_view(page).substr(page.find("\narrows:[") + 9);
  arrows = arrows.substr(0, arrows.find("\n"));
  size_t digits = 0;
  for (const char c : arrows) {
    digits = c >= '0' && c <= '9' ? digits + 1 : 0;
    ASSERT_LE(digits, 1u) << arrows;
  }
  EXPECT_NE(page.find("leftOut:" + std::to_string(all - 10) + ","), std::string::npos);
  EXPECT_NE(page.find("the server closes listener 0"), std::string::npos);
}

TEST(JsonText, EveryByteCanStandInAStringAndEndsNoScript) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  std::string json;
  AppendJsonString(json, bytes + "</script>");
  EXPECT_TRUE(JsonChecker(json).Check());
  EXPECT_EQ(json.find('<'), std::string::npos);
  EXPECT_NE(json.find("\\u00ff"), std::string::npos);
  EXPECT_FALSE(JsonChecker("[1,]").Check());
  EXPECT_FALSE(JsonChecker("{\"a\":}").Check());
}

}  // namespace
}  // namespace reprise
