#include "server/start_up.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>

#include "loop/check.h"
#include "server/server.h"
#include "server/version.h"

namespace reprise {
namespace {

bool IsAddress(const std::string& name) { return name == "*" || name == "::*" || Address::FromIp(name, 0).ok(); }

void LowerMaxclients(Config& config, int64_t maxclients, StartNotes& notes) {
  const int64_t asked = config.values().maxclients;
  notes.Add(LogLevel::kWarning,
            fmt::format("maxclients {} needs a limit of {} open files, which the operating system refuses: reduced to "
                        "{}. Raise 'ulimit -n' for more.",
                        asked, asked + Server::kReservedHandles, maxclients));
  const std::string text = std::to_string(maxclients);
  const std::array<std::string_view, 1> words = {text};
  CHECK(config.SetAtStart("maxclients", words).ok());
}

}  // namespace

Status FitHandleLimit(Config& config, Process& process, StartNotes& notes) {
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
  notes.Add(LogLevel::kNotice,
            fmt::format("The limit of open files is {} (it was {}): maxclients is {}.", got, before, maxclients));
  if (maxclients < asked) {
    LowerMaxclients(config, maxclients, notes);
  }
  return Status::Ok();
}

Status ResolveBindNames(Config& config, const HostLookup& look_up) {
  std::vector<std::string> items;
  for (const std::string& item : config.values().bind) {
    const bool optional = item.starts_with('-');
    const std::string name = item.substr(optional ? 1 : 0);
    if (IsAddress(name)) {
      items.push_back(item);
      continue;
    }
    const Result<std::string> address = look_up(name);
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

void LogStart(Server& server, const StartNotes& notes) {
  for (const StartNotes::Note& note : notes.all()) {
    server.Log(note.level, note.line);
  }
  server.Log(LogLevel::kNotice,
             fmt::format("Reprise {} started, process id {}.", kRepriseVersion, server.world().process.Id()));
  for (const std::unique_ptr<Acceptor>& acceptor : server.acceptors()) {
    server.Log(LogLevel::kNotice, fmt::format("Ready to accept connections on {}", acceptor->address().ToString()));
  }
}

}  // namespace reprise
