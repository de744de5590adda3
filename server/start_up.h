// What is decided before the server is there: how many clients there can be, which addresses a name in `bind` stands
// for, and what is to be told of it all once the start has succeeded (one that fails says one line, and not here).
//
// Everything the operating system does is handed in. Nothing here waits for a client or knows of the loop.
#ifndef REPRISE_SERVER_START_UP_H_
#define REPRISE_SERVER_START_UP_H_

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "loop/process.h"
#include "loop/status.h"
#include "server/config.h"

namespace reprise {

class Server;

// Lines for the log, in the order in which they were said.
class StartNotes {
 public:
  struct Note {
    LogLevel level;
    std::string line;
  };

  void Add(LogLevel level, std::string line) { notes_.push_back({level, std::move(line)}); }
  const std::vector<Note>& all() const { return notes_; }

 private:
  std::vector<Note> notes_;
};

// Raises the limit of open files to what `maxclients` asks for, or else lowers `maxclients` to what the limit allows,
// as redis-server does. Errors: kTooManyHandles, there would be no client left.
[[nodiscard]] Status FitHandleLimit(Config& config, Process& process, StartNotes& notes);

// The address of a host's name, as text, or an error whose detail says why there is none.
using HostLookup = std::function<Result<std::string>(const std::string& name)>;

// A name in `bind` becomes its address here, once: to ask for it later would hold up everybody. One that begins with
// '-' may be unknown, and is left out then. Errors: those of `look_up`, with the name and the port.
[[nodiscard]] Status ResolveBindNames(Config& config, const HostLookup& look_up);

// Tells the notes, and that `server`, which was started, is there.
void LogStart(Server& server, const StartNotes& notes);

}  // namespace reprise

#endif  // REPRISE_SERVER_START_UP_H_
