// reprise-server: the server on the operating system.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "backends/daemon.h"
#include "backends/host_names.h"
#include "backends/native_poller.h"
#include "backends/posix_clock.h"
#include "backends/posix_entropy.h"
#include "backends/posix_network.h"
#include "backends/posix_process.h"
#include "backends/text_file.h"
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

// A pattern, as in `include conf.d/*.conf`, becomes a text that includes each of its files.
Result<std::string> ReadFile(std::string_view path) {
  if (path == "-") {
    return ReadTextFile("/dev/stdin");
  }
  if (path.find_first_of("*?[") == std::string_view::npos) {
    return ReadTextFile(std::string(path));
  }
  std::string text;
  for (const std::string& file : FilesLike(std::string(path))) {
    text += "include \"";
    for (const char c : file) {
      text += c == '"' || c == '\\' ? std::string{'\\', c} : std::string{c};
    }
    text += "\"\n";
  }
  return text;
}

// What is to be said of the start, once it has succeeded: a failure is one line, on stderr.
struct Note {
  LogLevel level;
  std::string line;
};

// Raises the limit of open files to what `maxclients` asks for, or else lowers `maxclients` to what the limit allows,
// as redis-server does. Errors: kTooManyHandles, there would be no client left.
Status FitHandleLimit(Config& config, Process& process, std::vector<Note>& notes) {
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
  notes.push_back({LogLevel::kNotice, fmt::format("The limit of open files is {} (it was {}): maxclients is {}.", got,
                                                  before, maxclients)});
  if (maxclients < asked) {
    notes.push_back({LogLevel::kWarning, fmt::format("maxclients {} needs a limit of {} open files, which the "
                                                     "operating system refuses: reduced to {}. Raise 'ulimit -n' for "
                                                     "more.",
                                                     asked, wanted, maxclients)});
    const std::string text = std::to_string(maxclients);
    const std::array<std::string_view, 1> words = {text};
    CHECK(config.SetAtStart("maxclients", words).ok());
  }
  return Status::Ok();
}

// A name in `bind` becomes its address here, once: to ask for it later would hold up everybody.
Status ResolveBindNames(Config& config) {
  std::vector<std::string> items;
  for (const std::string& item : config.values().bind) {
    const bool optional = item.starts_with('-');
    const std::string name = item.substr(optional ? 1 : 0);
    if (name == "*" || name == "::*" || Address::FromIp(name, 0).ok()) {
      items.push_back(item);
      continue;
    }
    const Result<std::string> address = ResolveIpv4(name);
    if (address.ok()) {
      items.push_back((optional ? "-" : "") + address.value());
    } else if (!optional) {
      return Status(address.status().code(), fmt::format("could not listen on {}:{}: {}", name, config.values().port,
                                                         address.status().detail()));
    }
  }
  const std::vector<std::string_view> words(items.begin(), items.end());
  return items == config.values().bind ? Status::Ok() : config.SetAtStart("bind", words);
}

// Paths count from `dir`, so that comes before anything is opened.
Status ChangeDirectory(Config& config) {
  std::error_code error;
  if (const std::string& dir = config.values().dir; !dir.empty()) {
    std::filesystem::current_path(dir, error);
    if (error) {
      return Status(ErrorCode::kNotFound, fmt::format("can't chdir to '{}': {}", dir, error.message()));
    }
  }
  const std::string here = std::filesystem::current_path(error).string();
  const std::array<std::string_view, 1> words = {here};
  return config.SetAtStart("dir", words);
}

int Run(Config config) {
  for (Status (*step)(Config&) : {&ResolveBindNames, &ChangeDirectory}) {
    if (const Status status = step(config); !status.ok()) {
      return Fail(status.detail());
    }
  }
  PosixClock clock;
  PosixEntropy entropy;
  SocketErrors socket_errors;
  PosixNetwork network(&socket_errors);
  Result<std::unique_ptr<PosixProcess>> process = PosixProcess::Create(config.values().logfile, kNativePollerName);
  if (!process.ok()) {
    return Fail(fmt::format("can't open the log file: {}", process.status().ToString()));
  }
  std::vector<Note> notes;
  if (Status status = FitHandleLimit(config, *process.value(), notes); !status.ok()) {
    return Fail(status.detail());
  }
  // From here on nobody sees stderr, and a poller is not shared with a child.
  if (config.values().daemonize) {
    if (Status status = DetachFromTerminal(); !status.ok()) {
      return Fail(status.detail());
    }
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
  for (const std::string& warning : config.Warnings()) {
    notes.push_back({LogLevel::kWarning, warning});
  }

  EventLoop loop(*poller.value(), clock);
  Server server(World{loop, network, entropy, *process.value()}, std::move(config));
  if (Status status = server.Start(); !status.ok()) {
    if (server.values().daemonize) {
      server.Log(LogLevel::kWarning, status.detail());  // nobody would read it elsewhere
    }
    return Fail(status.detail());
  }
  if (server.acceptors().empty()) {
    return Fail("there is nothing to listen on: no port, no address and no unixsocket");
  }
  std::optional<PidFile> pid_file;
  if (const std::string& path = server.values().pidfile; !path.empty()) {
    pid_file.emplace(path);
    if (!pid_file->written()) {
      server.Log(LogLevel::kWarning, fmt::format("Failed to write PID file: {}", path));
    }
  }
  for (const Note& note : notes) {
    server.Log(note.level, note.line);
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
