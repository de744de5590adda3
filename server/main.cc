// reprise-server: the server on the operating system.
#include <fmt/format.h>

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
#include "server/start_up.h"
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

Status Failure(std::string_view what, const Status& why) {
  return Status(why.code(), fmt::format("{}: {}", what, why.ToString()));
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

// The server with all of the operating system that it needs, in the order in which it comes to be.
class Program {
 public:
  explicit Program(Config config) : config_(std::move(config)), network_(&socket_errors_) {}

  // Serves until the end. Errors: the start failed; the detail is one line for people.
  Status Run();

 private:
  Status Prepare();
  Status Detach();
  Status CreatePoller();
  Status Serve();

  Config config_;
  StartNotes notes_;
  PosixClock clock_;
  PosixEntropy entropy_;
  SocketErrors socket_errors_;
  PosixNetwork network_;
  std::unique_ptr<PosixProcess> process_;
  std::unique_ptr<NativePoller> poller_;
};

Status Program::Run() {
  for (Status (Program::*step)() : {&Program::Prepare, &Program::Detach, &Program::CreatePoller, &Program::Serve}) {
    if (Status status = (this->*step)(); !status.ok()) {
      return status;
    }
  }
  return Status::Ok();
}

// All that may be wrong and can be told while somebody reads stderr.
Status Program::Prepare() {
  if (Status status = ResolveBindNames(config_, ResolveIpv4); !status.ok()) {
    return status;
  }
  if (Status status = ChangeDirectory(config_); !status.ok()) {
    return status;
  }
  Result<std::unique_ptr<PosixProcess>> process = PosixProcess::Create(config_.values().logfile, kNativePollerName);
  if (!process.ok()) {
    return Failure("can't open the log file", process.status());
  }
  process_ = std::move(process).value();
  return FitHandleLimit(config_, *process_, notes_);
}

Status Program::Detach() { return config_.values().daemonize ? DetachFromTerminal() : Status::Ok(); }

// Only now: a poller is not shared with a child.
Status Program::CreatePoller() {
  Result<std::unique_ptr<NativePoller>> poller = NativePoller::Create(clock_, &socket_errors_);
  if (!poller.ok()) {
    return Failure("can't create the poller", poller.status());
  }
  poller_ = std::move(poller).value();
  const std::array<int, 2> signals = {SIGTERM, SIGINT};
  if (Status status = poller_->StopOnSignals(signals); !status.ok()) {
    return Failure("can't watch for signals", status);
  }
  // Neither a terminal that goes away nor a log that nobody reads any more ends the server.
  std::signal(SIGHUP, SIG_IGN);
  std::signal(SIGPIPE, SIG_IGN);
  return Status::Ok();
}

Status Program::Serve() {
  for (const std::string& warning : config_.Warnings()) {
    notes_.Add(LogLevel::kWarning, warning);
  }
  EventLoop loop(*poller_, clock_);
  Server server(World{loop, network_, entropy_, *process_}, std::move(config_));
  Status status = server.Start();
  if (status.ok() && server.acceptors().empty()) {
    status =
        Status(ErrorCode::kInvalidArgument, "there is nothing to listen on: no port, no address and no unixsocket");
  }
  if (!status.ok()) {
    if (server.values().daemonize) {
      server.Log(LogLevel::kWarning, status.detail());  // nobody would read it elsewhere
    }
    return status;
  }
  std::optional<PidFile> pid_file;
  if (const std::string& path = server.values().pidfile; !path.empty()) {
    pid_file.emplace(path);
    if (!pid_file->written()) {
      server.Log(LogLevel::kWarning, fmt::format("Failed to write PID file: {}", path));
    }
  }
  LogStart(server, notes_);
  loop.Run();
  return Status::Ok();
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
  Status status = config.ParseCommandLine(args, ReadFile);
  if (status.ok()) {
    status = Program(std::move(config)).Run();
  }
  if (!status.ok()) {
    fmt::print(stderr, "reprise-server: {}\n", status.detail());
  }
  return status.ok() ? 0 : 1;
}

}  // namespace
}  // namespace reprise

int main(int argc, char** argv) { return reprise::Main(std::vector<std::string_view>(argv + 1, argv + argc)); }
