// Generator: makes scripts.
//
// Which commands there are, how many arguments they take and which of these are keys is read from the server's
// CommandTable, so a new command is in the next run by itself: with arguments by its arity and key positions, or better
// ones where recipes.cc has a recipe for it.
#ifndef REPRISE_PROPTESTS_WORKLOAD_GENERATOR_H_
#define REPRISE_PROPTESTS_WORKLOAD_GENERATOR_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "proptests/workload/draw.h"
#include "proptests/workload/script.h"
#include "server/commands/command_table.h"

namespace reprise {

// What a script is to be like.
struct ScriptShape {
  uint32_t clients_min = 1;
  uint32_t clients_max = 5;
  uint32_t operations_min = 5;  // of each client
  uint32_t operations_max = 40;
  uint32_t keys_weights[kKeysCount] = {4, 4, 1};
  uint32_t temper_weights[kTemperCount] = {4, 5, 1, 1, 2, 3, 2, 2};
  bool free_order = true;  // commands whose replies depend on more than the requests: KEYS, SCAN, RANDOMKEY, TIME
  bool audit = true;
};

// What the words of a request are drawn from.
struct WordChoice {
  Keys keys = Keys::kOwn;
  uint32_t client = 0;
  int64_t now_ms = 0;       // about when the run begins, for absolute expiries
  bool long_values = true;  // now and then a value of tens of kilobytes
  bool free_order = true;
};

class Generator {
 public:
  // Borrows both.
  Generator(Draw& draw, const CommandTable& commands, int64_t now_ms);

  Script MakeScript(const ScriptShape& shape);
  // Adds so many clients that all connect at one moment that a server can't accept them in one turn.
  void AddCrowd(Script& script);
  ScriptClient MakeClient(const ScriptShape& shape, uint32_t id, Keys keys, Temper temper);

  // One request of a client that uses its own keys, keys shared with others, or anything.
  std::vector<std::string> OwnRequest(const WordChoice& choice);
  std::vector<std::string> SharedRequest(const WordChoice& choice, uint32_t number);
  std::vector<std::string> BlindRequest(const WordChoice& choice);
  // A request for a command or subcommand that no server has (kUnknownPrefix).
  std::vector<std::string> UnknownRequest(const WordChoice& choice);
  // A request that changes or shows what the server knows of its clients.
  std::vector<std::string> ClientRequest(const WordChoice& choice);
  // A request for this very command or subcommand.
  std::vector<std::string> RequestFor(const CommandEntry& entry, const WordChoice& choice);

  // Commands that are left out of random requests, each for a reason that recipes.cc gives.
  static bool LeftOut(const CommandEntry& entry);

  std::string Key(const WordChoice& choice);
  std::string Value(const WordChoice& choice);
  std::string Number();
  Draw& draw() { return draw_; }

 private:
  using AskFunction = std::function<void(std::vector<std::string>)>;

  Operation MakeBroken();
  std::vector<std::string> BulkRequest(uint64_t deletions_of_6 = 2);
  // scenes.cc
  static AskFunction AskerOf(ScriptClient& client);
  void AddFlood(ScriptClient& client);
  void AddWalk(ScriptClient& client);
  void AddLarge(ScriptClient& client);
  void AddPauses(ScriptClient& client, const WordChoice& choice);
  void AddExpired(ScriptClient& client);
  void AddFacts(ScriptClient& client);
  std::string ChangeInOneWay(const std::string& key, const AskFunction& ask);
  void AddFlushAll(ScriptClient& client);
  std::vector<std::string> LargeWrite(const std::string& key, std::string value);
  std::vector<std::string> MeetExpired(const std::string& gone, const std::string& stays, size_t database);
  void AddEcho(ScriptClient& client);
  void AddAudit(ScriptClient& client);
  void Number(std::vector<Operation>& operations);
  std::vector<std::string> AnyArguments(const CommandEntry& entry, const WordChoice& choice);

  Draw& draw_;
  int64_t now_ms_;
  std::vector<const CommandEntry*> own_;         // what the model knows
  std::vector<const CommandEntry*> own_client_;  // of that, subcommands of CLIENT
  std::vector<const CommandEntry*> blind_;       // everything that is not left out
  std::vector<const CommandEntry*> telling_;
};

// Keys that random requests of one client are about.
inline constexpr size_t kKeyPool = 8;
std::string PoolKey(size_t index);
inline constexpr size_t kSharedKeys = 4;
std::string SharedKey(size_t index);

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_WORKLOAD_GENERATOR_H_
