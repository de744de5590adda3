// SimClient: one client of a script, alive in a simulated world.
//
// Connects, sends its operations as its temper has it, reads the answers, and connects again when a connection has
// ended, until all its operations were sent and answered or lost. Writes everything down in its history; judges nothing
// but whether the bytes are RESP.
//
// What it says first on a connection, after one on which requests were lost above all, is the business of its Fence.
#ifndef REPRISE_PROPTESTS_WORKLOAD_CLIENT_H_
#define REPRISE_PROPTESTS_WORKLOAD_CLIENT_H_

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "loop/network.h"
#include "proptests/workload/fence.h"
#include "proptests/workload/history.h"
#include "proptests/workload/reply_parser.h"
#include "proptests/workload/script.h"
#include "sim/sim_world.h"

namespace reprise {

class ClientObserver {
 public:
  virtual ~ClientObserver() = default;
  // main_done() or done() has become true.
  virtual void OnClientProgress() = 0;
};

class SimClient final : private SimPeerHandler, private SimActor {
 public:
  struct Settings {
    Address address = {Address::Family::kIpv4, "127.0.0.1", 6379};
    std::string password = {};  // empty: none is needed
    int64_t patience_ns = 20'000'000'000;
  };

  // Borrows all of them. The client's place in `world` is script.id.
  SimClient(SimWorld& world, const ScriptClient& script, const Settings& settings, ClientObserver& observer);
  SimClient(const SimClient&) = delete;
  SimClient& operator=(const SimClient&) = delete;

  // Connects, when its time has come.
  void Start();
  // The world has healed: reads again, breaks nothing off any more, and goes on to its audit.
  void Heal();
  // The server has died: a connection that is not made yet, and would ask for what concerns its former life, is given
  // up.
  void ServerDied();
  // How many connections it has begun.
  uint32_t connects() const { return peer_.connects(); }
  // Closes the connection. REQUIRES: done().
  void Finish();

  // All operations but the audit are answered or lost.
  bool main_done() const { return next_ >= first_audit_ && waiting_.empty() && trickle_.empty(); }
  // All operations are.
  bool done() const { return next_ == script_.operations.size() && waiting_.empty() && trickle_.empty(); }
  const ClientHistory& history() const { return history_; }
  ClientHistory& history() { return history_; }
  // What it is doing, for a report on why a run does not end.
  std::string Describe() const;

 private:
  enum class Phase : uint8_t { kIdle, kSetup, kRunning };
  enum class Timer : uint8_t { kConnect, kBatch, kByte, kBreakOff, kPatience };

  void OnConnected(SimPeer&) override {}
  void OnBytes(SimPeer& peer, std::string_view bytes) override;
  void OnEnd(SimPeer& peer) override;
  void OnLost(SimPeer& peer, ErrorCode why) override;
  void OnHalfClosed(SimPeer& peer) override;
  void OnTimer(uint64_t what) override;
  uint32_t client() const override { return script_.id; }

  void Schedule(Timer timer, int64_t delay_ns);
  void Connect();
  void Ask(const Fence::Requests& requests);
  void OnReply(ReplyValue reply);
  void OnSetupDone();
  void SendBatch();
  void AddExchange(uint32_t operation, Operation::Kind kind, std::vector<std::string> words, size_t bytes);
  void SendBytes(std::string_view bytes);
  void AfterBatch();
  void BreakOff();
  void EndConnection(Ending::How how, ErrorCode code);
  void WatchPatience();
  bool MayBreakOff() const { return script_.temper == Temper::kVanishing && !healed_; }
  bool HasMore() const { return next_ < (healed_ ? script_.operations.size() : first_audit_); }
  void TellProgress();

  SimWorld& world_;
  const ScriptClient& script_;
  const Settings settings_;
  ClientObserver& observer_;
  SimPeer& peer_;
  Fence fence_;
  ReplyParser parser_;
  ClientHistory history_;
  size_t first_audit_ = 0;      // index into the operations
  size_t next_ = 0;             // the operation to be sent next
  std::deque<size_t> waiting_;  // exchanges without an answer, the oldest first
  uint64_t asked_bytes_ = 0;    // on this connection: of the requests
  uint64_t replied_bytes_ = 0;  // and of the replies
  std::string trickle_;         // bytes that are sent one at a time
  size_t trickle_at_ = 0;
  Phase phase_ = Phase::kIdle;
  uint32_t timer_generation_ = 0;  // of the connection: timers of a former one mean nothing
  int64_t last_progress_ns_ = 0;
  int64_t began_ns_ = 0;
  uint32_t failures_ = 0;     // connections in a row that came to nothing
  bool expects_end_ = false;  // the server has to end the connection after the answers
  bool patience_due_ = false;
  bool batch_due_ = false;
  bool healed_ = false;
  bool finished_ = false;
  bool told_main_ = false;
  bool told_all_ = false;
  std::string cursor_ = "0";
};

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_WORKLOAD_CLIENT_H_
