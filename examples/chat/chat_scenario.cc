#include "examples/chat/chat_scenario.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "examples/chat/chat_server.h"
#include "loop/event_loop.h"
#include "sim/mix.h"
#include "sim/sim_world.h"
#include "sim/story.h"

namespace chat {
namespace {

using reprise::Address;
using reprise::ErrorCode;
using reprise::kNanosPerMilli;
using reprise::kNanosPerSecond;
using reprise::SimPeer;

const Address kRoom{Address::Family::kIpv4, "127.0.0.1", 7777};

constexpr uint32_t kGoodbye = Scenario::kLinesEach;  // the number of the last line
constexpr int64_t kHealAfterNs = 2 * kNanosPerSecond;
constexpr int64_t kGoodbyeAfterNs = 60 * kNanosPerSecond;
constexpr int64_t kEndAfterNs = 90 * kNanosPerSecond;

std::string NameOf(uint32_t person) { return "guest" + std::to_string(person); }
// The name somebody gives on a connection. What was said on an earlier one may still be on its way, and overtaken.
std::string NameOf(uint32_t person, uint32_t visit) { return NameOf(person) + "." + std::to_string(visit); }

// "line 3 ......": of a length that follows from its number, so that half a line is told from a whole one.
std::string LineOf(uint32_t person, uint32_t number) {
  return "line " + std::to_string(number) + " " + std::string(1 + (7 * number + 11 * person) % 40, '.');
}

class Person final : public reprise::SimPeerHandler, public reprise::SimActor {
 public:
  Person(reprise::SimWorld& world, uint32_t number, const Scenario& scenario, Outcome& outcome)
      : world_(world),
        number_(number),
        outcome_(outcome),
        random_(reprise::MixPair(scenario.seed, number)),
        peer_(world.NewPeer(number, *this)) {
    world.Schedule(Pause(100), *this, kJoin);
    for (uint32_t line = 0; line < Scenario::kLinesEach; ++line) {
      const int64_t when_ns = Pause(1500);
      const reprise::OperationId operation{{reprise::ActorKind::kClient, number, 0}, line};
      if (std::ranges::find(scenario.omitted, operation) != scenario.omitted.end()) continue;
      world.Schedule(when_ns, *this, kSay);
      to_say_.push_back(line);
    }
    world.Schedule(kGoodbyeAfterNs, *this, kSay);
    to_say_.push_back(kGoodbye);
  }

  uint32_t client() const override { return number_; }
  void OnTimer(uint64_t what) override {
    if (what == kJoin) peer_.Connect(kRoom);
    if (what == kSay) Say();
  }

  void OnConnected(SimPeer& peer) override {
    heard_.clear();
    peer.Send(NameOf(number_, peer.connects()) + "\n");
  }
  void OnBytes(SimPeer&, std::string_view bytes) override {
    heard_ += bytes;
    for (size_t end = heard_.find('\n'); end != std::string::npos; end = heard_.find('\n')) {
      Judge(std::string_view(heard_).substr(0, end));
      heard_.erase(0, end + 1);
    }
  }
  void OnEnd(SimPeer& peer) override {
    peer.Close();
    JoinAgain();
  }
  void OnLost(SimPeer&, ErrorCode) override { JoinAgain(); }
  void OnHalfClosed(SimPeer&) override {}

  // What is wrong at the end; empty: nothing.
  std::string AtTheEnd() const {
    for (uint32_t other = 0; other < Scenario::kPeople; ++other) {
      if (other != number_ && !goodbyes_.contains(other)) {
        return NameOf(number_) + " has not heard the goodbye of " + NameOf(other);
      }
    }
    return {};
  }

 private:
  enum What : uint64_t { kJoin, kSay };

  int64_t Pause(uint64_t millis_max) { return static_cast<int64_t>(random_.Below(millis_max)) * kNanosPerMilli; }

