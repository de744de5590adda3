// ConfigValues: what the parameters are set to, ready to be read.
#ifndef REPRISE_SERVER_CONFIG_VALUES_H_
#define REPRISE_SERVER_CONFIG_VALUES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "loop/process.h"

namespace reprise {

// A class's limit of unsent output (client-output-buffer-limit).
struct OutputLimit {
  uint64_t hard_bytes = 0;  // more than this ends the connection; 0: no limit
  uint64_t soft_bytes = 0;  // more than this for soft_seconds does as well
  int64_t soft_seconds = 0;
};

enum class ClientClass : uint8_t { kNormal, kReplica, kPubsub };

// Who may use DEBUG; kLocal: clients of this machine.
enum class DebugAccess : uint8_t { kNo, kYes, kLocal };

struct ConfigValues {
  std::vector<std::string> bind = {"*", "-::*"};
  int64_t port = 6379;
  std::string unixsocket;
  uint32_t unixsocketperm = 0;
  int64_t tcp_backlog = 511;
  int64_t tcp_keepalive_s = 300;
  int64_t timeout_s = 0;  // an idle client is closed after so long; 0: never
  int64_t databases = 16;
  int64_t maxclients = 10000;
  std::string requirepass;  // empty: no password is asked
  int64_t proto_max_bulk_len = int64_t{512} << 20;
  uint64_t client_query_buffer_limit = uint64_t{1} << 30;
  OutputLimit output_limits[3] = {{}, {256ULL << 20, 64ULL << 20, 60}, {32ULL << 20, 8ULL << 20, 60}};
  LogLevel loglevel = LogLevel::kNotice;
  std::string logfile;  // empty: standard output
  bool daemonize = false;
  std::string pidfile;  // empty: none
  std::string dir;      // to be gone to before anything is opened; empty: stay
  int64_t hz = 10;
  bool protected_mode = true;
  DebugAccess debug_access = DebugAccess::kNo;
};

}  // namespace reprise

#endif  // REPRISE_SERVER_CONFIG_VALUES_H_
