// What some clients do beside their random requests: sequences that chance would seldom bring about.
#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "proptests/workload/generator.h"
#include "proptests/workload/recipes.h"

namespace reprise {

// More requests in one piece than a server does for one client in a turn.
void Generator::AddFlood(ScriptClient& client) {
  client.window = 2000;
  for (uint64_t i = 1000 + draw_.Below(500); i > 0; --i) {
    Operation operation;
    operation.words = {"incr", PoolKey(1)};
    client.operations.push_back(std::move(operation));
  }
}

// Adds requests to what the client does.
Generator::AskFunction Generator::AskerOf(ScriptClient& client) {
  return [&client](std::vector<std::string> words) {
    Operation operation;
    operation.words = std::move(words);
    client.operations.push_back(std::move(operation));
  };
}

// An iteration over a table that grows and, more often, shrinks meanwhile.
void Generator::AddWalk(ScriptClient& client) {
  const AskFunction ask = AskerOf(client);
  for (int i = 0; i < 4; ++i) {
    ask(BulkRequest(0));
  }
  const uint64_t steps = 8 + draw_.Below(25);
  for (uint64_t i = 0; i < steps; ++i) {
    ask({"scan", i == 0 ? "0" : "{cursor}", "COUNT", std::to_string(draw_.Between(2, 60))});
    if (draw_.Chance(1, 2)) {
      ask(BulkRequest(4));
    }
  }
}

// Values so large that their ends are received in place, among all else that the client does.
void Generator::AddLarge(ScriptClient& client) {
  for (uint64_t i = 2 + draw_.Below(4); i > 0; --i) {
    const std::string key = PoolKey(draw_.Below(kKeyPool));
    const uint64_t bytes = 100'000 + draw_.Below(60'000);
    std::vector<Operation> operations(3);
    operations[0].words = LargeWrite(key, std::string(bytes, 'M'));
    operations[1].words = {"getrange", key, "-5", "-1"};
    operations[2].words = {"pexpiretime", key};
    if (draw_.Chance(1, 2)) {
      // Beyond its end, twice: the gaps are zeros, whatever the memory was before.
      const uint64_t gap = draw_.Below(60);
      for (const uint64_t offset : {bytes + gap, bytes + gap + draw_.Below(200)}) {
        operations.emplace_back().words = {"setrange", key, std::to_string(offset), "end"};
      }
      operations.emplace_back().words = {"getrange", key, "-300", "-1"};
    }
    const uint64_t at = draw_.Below(client.operations.size() + 1);
    client.operations.insert(client.operations.begin() + static_cast<std::ptrdiff_t>(at),
                             std::make_move_iterator(operations.begin()), std::make_move_iterator(operations.end()));
  }
}

std::vector<std::string> Generator::LargeWrite(const std::string& key, std::string value) {
  switch (draw_.Below(5)) {
    case 1:
      return {"set", key, std::move(value), "EX", "1000"};
    case 2:
      return {"setex", key, "2000", std::move(value)};
    case 3:
      return {"getset", key, std::move(value)};
    case 4:
      return {"set", key, std::move(value), "KEEPTTL", "GET"};
    default:
      return {"set", key, std::move(value)};
  }
}

// Keys whose time is over, and that nobody has met yet, among others: commands find them in each of their places.
void Generator::AddExpired(ScriptClient& client) {
  const AskFunction ask = AskerOf(client);
  const size_t database = FirstDatabase(client.id);
  for (uint64_t round = 1 + draw_.Below(3); round > 0; --round) {
    const std::string gone = PoolKey(draw_.Below(kKeyPool));
    const std::string stays = PoolKey(draw_.Below(kKeyPool));
    const bool most_go = draw_.Chance(1, 6);
    const bool elsewhere = !most_go && draw_.Chance(1, 4);
    if (most_go) {
      for (size_t key = 0; key < kKeyPool; ++key) {
        ask({"set", PoolKey(key), "v", "PX", PoolKey(key) == stays ? "1000000" : "1"});
      }
    } else if (elsewhere) {
      ask({"select", std::to_string(database + 1)});
      ask({"psetex", gone, "1", "elsewhere"});
      ask({"select", std::to_string(database)});
      ask({"set", gone, "mover"});
    } else {
      ask({"set", stays, "stayer"});
      ask({"psetex", gone, std::to_string(draw_.Between(1, 3)), "goer"});
    }
    for (uint64_t pause = 3 + draw_.Below(8); pause > 0; --pause) {
      ask({"ping"});
    }
    if (most_go) {
      ask({"randomkey"});
    }
    if (elsewhere && draw_.Chance(3, 4)) {
      ask({"move", gone, std::to_string(database + 1)});
    } else {
      ask(MeetExpired(gone, stays, database));
    }
  }
}

