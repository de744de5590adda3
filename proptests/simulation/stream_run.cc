#include "proptests/simulation/stream_run.h"

#include <fmt/format.h>

#include <memory>
#include <utility>

#include "loop/event_loop.h"
#include "proptests/model/model.h"
#include "proptests/oracles/cut_anywhere.h"
#include "proptests/oracles/peace.h"
#include "proptests/oracles/turn_bound.h"
#include "proptests/workload/stream.h"
#include "server/server.h"
#include "sim/sim_world.h"

namespace reprise {
namespace {

constexpr int64_t kPatienceNs = 1'000'000'000'000;

// Answers 0 for all that a stream may show.
class StreamFaults final : public ChoiceSource {
 public:
  StreamFaults(ChoiceSource& source, bool may_break) : source_(source), may_break_(may_break) {}

  uint64_t Answer(const ChoiceRequest& request) override {
    const SiteGroup group = FactsOf(request.name.site).group;
    const bool breaks = group == SiteGroup::kConnections && may_break_;
    const bool harmless = group == SiteGroup::kReadiness || group == SiteGroup::kBytes || breaks;
    return harmless ? source_.Answer(request) : 0;
  }

 private:
  ChoiceSource& source_;
  const bool may_break_;
};

// Monotonic time goes on, or no timer would fire; wall time stands still.
class StillClock final : public Clock {
 public:
  explicit StillClock(Clock& clock) : clock_(clock), wall_us_(clock.WallMicros()) {}
  int64_t MonotonicNanos() override { return clock_.MonotonicNanos(); }
  int64_t WallMicros() override { return wall_us_; }

 private:
  Clock& clock_;
  const int64_t wall_us_;
};

class StreamClient final : public SimPeerHandler, public SimActor {
 public:
  explicit StreamClient(SimWorld& world) : world_(world), peer_(world.NewPeer(0, *this)) {}

  void Start(std::string_view bytes) {
    peer_.Connect(Address{Address::Family::kIpv4, "127.0.0.1", 6379});
    peer_.Send(bytes);
    peer_.ShutdownWrite();
    world_.Schedule(kPatienceNs, *this, 0);
  }

  StreamResult& result() { return result_; }
  bool finished() const { return finished_; }

 private:
  void OnConnected(SimPeer&) override {}
  void OnBytes(SimPeer&, std::string_view bytes) override { result_.replies.append(bytes); }
  void OnEnd(SimPeer&) override {
    peer_.Close();
    Finish();
  }
  void OnLost(SimPeer&, ErrorCode) override {
    result_.reset = true;
    Finish();
  }
  void OnHalfClosed(SimPeer&) override {}
  void OnTimer(uint64_t) override { world_.Stop(); }

  void Finish() {
    finished_ = true;
    world_.Stop();
  }

  SimWorld& world_;
  SimPeer& peer_;
  StreamResult result_;
  bool finished_ = false;
};

}  // namespace

StreamResult PlayStream(std::string_view bytes, ChoiceSource& source, const SwarmProfile& rates,
                        const RunOptions& options, bool may_break) {
  StreamFaults faults(source, may_break);
  std::unique_ptr<StreamClient> client;
  SimOptions world_options;
  world_options.keep = options.keep;
  SimWorld world(faults, rates, world_options);
  ApplyRunOptions(options, world);
  client = std::make_unique<StreamClient>(world);
  StillClock clock(world.clock());
  EventLoop loop(world.poller(), clock);
  auto server = std::make_unique<Server>(World{loop, world.network(), world.entropy(), world.process()}, Config());
  CHECK(server->Start().ok());
  client->Start(bytes);
  TurnWatch watch(*server);
  while (!loop.stopped()) {
    watch.Before();
    loop.RunOnce();
    watch.After();
  }
  server.reset();
  StreamResult result = std::move(client->result());
  // A server that was told to shut down takes replies with it that are still under way.
  const bool shut_down =
      world.how() == SimWorld::How::kRunning && LowerCase(bytes).find("shutdown") != std::string::npos;
  result.reset = result.reset || shut_down;
  result.problem = client->finished() || shut_down ? DescribeLeftOver(world, loop)
                                                   : fmt::format("{} s later the server has not ended the connection",
                                                                 kPatienceNs / kNanosPerSecond);
  const bool left = !result.problem.empty();
  if (!left && !watch.Problem().empty()) {
    result.problem = watch.Problem();
    result.report.Fail(Verdict::kLeak, Oracle::kTurnBound, result.problem);
  } else if (left) {
    const bool waits = !client->finished() && !shut_down;
    result.report.Fail(waits ? Verdict::kNoProgress : Verdict::kLeak, waits ? Oracle::kLiveness : Oracle::kLeak,
                       result.problem);
  }
  CollectNumbers(world, loop.counters(), result.report);
  if (options.inspect) {
    options.inspect(world, result.report);
  }
  return result;
}

// The stream without faults, then with those of `source`; the report is of the latter.
RunReport PlayStreamTwice(const Plan& plan, ChoiceSource& source, const RunOptions& options) {
  RunReport report;
  // Replies that tell of more than bytes may differ; that the connection ends, and nothing is left over, still holds.
  const bool telling = MayTellOfTheWorld(*plan.stream);
  const Finding finding = CheckCutAnywhere(*plan.stream, source, [&](std::string_view bytes, ChoiceSource& choices) {
    const bool faulty = &choices == &source;
    StreamResult result =
        PlayStream(bytes, choices, plan.faults, faulty ? options : RunOptions(), plan.stream_may_break);
    const RunReport before = std::exchange(report, result.report);
    if (before.verdict != Verdict::kPassed) {
      report.Fail(before.verdict, before.oracle, {});
    }
    if (telling) {
      result.replies.clear();
    }
    return result;
  });
  report.cut = finding;
  if (!finding.ok()) {
    report.Fail(Verdict::kWrongAnswer, Oracle::kCutAnywhere, {});
    report.problem = finding.problem;
  }
  return report;
}

}  // namespace reprise