  void Say() {
    const uint32_t line = to_say_[said_++];
    if (peer_.state() == SimPeer::State::kConnected) peer_.Send(LineOf(number_, line) + "\n");
  }
  void JoinAgain() {
    ++outcome_.losses;
    world_.Schedule(Pause(50) + kNanosPerMilli, *this, kJoin);
  }

  // Whether somebody else has said this (oneself, too, but on an earlier connection: that may still be on its way), and
  // nothing of what was said later under that name was heard before.
  void Judge(std::string_view heard) {
    ++outcome_.lines_heard;
    const std::string name(heard.substr(0, heard.find(": ")));
    const bool own = name == NameOf(number_, peer_.connects());
    for (uint32_t other = 0; other < Scenario::kPeople; ++other) {
      for (uint32_t line = 0; line <= kGoodbye; ++line) {
        if (own || !name.starts_with(NameOf(other) + ".")) continue;
        if (heard != name + ": " + LineOf(other, line)) continue;
        if (line < next_expected_[name]) Fail("hears again, or too late: ", heard);
        next_expected_[name] = line + 1;
        if (line == kGoodbye) goodbyes_.insert(other);
        return;
      }
    }
    Fail("hears what nobody said: ", heard);
  }
  void Fail(std::string_view what, std::string_view heard) {
    if (outcome_.failure.empty()) outcome_.failure = NameOf(number_) + " " + std::string(what) + std::string(heard);
  }

  reprise::SimWorld& world_;
  const uint32_t number_;
  Outcome& outcome_;
  reprise::Random random_;
  SimPeer& peer_;
  std::vector<uint32_t> to_say_;
  size_t said_ = 0;
  std::string heard_;                              // the start of a line
  std::map<std::string, uint32_t> next_expected_;  // by name: the lowest number that may come
  std::set<uint32_t> goodbyes_;                    // who has said it
};

// Heals the world, and later ends it.
class Fate final : public reprise::SimActor {
 public:
  explicit Fate(reprise::SimWorld& world) : world_(world) {
    world.Schedule(kHealAfterNs, *this, kHeal);
    world.Schedule(kEndAfterNs, *this, kEnd);
  }
  void OnTimer(uint64_t what) override { what == kHeal ? world_.Heal() : world_.Stop(); }

 private:
  enum What : uint64_t { kHeal, kEnd };

  reprise::SimWorld& world_;
};

// Registering with the poller may fail for want of memory, and then a server tries again.
void Serve(reprise::SimWorld& world) {
  reprise::EventLoop loop(world.poller(), world.clock());
  ChatServer server(loop, world.network());
  while (!server.Listen(kRoom).ok()) {
  }
  loop.Run();
}

}  // namespace

std::vector<reprise::OperationId> Operations() {
  std::vector<reprise::OperationId> operations;
  for (uint32_t person = 0; person < Scenario::kPeople; ++person) {
    for (uint32_t line = 0; line < Scenario::kLinesEach; ++line) {
      operations.push_back({{reprise::ActorKind::kClient, person, 0}, line});
    }
  }
  return operations;
}

Outcome RunChat(const Scenario& scenario, reprise::ChoiceSource& source, const reprise::SwarmProfile& profile) {
  reprise::SimOptions options;
  options.keep = scenario.tell_story ? reprise::Trace::Keep::kSteps : reprise::Trace::Keep::kNothing;
  reprise::SimWorld world(source, profile, options);
  Outcome outcome;
  std::vector<std::unique_ptr<Person>> people;
  for (uint32_t i = 0; i < Scenario::kPeople; ++i) {
    people.push_back(std::make_unique<Person>(world, i, scenario, outcome));
  }
  Fate fate(world);
  Serve(world);
  for (const auto& person : people) {
    if (outcome.failure.empty()) outcome.failure = person->AtTheEnd();
  }
  if (outcome.failure.empty() && !world.FindLeftOver().none()) outcome.failure = "the server has left something open";
  outcome.hash = world.trace().hash();
  outcome.choices = world.choices().made();
  if (scenario.tell_story) outcome.story = reprise::TellStory({world.trace(), world.actors()});
  return outcome;
}

}  // namespace chat
