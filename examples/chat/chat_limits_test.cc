// chat_limits_test: who doesn't listen, and who says too long a line, is shown the door; the others notice nothing.
//
// On a day without faults, where all is exact.
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "examples/chat/chat_server.h"
#include "sim/sim_world.h"
#include "sim/tape_source.h"

namespace {

using chat::ChatServer;
using reprise::kNanosPerMilli;
using reprise::SimPeer;

const reprise::Address kRoom{reprise::Address::Family::kIpv4, "127.0.0.1", 7777};
constexpr size_t kLines = 2000;  // of the talker: more than the buffers between and the room's patience hold
const std::string kLine(400, 't');

class Guest final : public reprise::SimPeerHandler, public reprise::SimActor {
 public:
  // Joins as "guest", and says each of `texts` a millisecond after the other, beginning after ten.
  Guest(reprise::SimWorld& world, uint32_t number, std::vector<std::string> texts)
      : peer_(world.NewPeer(number, *this)), texts_(std::move(texts)) {
    peer_.Connect(kRoom);
    for (size_t i = 0; i < texts_.size(); ++i) {
      world.Schedule(kNanosPerMilli * static_cast<int64_t>(10 + i), *this, i);
    }
  }
  void OnTimer(uint64_t what) override { peer_.Send(texts_[what]); }
  void OnConnected(SimPeer& peer) override { peer.Send("guest\n"); }
  void OnBytes(SimPeer&, std::string_view bytes) override { heard_bytes_ += bytes.size(); }
  void OnEnd(SimPeer& peer) override {
    thrown_out_ = true;
    peer.Close();
  }
  void OnLost(SimPeer&, reprise::ErrorCode) override { thrown_out_ = true; }
  void OnHalfClosed(SimPeer&) override {}

  SimPeer& peer() { return peer_; }
  bool thrown_out() const { return thrown_out_; }
  size_t heard_bytes() const { return heard_bytes_; }

 private:
  SimPeer& peer_;
  std::vector<std::string> texts_;
  size_t heard_bytes_ = 0;
  bool thrown_out_ = false;
};

// Ends the evening, once the deaf one has come to its senses and read what there was.
class Host final : public reprise::SimActor {
 public:
  Host(reprise::SimWorld& world, Guest& deaf) : world_(world), deaf_(deaf) {
    world.Schedule(4 * reprise::kNanosPerSecond, *this, 0);
    world.Schedule(5 * reprise::kNanosPerSecond, *this, 1);
  }
  void OnTimer(uint64_t what) override { what == 0 ? deaf_.peer().StartReading() : world_.Stop(); }

 private:
  reprise::SimWorld& world_;
  Guest& deaf_;
};

}  // namespace

int main() {
  reprise::TapeSource no_faults(reprise::Tape{});
  reprise::SimWorld world(no_faults, reprise::SwarmProfile::Quiet());
  Guest talker(world, 0, std::vector<std::string>(kLines, kLine + "\n"));
  Guest listener(world, 1, {});
  Guest deaf(world, 2, {});
  Guest longest(world, 3, {std::string(ChatServer::kLineBytesMax, 'x') + "\n"});
  Guest too_long(world, 4, {std::string(ChatServer::kLineBytesMax + 1, 'x') + "\n"});
  Guest endless(world, 5, {std::string(ChatServer::kLineBytesMax + 1, 'x')});
  deaf.peer().StopReading();
  Host host(world, deaf);

  reprise::EventLoop loop(world.poller(), world.clock());
  ChatServer server(loop, world.network());
  if (!server.Listen(kRoom).ok()) return 1;
  loop.Run();

  const size_t talked_bytes = kLines * (kLine.size() + std::string_view("guest: \n").size());
  const size_t other_bytes = ChatServer::kLineBytesMax + std::string_view("guest: \n").size();
  const std::vector<std::pair<bool, const char*>> claims = {
      {deaf.thrown_out() && deaf.heard_bytes() < talked_bytes, "who doesn't listen is shown the door"},
      {too_long.thrown_out(), "who says too long a line is shown the door"},
      {endless.thrown_out(), "who says a line without end is shown the door"},
      {!longest.thrown_out(), "the longest line is not too long"},
      {!talker.thrown_out() && !listener.thrown_out(), "nobody else is"},
      {listener.heard_bytes() == talked_bytes + other_bytes, "who listens hears everything"},
      {server.member_count() == 3, "the room has forgotten who left"},
  };
  int broken = 0;
  for (const auto& [holds, claim] : claims) {
    if (holds) continue;
    std::printf("Not so: %s\n", claim);
    ++broken;
  }
  return broken;
}
