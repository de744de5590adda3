// Auditor: a client that comes when all others are done and the world has healed, and asks the server what it tells of
// itself: who its clients are, and what it has counted. It ends some of the others' connections and every key, and asks
// again. What it was told it writes down as every client does, with what was so in the world at each INFO.
#ifndef REPRISE_PROPTESTS_SIMULATION_AUDITOR_H_
#define REPRISE_PROPTESTS_SIMULATION_AUDITOR_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "proptests/oracles/counts.h"
#include "proptests/oracles/finding.h"
#include "proptests/workload/history.h"
#include "proptests/workload/reply_parser.h"
#include "server/server.h"
#include "sim/sim_world.h"

namespace reprise {

class Auditor final : private SimPeerHandler, private SimActor {
 public:
  // Somebody's connection that stands.
  struct Other {
    size_t client = 0;  // its place among the others
    int64_t id = 0;
    uint16_t port = 0;
  };
  // Those of `histories` that have one, and were told their id.
  static std::vector<Other> OthersOf(std::span<const ClientHistory* const> histories);

  struct Settings {
    uint32_t client = 0;        // its number in the world
    std::string password = {};  // empty: none is needed
    int64_t latency_ns = 0;
  };

  // Borrows world and server. `kill` is told whose connection is about to be ended, `done` when all was asked; neither
  // may destroy it.
  Auditor(SimWorld& world, Server& server, Settings settings, std::function<void(size_t other)> kill,
          std::function<void()> done);

  void Start(const std::vector<Other>& others);
  // Closes the connection.
  void Finish();

  const ClientHistory& history() const { return history_; }
  // Whether it got to its end, and nobody has asked for anything meanwhile: all keys are gone then.
  bool complete(std::span<const ClientHistory* const> others) const { return complete_ && !Disturbed(others); }
  std::string Describe() const;

  // What is wrong with what it was told; `others`: what they have asked for, and nothing of which is unknown but what
  // was lost.
  Finding Check(std::span<const ClientHistory* const> others) const;

 private:
  struct Step {
    std::vector<std::string> words = {};  // none: wait
    std::optional<ReplyValue> expected = {};
    std::optional<size_t> kills = {};  // one of the others
    int64_t wait_ns = 0;
  };
  // An INFO, the exchange that it is, and what was so.
  struct Look {
    size_t exchange = 0;
    WorldFacts before;
    WorldFacts after;
    uint64_t request_bytes = 0;
    uint64_t reply_bytes = 0;
  };

  void OnConnected(SimPeer&) override {}
  void OnBytes(SimPeer& peer, std::string_view bytes) override;
  void OnEnd(SimPeer& peer) override;
  void OnLost(SimPeer& peer, ErrorCode why) override;
  void OnHalfClosed(SimPeer&) override {}
  void OnTimer(uint64_t) override { Next(); }

  void Plan(const std::vector<Other>& others);
  void Ask(std::vector<std::string> words) { steps_.push_back({std::move(words)}); }
  void Expect(std::vector<std::string> words, ReplyValue reply) {
    steps_.push_back({std::move(words), std::move(reply)});
  }
  void Next();
  void Send(const std::vector<std::string>& words);
  void OnReply(ReplyValue reply);
  void End(Ending::How how, ErrorCode code);
  std::string CheckProbes() const;
  bool Disturbed(std::span<const ClientHistory* const> others) const;

  SimWorld& world_;
  Server& server_;
  const Settings settings_;
  const std::function<void(size_t)> kill_;
  const std::function<void()> done_;
  SimPeer& peer_;
  ReplyParser parser_;
  ClientHistory history_;
  std::vector<Step> steps_;
  size_t next_ = 0;
  std::vector<Look> looks_;
  uint64_t reply_bytes_ = 0;  // that have come since the latest request
  bool ended_ = false;
  bool complete_ = false;
  std::string problem_;  // with a reply
};

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_SIMULATION_AUDITOR_H_
