#include "sim/echo_scenario.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "sim/echo_server.h"
#include "sim/mix.h"
#include "sim/notices.h"

namespace reprise {
namespace {

const Address kServerAddress{Address::Family::kIpv4, "127.0.0.1", 7};
// For an answer, after which a client takes its connection for dead.
constexpr int64_t kPatienceNs = 3 * kNanosPerSecond;

class EchoClient final : public SimPeerHandler, public SimActor {
 public:
  EchoClient(SimWorld& world, uint32_t number, uint64_t seed, const EchoOptions& options, EchoOutcome& outcome,
             std::function<void()> done)
      : world_(world),
        options_(options),
        outcome_(outcome),
        done_(std::move(done)),
        random_(seed),
        peer_(world.NewPeer(number, *this)) {
    for (uint32_t i = 0; i < options.messages; ++i) {
      const uint64_t length = 1 + random_.Below(options.message_bytes);
      for (uint64_t at = 0; at < length; ++at) text_ += static_cast<char>('a' + (text_.size() + number) % 26);
    }
    world.Schedule(static_cast<int64_t>(random_.Below(1'000'000)), *this, kConnect);
  }

  uint32_t client() const override { return peer_.client(); }
  void OnTimer(uint64_t what) override {
    if (what == kConnect) peer_.Connect(kServerAddress);
    if (what == kSend) SendSome();
    if (what == kPatience && peer_.state() != SimPeer::State::kIdle && patience_ == peer_.connects()) {
      peer_.Abort();
      Retry();
    }
  }

  void OnConnected(SimPeer&) override {
    sent_ = 0;
    echoed_ = 0;
    SendSome();
  }
  void OnBytes(SimPeer& peer, std::string_view bytes) override {
    if (text_.compare(echoed_, bytes.size(), bytes) != 0) Fail("wrong bytes came back");
    echoed_ += bytes.size();
    outcome_.bytes_echoed += bytes.size();
    if (echoed_ < text_.size()) return;
    peer.Close();
    Finish();
  }
  void OnEnd(SimPeer& peer) override {
    peer.Close();
    Retry();
  }
  void OnLost(SimPeer&, ErrorCode) override { Retry(); }
  void OnHalfClosed(SimPeer&) override {}

 private:
  enum What : uint64_t { kConnect, kSend, kPatience };

  void SendSome() {
    if (peer_.state() != SimPeer::State::kConnected || sent_ == text_.size()) return;
    const size_t length = std::min<size_t>(1 + random_.Below(options_.message_bytes), text_.size() - sent_);
    peer_.Send(std::string_view(text_).substr(sent_, length));
    sent_ += length;
    if (sent_ < text_.size()) {
      world_.Schedule(static_cast<int64_t>(random_.Below(300'000)), *this, kSend);
    } else {
      patience_ = peer_.connects();
      world_.Schedule(kPatienceNs, *this, kPatience);
    }
  }
  void Retry() {
    ++outcome_.losses;
    world_.Schedule(static_cast<int64_t>(10'000 + random_.Below(1'000'000)), *this, kConnect);
  }
  void Finish() {
    ++outcome_.clients_done;
    done_();
  }
  void Fail(const std::string& why) {
    if (outcome_.failure.empty()) outcome_.failure = "client " + std::to_string(peer_.client()) + ": " + why;
  }

  SimWorld& world_;
  const EchoOptions& options_;
  EchoOutcome& outcome_;
  std::function<void()> done_;
  Random random_;
  SimPeer& peer_;
  std::string text_;
  size_t sent_ = 0;
  size_t echoed_ = 0;
  uint32_t patience_ = 0;
};

class Healer final : public SimActor {
 public:
  explicit Healer(SimWorld& world) : world_(world) {}
  void OnTimer(uint64_t) override { world_.Heal(); }

 private:
  SimWorld& world_;
};

// Until the server is told to stop, or has died; then it is destroyed.
void RunLife(SimWorld& world, const EchoOptions& options, EchoOutcome& outcome) {
  const std::unique_ptr<EchoServer> server =
      options.plain_server ? MakePlainEchoServer(world.poller(), world.network(), kServerAddress)
                           : MakeLoopEchoServer(world.poller(), world.network(), world.clock(), kServerAddress);
  server->Run();
  outcome.counters = Sum(outcome.counters, server->counters());
}

}  // namespace

EchoOutcome RunEcho(SimWorld& world, uint64_t workload_seed, const EchoOptions& options) {
  EchoOutcome outcome;
  std::vector<std::unique_ptr<EchoClient>> clients;
  const auto done = [&] {
    if (outcome.clients_done == options.clients) world.Stop();
  };
  for (uint32_t i = 0; i < options.clients; ++i) {
    clients.push_back(std::make_unique<EchoClient>(world, i, MixPair(workload_seed, i), options, outcome, done));
  }
  Healer healer(world);
  world.Schedule(options.heal_after_ns, healer, 0);
  RunLife(world, options, outcome);
  while (!world.life().alive()) {
    world.Restart();
    RunLife(world, options, outcome);
  }
  if (outcome.failure.empty() && outcome.clients_done < options.clients) outcome.failure = "a client has not finished";
  if (outcome.failure.empty() && !world.FindLeftOver().none()) outcome.failure = "something was left over";
  outcome.hash = world.trace().hash();
  outcome.steps = world.trace().step_count();
  outcome.operations = world.network().operations();
  outcome.how = world.how();
  return outcome;
}

}  // namespace reprise
