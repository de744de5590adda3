// What the tests of the simulated world share: a world whose faults the test says, a program's side driven by hand, and
// a client that writes down what it is told.
#ifndef REPRISE_SIM_SIM_TESTING_H_
#define REPRISE_SIM_SIM_TESTING_H_

#include <gtest/gtest.h>

#include <array>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/function_source.h"
#include "sim/sim_world.h"

namespace reprise {

// Writes down everything; does nothing by itself.
class NotingHandler : public SimPeerHandler {
 public:
  void OnConnected(SimPeer&) override { ++connects; }
  void OnBytes(SimPeer&, std::string_view bytes) override {
    received += bytes;
    pieces.emplace_back(bytes);
  }
  void OnEnd(SimPeer&) override { ++ends; }
  void OnLost(SimPeer&, ErrorCode why) override { losses.push_back(why); }
  void OnHalfClosed(SimPeer&) override { ++half_closes; }

  int connects = 0;
  int ends = 0;
  int half_closes = 0;
  std::string received;
  std::vector<std::string> pieces;
  std::vector<ErrorCode> losses;
};

class SimTest : public ::testing::Test {
 protected:
  static inline const Address kAddress{Address::Family::kIpv4, "127.0.0.1", 6379};

  SimTest() : source_([this](const ChoiceRequest& request) { return Answer(request); }) {}

  // --- the world; made when first asked for, with the options as they are then.
  SimWorld& world() {
    if (world_ == nullptr) world_ = std::make_unique<SimWorld>(source_, SwarmProfile::Quiet(), options);
    return *world_;
  }
  // Another world, with the options as they are now.
  void StartAnew() {
    world_.reset();
    handlers_.clear();
    listener_ = Handle();
  }
  Network& network() { return world().network(); }
  SimPoller& poller() { return world().poller(); }
  int64_t Now() { return world().clock().MonotonicNanos(); }

  // The next answers at a site; when they are used up, `always` or else 0.
  void Next(Site site, std::initializer_list<uint64_t> answers) { next_[site].assign(answers); }
  void Always(Site site, uint64_t answer) { always_[site] = answer; }

  // --- the program's side
  Handle Listen(int backlog = 511) { return network().Listen(kAddress, {.backlog = backlog, .unix_mode = 0}).value(); }
  // One Wait that lasts until `within_ns` from now at most.
  std::vector<Event> Wait(int64_t within_ns = 10 * kNanosPerMilli, size_t events_max = 64) {
    std::vector<Event> events(events_max);
    events.resize(poller().Wait(events, Now() + within_ns));
    return events;
  }
  // Lets time pass, and drops what is reported.
  void Settle(int64_t for_ns = 10 * kNanosPerMilli) {
    const int64_t until_ns = Now() + for_ns;
    std::vector<Event> events(64);
    while (Now() < until_ns) (void)poller().Wait(events, until_ns);
  }
  // What poll would tell of the handle: readable, writable.
  std::pair<bool, bool> Ready(Handle handle) {
    const Wire::Readiness readiness = world().network().ReadinessOf(handle);
    return {readiness.readable, readiness.writable};
  }
  Token Watch(Handle handle, Interest interest) {
    const Token token{static_cast<uint32_t>(handle.id), ++generation_};
    EXPECT_TRUE(poller().Register(handle, interest, token).ok());
    return token;
  }
  std::string Read(Handle handle, size_t most = 4096) {
    std::string bytes(most, '\0');
    const IoResult result = network().Read(handle, bytes);
    bytes.resize(result.bytes);
    return result.ok() ? bytes : std::string(ErrorCodeName(result.code));
  }
  std::string ReadAll(Handle handle) {
    std::string all;
    std::string bytes(4096, '\0');
    for (;;) {
      const IoResult result = network().Read(handle, bytes);
      if (!result.ok()) return all;
      all.append(bytes, 0, result.bytes);
    }
  }
  IoResult Write(Handle handle, std::string_view bytes) { return network().Write(handle, {&bytes, 1}); }
  ErrorCode WriteCode(Handle handle) { return Write(handle, "x").code; }
  ErrorCode ReadCode(Handle handle) {
    std::array<char, 16> into;
    return network().Read(handle, into).code;
  }

  // --- a client that is connected to the program
  struct Connection {
    Handle handle;
    SimPeer* peer = nullptr;
    NotingHandler* notes = nullptr;
  };
  SimPeer& NewPeer() {
    handlers_.push_back(std::make_unique<NotingHandler>());
    return world().NewPeer(static_cast<uint32_t>(handlers_.size() - 1), *handlers_.back());
  }
  NotingHandler& NotesOf(const SimPeer& peer) { return *handlers_[peer.client()]; }
  Connection Connect() {
    if (!listener_.valid()) listener_ = Listen();
    SimPeer& peer = NewPeer();
    peer.Connect(kAddress);
    Settle();
    Result<Handle> accepted = network().Accept(listener_);
    CHECK(accepted.ok());
    return {accepted.value(), &peer, &NotesOf(peer)};
  }

  SimOptions options;
  Handle listener_;

 private:
  uint64_t Answer(const ChoiceRequest& request) {
    std::deque<uint64_t>& queue = next_[request.name.site];
    if (queue.empty()) return always_[request.name.site];
    const uint64_t answer = queue.front();
    queue.pop_front();
    return answer;
  }

  std::map<Site, std::deque<uint64_t>> next_;
  std::map<Site, uint64_t> always_;
  FunctionSource source_;
  std::unique_ptr<SimWorld> world_;
  std::vector<std::unique_ptr<NotingHandler>> handlers_;
  uint32_t generation_ = 0;
};

}  // namespace reprise

#endif  // REPRISE_SIM_SIM_TESTING_H_
