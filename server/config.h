// Config: the server's parameters, with redis.conf's names, defaults and syntax.
//
// A value is parsed and checked where it is set; the rest of the server reads plain members. What another part must do
// when a value changes is told to the ConfigObserver.
#ifndef REPRISE_SERVER_CONFIG_H_
#define REPRISE_SERVER_CONFIG_H_

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "loop/process.h"
#include "loop/status.h"

namespace reprise {

// A class's limit of unsent output (client-output-buffer-limit).
struct OutputLimit {
  uint64_t hard_bytes = 0;  // more than this ends the connection; 0: no limit
  uint64_t soft_bytes = 0;  // more than this for soft_seconds does as well
  int64_t soft_seconds = 0;
};

enum class ClientClass : uint8_t { kNormal, kReplica, kPubsub };

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
  int64_t hz = 10;
  bool protected_mode = true;
};

class Config {
 public:
  Config();

  const ConfigValues& values() const { return values_; }

  // Sets a parameter at start, from the command line or a file; `words` as in redis.conf behind the name.
  // Errors: kInvalidArgument with a text for people.
  Status SetAtStart(std::string_view name, std::span<const std::string_view> words);
  // Reads "--port 7000 --requirepass x", and a configuration file as the first argument, as redis-server does.
  // `read_file` gives a file's text, or an error. `args` is without the program's name.
  Status ParseCommandLine(std::span<const std::string_view> args,
                          const std::function<Result<std::string>(std::string_view path)>& read_file);

  // CONFIG SET: all of `pairs` or none. The Status's detail is the reply's text without "ERR ".
  Status SetAtRunTime(std::span<const std::pair<std::string_view, std::string_view>> pairs);
  // CONFIG GET: names matching any of the patterns, with their values.
  std::vector<std::pair<std::string, std::string>> Get(std::span<const std::string_view> patterns) const;

  // Called after a change at run time has taken place, with the parameter's name. May refuse it (a port that is taken):
  // then it is taken back, and the Status's detail goes into the reply.
  void OnChanged(std::function<Status(std::string_view name)> observer) { observer_ = std::move(observer); }

 private:
  ConfigValues values_;
  std::function<Status(std::string_view)> observer_;
};

}  // namespace reprise

#endif  // REPRISE_SERVER_CONFIG_H_
