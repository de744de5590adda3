// Server: the databases, the clients and the configuration, on one event loop.
//
// Owns everything that is Redis about the process; borrows the world (loop, network, entropy, process), real or
// simulated. One thread.
#ifndef REPRISE_SERVER_SERVER_H_
#define REPRISE_SERVER_SERVER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "loop/acceptor.h"
#include "loop/connection.h"
#include "loop/entropy.h"
#include "loop/event_loop.h"
#include "loop/network.h"
#include "loop/process.h"
#include "server/client_pause.h"
#include "server/commands/command_table.h"
#include "server/config.h"
#include "server/early_requests.h"
#include "server/keyspace/database.h"
#include "server/keyspace/reclaimer.h"
#include "server/monitor_list.h"
#include "server/request_batch.h"
#include "server/session_list.h"
#include "server/stats.h"

namespace reprise {

// What a server is given of the world. All outlive it.
struct World {
  EventLoop& loop;
  Network& network;
  Entropy& entropy;
  Process& process;
};

class Server final : private ExpiryObserver {
 public:
  // Handles beside those of clients: listeners, log, poller, what libraries hold.
  static constexpr int64_t kReservedHandles = 32;

  Server(const World& world, Config config);
  // Closes every connection and listener.
  ~Server() override;
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Listens on what the configuration says. Errors: none of the addresses can be had; the detail says why.
  Status Start();
  // Stops the loop in an orderly way: SIGTERM, SHUTDOWN.
  void Shutdown();

  const World& world() const { return world_; }
  EventLoop& loop() { return world_.loop; }
  Config& config() { return config_; }
  const ConfigValues& values() const { return config_.values(); }
  Stats& stats() { return stats_; }
  const CommandTable& commands() const { return commands_; }
  SessionList& sessions() { return sessions_; }
  Reclaimer& reclaimer() { return reclaimer_; }
  ConnectionContext& connections() { return connections_; }
  RequestBatch& batch() { return batch_; }
  EarlyRequests& early_requests() { return early_requests_; }

  size_t database_count() const { return databases_.size(); }
  // REQUIRES: index < database_count().
  Database& database(size_t index) { return *databases_[index]; }

  // 40 hexadecimal digits, new for each start.
  const std::string& run_id() const { return run_id_; }
  int64_t started_ms() const { return started_ms_; }
  // Where it listens; the first one's port is the port in use.
  const std::vector<std::unique_ptr<Acceptor>>& acceptors() const { return acceptors_; }

  // Writes to the log, if the level is one that `loglevel` lets through.
  void Log(LogLevel level, const std::string& line);

  MonitorList& monitors() { return monitors_; }
  ClientPause& pause() { return pause_; }

  // Whether the peer of `handle` is a program of this machine, or gone already.
  bool IsFromHere(Handle handle);

  // Whether keys are removed when they expire, though nobody asks for them; true unless a test wants it otherwise.
  void set_active_expiry(bool on) { active_expiry_ = on; }

  // To be called when requests were executed: starts in the background what they left to do.
  void AfterRequests() {
    if (!reclaimer_.empty()) [[unlikely]] {
      loop().RunSoon(reclaim_);
    }
  }

 private:
  // Frees a bounded part of what was given up, each turn until nothing is left.
  class ReclaimTask final : public Task {
   public:
    explicit ReclaimTask(Server& server) : server_(server) {}

   private:
    void Run() override;
    Server& server_;
  };
  // Looks for expired keys in a bounded part of the databases, each turn until the tick's share is done.
  class ExpireTask final : public Task {
   public:
    explicit ExpireTask(Server& server) : server_(server) {}
    void StartTick();

   private:
    void Run() override;
    Server& server_;
    size_t database_ = 0;      // whose turn it is
    size_t buckets_left_ = 0;  // of the tick's share
    size_t databases_left_ = 0;
  };

  void OnExpired(std::string_view key) override;
  Status Listen();
  void Accept(Handle handle);
  void Refuse(Handle handle, std::string_view error);
  Status OnConfigChanged(std::string_view name);
  Status RaiseHandleLimit();
  void RunCron();
  void CheckSessions();
  void ResumeSessions();

  World world_;
  Config config_;
  Stats stats_;
  CommandTable commands_;
  Reclaimer reclaimer_;
  std::vector<std::unique_ptr<Database>> databases_;
  RequestBatch batch_;
  EarlyRequests early_requests_;
  ConnectionContext connections_;
  MonitorList monitors_;
  SessionList sessions_;
  std::vector<std::unique_ptr<Acceptor>> acceptors_;
  Timer cron_;
  ClientPause pause_;
  ReclaimTask reclaim_{*this};
  ExpireTask expire_{*this};
  bool active_expiry_ = true;
  int64_t ticks_ = 0;  // of the cron
  std::string run_id_;
  int64_t started_ms_;
  uint64_t next_session_id_ = 1;
};

}  // namespace reprise

#endif  // REPRISE_SERVER_SERVER_H_
