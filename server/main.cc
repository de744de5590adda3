// reprise-server: the server on the operating system.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "backends/native_poller.h"
#include "backends/posix_clock.h"
#include "backends/posix_entropy.h"
#include "backends/posix_network.h"
#include "backends/posix_process.h"
#include "server/config.h"
#include "server/server.h"
#include "server/version.h"

namespace reprise {
namespace {

constexpr const char* kUsage =
    "Usage: reprise-server [/path/to/reprise.conf] [--name value ...]\n"
    "       reprise-server - (the configuration is read from standard input)\n"
    "       reprise-server -v | --version\n"
    "       reprise-server -h | --help\n"
    "\n"
    "Parameters have the names and values of redis.conf, for example:\n"
    "       reprise-server --port 7777 --requirepass secret\n";

int Fail(const std::string& line) {
  fmt::print(stderr, "reprise-server: {}\n", line);
  return 1;
}

Result<std::string> ReadFile(std::string_view path) {
  std::ifstream file;
  std::istream* in = &file;
  if (path == "-") {
    path = "/dev/stdin";
  }
  file.open(std::string(path), std::ios::binary);
  if (!*in) {
    return Status(ErrorCode::kNotFound, fmt::format("can't open config file '{}'", path));
  }
  return std::string(std::istreambuf_iterator<char>(*in), {});
}

// Raises the limit of open files to what `maxclients` asks for, or else lowers `maxclients` to what the limit allows,
// as redis-server does. Errors: kTooManyHandles, there would be no client left.
Status FitHandleLimit(Config& config, Process& process) {
  const int64_t before = process.HandleLimit();
  const int64_t asked = config.values().maxclients;
  const int64_t wanted = asked + Server::kReservedHandles;
  const int64_t got = process.RaiseHandleLimit(wanted);
  const int64_t maxclients = std::min(asked, got - Server::kReservedHandles);
  if (maxclients < 1) {
    return Status(ErrorCode::kTooManyHandles,
                  fmt::format("the limit of open files is {}, too low for any client; maxclients {} needs {}", got,
                              asked, wanted));
  }
  if (config.values().loglevel <= LogLevel::kNotice) {
    process.Log(LogLevel::kNotice,
                fmt::format("The limit of open files is {} (it was {}): maxclients is {}.", got, before, maxclients));
  }
  if (maxclients < asked) {
    process.Log(LogLevel::kWarning, fmt::format("maxclients {} needs a limit of {} open files, which the operating "
                                                "system refuses: reduced to {}. Raise 'ulimit -n' for more.",
                                                asked, wanted, maxclients));
    const std::string text = std::to_string(maxclients);
    const std::array<std::string_view, 1> words = {text};
    CHECK(config.SetAtStart("maxclients", words).ok());
  }
  return Status::Ok();
}

int Run(Config config) {
  PosixClock clock;
  PosixEntropy entropy;
  SocketErrors socket_errors;
  PosixNetwork network(&socket_errors);
  Result<std::unique_ptr<PosixProcess>> process = PosixProcess::Create(config.values().logfile, kNativePollerName);
  if (!process.ok()) {
    return Fail(fmt::format("can't open the log file: {}", process.status().ToString()));
  }
  Result<std::unique_ptr<NativePoller>> poller = NativePoller::Create(clock, &socket_errors);
  if (!poller.ok()) {
    return Fail(fmt::format("can't create the poller: {}", poller.status().ToString()));
  }
  const std::array<int, 2> signals = {SIGTERM, SIGINT};
  if (Status status = poller.value()->StopOnSignals(signals); !status.ok()) {
    return Fail(fmt::format("can't watch for signals: {}", status.ToString()));
  }
  // Neither a terminal that goes away nor a log that nobody reads any more ends the server.
  std::signal(SIGHUP, SIG_IGN);
  std::signal(SIGPIPE, SIG_IGN);
  if (Status status = FitHandleLimit(config, *process.value()); !status.ok()) {
    return Fail(status.detail());
  }

  EventLoop loop(*poller.value(), clock);
  Server server(World{loop, network, entropy, *process.value()}, std::move(config));
  if (Status status = server.Start(); !status.ok()) {
    return Fail(status.detail());
  }
  server.Log(LogLevel::kNotice,
             fmt::format("Reprise {} started, process id {}.", kRepriseVersion, process.value()->Id()));
  for (const std::unique_ptr<Acceptor>& acceptor : server.acceptors()) {
    server.Log(LogLevel::kNotice, fmt::format("Ready to accept connections on {}", acceptor->address().ToString()));
  }
  loop.Run();
  return 0;
}

int Main(std::vector<std::string_view> args) {
  if (args.size() == 1 && (args[0] == "-h" || args[0] == "--help")) {
    fmt::print("{}", kUsage);
    return 0;
  }
  if (args.size() == 1 && (args[0] == "-v" || args[0] == "--version")) {
    fmt::print("Reprise server v={} bits={}\n", kRepriseVersion, sizeof(void*) * 8);
    return 0;
  }
  Config config;
  if (Status status = config.ParseCommandLine(args, ReadFile); !status.ok()) {
    return Fail(status.detail());
  }
  return Run(std::move(config));
}

}  // namespace
}  // namespace reprise

int main(int argc, char** argv) { return reprise::Main(std::vector<std::string_view>(argv + 1, argv + argc)); }
