// Config: the server's parameters, with redis.conf's names, defaults and syntax.
//
// A value is parsed and checked where it is set; the rest of the server reads plain members. What another part must do
// when a value changes is told to the observer. Owns its values; reads no file by itself.
#ifndef REPRISE_SERVER_CONFIG_H_
#define REPRISE_SERVER_CONFIG_H_

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "loop/status.h"
#include "server/config_fixed.h"
#include "server/config_values.h"

namespace reprise {

class Config {
 public:
  using ReadFile = std::function<Result<std::string>(std::string_view path)>;

  Config() = default;

  const ConfigValues& values() const { return values_; }
  // The configuration file that the command line named, "-" for standard input, empty: none.
  const std::string& file_path() const { return file_path_; }

  // Sets a parameter at start, from the command line or a file; `words` as in redis.conf behind the name.
  // Errors: kInvalidArgument with a text for people. What isn't supported is refused.
  Status SetAtStart(std::string_view name, std::span<const std::string_view> words);
  // Reads "--port 7000 --requirepass x", and a configuration file as the first argument, as redis-server does.
  // `read_file` gives a file's text, or an error; the path "-" stands for standard input. `args` is without the
  // program's name. Errors: as SetAtStart; the detail is one line that names file, line and reason. What redis.conf may
  // say and this server doesn't do is refused, warned of, or taken in silence (see FixedRule); what comes last counts.
  Status ParseCommandLine(std::span<const std::string_view> args, const ReadFile& read_file);

  // Lines for the log: what was asked for and isn't done, though the server starts.
  std::vector<std::string> Warnings() const;

  // CONFIG SET: all of `pairs` or none. The Status's detail is the reply's text without "ERR ".
  Status SetAtRunTime(std::span<const std::pair<std::string_view, std::string_view>> pairs);
  // CONFIG GET: names matching any of the patterns, each once, with their values. A name that was given as it is comes
  // back as it was spelt.
  std::vector<std::pair<std::string, std::string>> Get(std::span<const std::string_view> patterns) const;

  // Called after a change at run time has taken place, with the parameter's name. May refuse it (a port that is taken):
  // then all changes of the same CONFIG SET are taken back, the observer is told of those it had accepted, and the
  // Status's detail goes into the reply.
  void OnChanged(std::function<Status(std::string_view name)> observer) { observer_ = std::move(observer); }

 private:
  // Something that was asked for and isn't done.
  struct Complaint {
    const FixedRule* about = nullptr;
    bool refused = false;
    std::string line;
  };
  // What the reason is put after: the place where the words stand.
  using Located = std::function<std::string(std::string_view reason)>;

  Status Take(std::string_view name, std::span<const std::string_view> words, const Located& located);
  void Note(const FixedRule& rule, std::string_view value, const Located& located);
  Status Load(std::string_view path, const ReadFile& read_file, int depth);
  Status Announce(const std::vector<std::string_view>& changed, const ConfigValues& former);

  ConfigValues values_;
  std::string file_path_;
  std::vector<Complaint> complaints_;  // one about a rule, in the order in which they came up
  std::function<Status(std::string_view)> observer_;
};

}  // namespace reprise

#endif  // REPRISE_SERVER_CONFIG_H_