// What becomes of the facts beside the value, its expiry and how it is held, when a key is changed in one way.
void Generator::AddFacts(ScriptClient& client) {
  const AskFunction ask = AskerOf(client);
  static constexpr std::array<std::string_view, 5> kMade = {"set", "append", "setrange", "incrbyfloat", "copy"};
  for (uint64_t round = 1 + draw_.Below(3); round > 0; --round) {
    const std::string key = PoolKey(draw_.Below(kKeyPool));
    ask({"set", key, std::to_string(draw_.Between(9990, 10'010))});
    const std::string_view made = draw_.OneOf(kMade);
    if (made == "append" || made == "incrbyfloat") {
      ask({std::string(made), key, "1"});
    } else if (made == "setrange") {
      ask({"setrange", key, "0", "7"});
    } else if (made == "copy") {
      ask({"copy", key, "fact", "REPLACE"});
      ask({"rename", "fact", key});
    }
    const uint64_t expiry = draw_.Below(4);
    if (expiry == 1) {
      // In the middle of a second, where it is told to which it is nearer.
      ask({"pexpireat", key, std::to_string(now_ms_ / 1000 * 1000 + 5'000'499 + draw_.Between(0, 2))});
      ask({"expiretime", key});
    } else if (expiry > 1) {
      ask({"expire", key, "5000"});
    }
    const std::string changed = ChangeInOneWay(key, ask);
    ask({"pexpiretime", changed});
    ask({"object", "encoding", changed});
    ask({"object", "refcount", changed});
  }
}

// Answers where the key is then.
std::string Generator::ChangeInOneWay(const std::string& key, const AskFunction& ask) {
  static constexpr std::array<std::string_view, 6> kBare = {"getex", "incr", "get", "persist", "touch", "strlen"};
  switch (draw_.Below(9)) {
    case 0:
      ask({"append", key, draw_.Chance(1, 2) ? "" : "1"});
      return key;
    case 1:
      ask({"setrange", key, "0", draw_.Chance(1, 2) ? "" : "4"});
      return key;
    case 2:
      ask({"set", key, "12345", draw_.Chance(1, 2) ? "KEEPTTL" : "GET"});
      return key;
    case 3: {
      static constexpr std::array<std::string_view, 3> kValues = {"5", "text", "123456789012345678901"};
      ask({"getset", key, std::string(draw_.OneOf(kValues))});
      return key;
    }
    case 4:
      ask({"incrbyfloat", key, "0.5"});
      return key;
    case 5:
      ask({"rename", key, "fact"});
      return "fact";
    case 6:
      ask({"copy", key, "fact", "REPLACE"});
      return "fact";
    case 7: {
      static constexpr std::array<std::string_view, 4> kConditions = {"NX", "XX", "GT", "LT"};
      ask({"expire", key, draw_.Chance(1, 2) ? "4000" : "6000", std::string(draw_.OneOf(kConditions))});
      return key;
    }
    default:
      ask({std::string(draw_.OneOf(kBare)), key});
      return key;
  }
}

std::vector<std::string> Generator::MeetExpired(const std::string& gone, const std::string& stays, size_t database) {
  switch (draw_.Below(10)) {
    case 0:
      return {"copy", stays, gone};
    case 1:
      return {"lcs", stays, gone};
    case 2:
      return {"lcs", gone, stays, "LEN"};
    case 3:
      return {draw_.Chance(1, 2) ? "rename" : "renamenx", stays, gone};
    case 4:
      return {"move", gone, std::to_string(database + 1)};
    case 5:
      return {"copy", gone, gone, "DB", std::to_string(database + 1)};
    case 6:
      return {"msetnx", "new", "v", gone, "v"};
    case 7:
      return {"mget", stays, gone, stays};
    case 8:
      return {"swapdb", std::to_string(database), std::to_string(database + 1)};
    default: {
      static constexpr std::array<std::string_view, 8> kAlone = {"get",    "incr", "persist", "exists",
                                                                 "getdel", "pttl", "type",    "strlen"};
      if (draw_.Chance(1, 2)) {
        return {std::string(draw_.OneOf(kAlone)), gone};
      }
      static constexpr std::array<std::string_view, 6> kWithValue = {"set",    "setnx",  "append",
                                                                     "getset", "incrby", "expire"};
      return {std::string(draw_.OneOf(kWithValue)), gone, std::to_string(draw_.Between(1, 99))};
    }
  }
}

// What would be others' keys as well, were there any others.
void Generator::AddFlushAll(ScriptClient& client) {
  Operation flush;
  flush.words = {"flushall"};
  const auto audit = std::find_if(client.operations.begin(), client.operations.end(),
                                  [](const Operation& operation) { return operation.audit; });
  const auto before_audit = static_cast<uint64_t>(audit - client.operations.begin());
  const auto at = static_cast<std::ptrdiff_t>(draw_.Below(before_audit + 1));
  client.operations.insert(client.operations.begin() + at, std::move(flush));
  Number(client.operations);
}

// A reply that has not left when the client has already ended its direction.
void Generator::AddEcho(ScriptClient& client) {
  Operation echo;
  echo.words = {"echo", std::string(4'500 + draw_.Below(4'000), 'e')};
  const uint64_t at = draw_.Below(client.operations.size() + 1);
  client.operations.insert(client.operations.begin() + static_cast<std::ptrdiff_t>(at), std::move(echo));
}

// Several pauses for everybody, so that some begin before others are over.
void Generator::AddPauses(ScriptClient& client, const WordChoice& choice) {
  for (uint64_t i = 3 + draw_.Below(5); i > 0; --i) {
    Operation pause;
    pause.words = {"client", "pause"};
    FindRecipe("client|pause")(RecipeContext{*this, draw_, choice}, pause.words);
    const uint64_t at = draw_.Below(client.operations.size() + 1);
    client.operations.insert(client.operations.begin() + static_cast<std::ptrdiff_t>(at), std::move(pause));
  }
}

}  // namespace reprise
