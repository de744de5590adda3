#include "proptests/workload/generator.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "proptests/model/model.h"
#include "proptests/workload/recipes.h"

namespace reprise {
namespace {

// Bytes that are no request, and what redis-server says to them.
struct Broken {
  std::string_view bytes;
  std::string_view error;
};
constexpr std::array kBroken = std::to_array<Broken>({
    {"*1\r\n+PING\r\n", "ERR Protocol error: expected '$', got '+'"},
    {"*abc\r\n", "ERR Protocol error: invalid multibulk length"},
    {"*2147483648\r\n", "ERR Protocol error: invalid multibulk length"},
    {"*2\r\n$3\r\nGET\r\n$-5\r\n", "ERR Protocol error: invalid bulk length"},
    {"*1\r\n$abc\r\n", "ERR Protocol error: invalid bulk length"},
    {"*1\r\n$99999999999\r\n", "ERR Protocol error: invalid bulk length"},
    {"set \"k0\r\n", "ERR Protocol error: unbalanced quotes in request"},
    {"get 'k0'x\r\n", "ERR Protocol error: unbalanced quotes in request"},
});

constexpr std::array<std::string_view, 12> kSharedCommands = {"get", "set",    "setnx",  "getset", "append", "incr",
                                                              "del", "decrby", "exists", "getdel", "strlen", "set"};

// The name of the longest is one byte longer than what has room in a short entry.
constexpr size_t kLongKeyBytes = 256;
// Of CLIENT: what changes or shows what a server knows of its clients.
constexpr std::array<std::string_view, 5> kTelling = {"getname", "info", "list", "no-evict", "setname"};

bool SkipsInFreeOrder(std::string_view name) {
  return name == "keys" || name == "scan" || name == "randomkey" || name == "time" || name == "dbsize";
}

}  // namespace

std::string PoolKey(size_t index) {
  static constexpr std::array<std::string_view, kKeyPool> kKeys = {
      "k0", "k1", "k2", "k3", std::string_view("k\0\xff", 3), "k 5", "", "k{7}-with-a-longer-name-than-most"};
  std::string key(kKeys[index]);
  key.resize(index + 1 == kKeyPool ? kLongKeyBytes : key.size(), '.');
  return key;
}

std::string SharedKey(size_t index) { return "s" + std::to_string(index); }

Generator::Generator(Draw& draw, const CommandTable& commands, int64_t now_ms) : draw_(draw), now_ms_(now_ms) {
  for (size_t i = 0; i < commands.index_count(); ++i) {
    const CommandEntry& entry = commands.at(i);
    if (!entry.subcommands.empty() || LeftOut(entry)) {
      continue;
    }
    blind_.push_back(&entry);
    const bool of_client = entry.command->parent == "client";
    if (of_client && std::find(kTelling.begin(), kTelling.end(), entry.command->name) != kTelling.end()) {
      telling_.push_back(&entry);
    }
    const bool object_known = entry.FullName() == "object|encoding" || entry.FullName() == "object|refcount";
    if (of_client && Model::KnowsClient(entry.command->name)) {
      own_client_.push_back(&entry);
    } else if (object_known || (entry.command->parent.empty() && Model::Knows(entry.command->name))) {
      own_.push_back(&entry);
    }
  }
}

std::string Generator::Key(const WordChoice& choice) {
  return choice.keys == Keys::kShared ? SharedKey(draw_.Below(kSharedKeys)) : PoolKey(draw_.Below(kKeyPool));
}

std::string Generator::Value(const WordChoice& choice) {
  static constexpr uint32_t kWeights[] = {10, 8, 2, 2, 1, 1};
  static constexpr std::array<std::string_view, 8> kWords = {"abc",  "xaybzc", "hello world", "10.25",
                                                             "\r\n", "aXbXcX", "hello",       "abcXc"};
  switch (draw_.Weighted(kWeights)) {
    case 0:
      return std::to_string(draw_.Between(-100, 1000));
    case 1:
      return std::string(draw_.OneOf(kWords));
    case 2:
      return {};
    case 3: {
      std::string bytes(draw_.Below(20), '\0');
      for (char& byte : bytes) {
        byte = static_cast<char>(draw_.Below(256));
      }
      return bytes;
    }
    case 4:
      return std::string(40 + draw_.Below(500), 'v');
    default:
      if (!choice.long_values || !draw_.Chance(1, 6)) {
        return "1";
      }
      if (!draw_.Chance(1, 4)) {
        return std::string(3'000 + draw_.Below(2'000), 'L');  // on either side of what is held as a block of its own
      }
      // Beyond what is received in one piece: the rest is read to its place, and of the larger ones the very end.
      const uint64_t least = draw_.Chance(1, 2) ? 100'000 : 33'000;
      return std::string(least + draw_.Below(10'000), 'L');
  }
}

std::string Generator::Number() {
  static constexpr std::array<std::string_view, 12> kOdd = {"0",
                                                            "-1",
                                                            "9223372036854775807",
                                                            "-9223372036854775808",
                                                            "9223372036854775808",
                                                            "01",
                                                            "+1",
                                                            " 1",
                                                            "1.5",
                                                            "abc",
                                                            "",
                                                            "536870913"};
  return draw_.Chance(1, 2) ? std::string(draw_.OneOf(kOdd)) : std::to_string(draw_.Between(-1000, 1000));
}

std::vector<std::string> Generator::AnyArguments(const CommandEntry& entry, const WordChoice& choice) {
  const int arity = entry.command->arity;
  const size_t names = entry.command->parent.empty() ? 1 : 2;
  const auto least = static_cast<size_t>(arity < 0 ? -arity : arity);
  const size_t count = arity < 0 ? least + draw_.Below(3) : least;
  std::vector<std::string> words;
  for (size_t i = names; i < count; ++i) {
    const auto index = static_cast<int>(i);
    const int last = entry.last_key < 0 ? static_cast<int>(count) + entry.last_key : entry.last_key;
    const bool is_key = entry.first_key > 0 && index >= entry.first_key && index <= last &&
                        (index - entry.first_key) % std::max(1, entry.key_step) == 0;
    words.push_back(is_key ? Key(choice) : draw_.Chance(1, 3) ? Number() : Value(choice));
  }
  return words;
}

std::vector<std::string> Generator::RequestFor(const CommandEntry& entry, const WordChoice& choice) {
  std::vector<std::string> words;
  if (!entry.command->parent.empty()) {
    words.emplace_back(entry.command->parent);
  }
  words.emplace_back(entry.command->name);
  if (draw_.Chance(1, 8)) {
    std::transform(words[0].begin(), words[0].end(), words[0].begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  }
  const Recipe recipe = FindRecipe(entry.FullName());
  if (recipe != nullptr) {
    recipe(RecipeContext{*this, draw_, choice}, words);
  } else {
    for (std::string& word : AnyArguments(entry, choice)) {
      words.push_back(std::move(word));
    }
  }
  if (draw_.Chance(1, 60)) {
    words.emplace_back("surplus");
  } else if (words.size() > 1 && entry.command->parent.empty() && draw_.Chance(1, 60)) {
    words.pop_back();
  }
  return words;
}

// So many keys that the table grows, or shrinks again, and that an iteration takes several steps.
std::vector<std::string> Generator::BulkRequest(uint64_t deletions_of_6) {
  std::vector<std::string> words = {draw_.Chance(deletions_of_6, 6) ? "del" : "mset"};
  const uint64_t first = draw_.Below(100);
  for (uint64_t i = first + 10 + draw_.Below(60); i > first; --i) {
    words.push_back(fmt::format("b{}", i));
    if (words[0] == "mset") {
      words.push_back(std::to_string(i));
    }
  }
  return words;
}

// What no server knows, with some words behind it, which the error repeats in part.
std::vector<std::string> Generator::UnknownRequest(const WordChoice& choice) {
  const std::string name = std::string(kUnknownPrefix) + (draw_.Chance(1, 4) ? Value(choice) : "Known");
  if (draw_.Chance(1, 4)) {
    return {"client", std::string(kUnknownPrefix) + "known"};
  }
  std::vector<std::string> words = {name};
  for (uint64_t i = draw_.Below(5); i > 0; --i) {
    words.push_back(draw_.Chance(1, 2) ? std::string(40 + draw_.Below(60), 'u') : Value(choice));
  }
  return words;
}

std::vector<std::string> Generator::OwnRequest(const WordChoice& choice) {
  if (draw_.Chance(1, 40)) {
    return BulkRequest();
  }
  if (draw_.Chance(1, 20)) {
    return RequestFor(*draw_.OneOf(own_client_), choice);
  }
  if (draw_.Chance(1, 60)) {
    return UnknownRequest(choice);
  }
  for (;;) {
    const CommandEntry& entry = *draw_.OneOf(own_);
    if (choice.free_order || !SkipsInFreeOrder(entry.command->name)) {
      return RequestFor(entry, choice);
    }
  }
}

std::vector<std::string> Generator::SharedRequest(const WordChoice& choice, uint32_t number) {
  const std::string name(draw_.OneOf(kSharedCommands));
  std::vector<std::string> words = {name, Key(choice)};
  const std::string unique = fmt::format("v{}.{}", choice.client, number);
  if (name == "set" || name == "setnx" || name == "getset" || name == "append") {
    words.push_back(draw_.Chance(1, 6) ? std::to_string(number) : unique);
    if (name == "set" && draw_.Chance(1, 2)) {
      static constexpr std::array<std::string_view, 3> kOptions = {"NX", "XX", "GET"};
      words.emplace_back(draw_.OneOf(kOptions));
    }
  } else if (name == "decrby") {
    words.push_back(std::to_string(draw_.Between(-5, 5)));
  }
  return words;
}

std::vector<std::string> Generator::BlindRequest(const WordChoice& choice) {
  return draw_.Chance(1, 40) ? BulkRequest() : RequestFor(*draw_.OneOf(blind_), choice);
}

std::vector<std::string> Generator::ClientRequest(const WordChoice& choice) {
  return RequestFor(*draw_.OneOf(telling_), choice);
}

Operation Generator::MakeBroken() {
  const Broken& broken = draw_.OneOf(kBroken);
  Operation operation;
  operation.kind = Operation::Kind::kBroken;
  operation.raw = broken.bytes;
  operation.words = {std::string(broken.error)};
  return operation;
}

ScriptClient Generator::MakeClient(const ScriptShape& shape, uint32_t id, Keys keys, Temper temper) {
  ScriptClient client;
  client.id = id;
  client.keys = keys;
  client.temper = temper;
  client.resp3 = draw_.Chance(1, 3);
  client.window = static_cast<uint32_t>(draw_.Between(2, draw_.Chance(1, 4) ? 40 : 8));
  client.pause_ns = temper == Temper::kByteAtATime ? draw_.Between(1'000, 60'000)
                    : draw_.Chance(1, 3)           ? draw_.Between(0, 50'000'000)
                                                   : draw_.Between(0, 300'000);
  client.start_ns = draw_.Between(0, 500'000);
  // Replies of a size that fill what is between them in a few turns, or in many.
  const size_t unread_bytes = draw_.Chance(1, 2) ? 1'500 : 20'000;
  WordChoice choice{keys, id, now_ms_, temper != Temper::kByteAtATime, shape.free_order};
  const auto drawn = static_cast<uint32_t>(draw_.Between(shape.operations_min, shape.operations_max));
  const uint32_t count = temper == Temper::kNeverReading ? drawn * 3 : drawn;
  if (keys == Keys::kOwn && temper != Temper::kByteAtATime && draw_.Chance(1, 60)) {
    AddFlood(client);
  }
  for (uint32_t i = 0; i < count; ++i) {
    Operation operation;
    if (temper == Temper::kMalformed && draw_.Chance(1, 6)) {
      client.operations.push_back(MakeBroken());
      continue;
    }
    if (temper == Temper::kNeverReading && keys != Keys::kShared && !draw_.Chance(1, 4)) {
      operation.words = i == 0 ? std::vector<std::string>{"set", PoolKey(0), std::string(unread_bytes, 'n')}
                               : std::vector<std::string>{"get", PoolKey(0)};
    } else if (draw_.Chance(1, 80)) {
      operation.words = {"quit"};
    } else if (keys == Keys::kOwn && draw_.Chance(1, 60)) {
      operation.words = {"reset"};  // the client introduces itself anew behind it
    } else if (keys != Keys::kBlind && shape.audit && draw_.Chance(1, 80)) {
      operation.words = {"client", "reply", "on"};  // the client sends what is not answered in front of it
    } else if (keys != Keys::kBlind && draw_.Chance(1, 80)) {
      operation.words = ClientRequest(choice);
    } else if (keys == Keys::kOwn) {
      operation.words = OwnRequest(choice);
    } else if (keys == Keys::kShared) {
      operation.words = SharedRequest(choice, i);
    } else {
      operation.words = BlindRequest(choice);
    }
    const bool small = std::all_of(operation.words.begin(), operation.words.end(),
                                   [](const std::string& word) { return word.size() < 200; });
    operation.kind = small && draw_.Chance(1, 12) ? Operation::Kind::kInline : Operation::Kind::kRequest;
    client.operations.push_back(std::move(operation));
  }
  if (temper == Temper::kHalfClosing && draw_.Chance(1, 3)) {
    AddEcho(client);
  }
  if (keys == Keys::kOwn && temper != Temper::kByteAtATime && shape.free_order && draw_.Chance(1, 20)) {
    AddWalk(client);
  }
  if (keys == Keys::kOwn && temper != Temper::kByteAtATime && draw_.Chance(1, 30)) {
    AddLarge(client);
  }
  // Not in a crowd, whose pauses would together be longer than anybody's patience.
  if (keys == Keys::kBlind && temper != Temper::kByteAtATime && shape.operations_max > 1 && draw_.Chance(1, 5)) {
    AddPauses(client, choice);
  }
  if (keys == Keys::kOwn && draw_.Chance(1, 8)) {
    AddExpired(client);
  }
  if (keys == Keys::kOwn && draw_.Chance(1, 8)) {
    AddFacts(client);
  }
  if (shape.audit) {
    AddAudit(client);
  }
  Number(client.operations);
  return client;
}

// The last word on everything that the client may have changed.
void Generator::AddAudit(ScriptClient& client) {
  const auto ask = [&client](std::vector<std::string> words) {
    Operation operation;
    operation.audit = true;
    operation.words = std::move(words);
    client.operations.push_back(std::move(operation));
  };
  if (client.keys == Keys::kShared) {
    for (size_t i = 0; i < kSharedKeys; ++i) {
      ask({"get", SharedKey(i)});
    }
    return;
  }
  if (client.keys == Keys::kBlind) {
    ask({"ping"});
    return;
  }
  for (size_t i = 0; i < 2; ++i) {
    ask({"select", std::to_string(FirstDatabase(client.id) + i)});
    std::vector<std::string> get = {"mget"};
    for (size_t key = 0; key < kKeyPool; ++key) {
      get.push_back(PoolKey(key));
      ask({"pexpiretime", PoolKey(key)});
      if (draw_.Chance(1, 3)) {
        ask({"object", draw_.Chance(1, 3) ? "refcount" : "encoding", PoolKey(key)});
      }
    }
    ask(std::move(get));
    ask({"keys", "*"});
    ask({"dbsize"});
  }
}

void Generator::Number(std::vector<Operation>& operations) {
  for (size_t i = 0; i < operations.size(); ++i) {
    operations[i].number = static_cast<uint32_t>(i);
  }
}

Script Generator::MakeScript(const ScriptShape& shape) {
  Script script;
  const auto count = static_cast<uint32_t>(draw_.Between(shape.clients_min, shape.clients_max));
  for (uint32_t id = 0; id < count; ++id) {
    const auto keys = static_cast<Keys>(draw_.Weighted(shape.keys_weights));
    const auto temper = static_cast<Temper>(draw_.Weighted(shape.temper_weights));
    script.clients.push_back(MakeClient(shape, id, keys, temper));
  }
  if (count == 1 && script.clients[0].keys == Keys::kOwn && draw_.Chance(1, 4)) {
    AddFlushAll(script.clients[0]);
  }
  return script;
}

void Generator::AddCrowd(Script& script) {
  ScriptShape shape;
  shape.operations_min = shape.operations_max = 1;
  shape.audit = false;
  const int64_t start_ns = draw_.Between(0, 500'000);
  for (int64_t i = draw_.Between(70, 100); i > 0; --i) {
    const auto id = static_cast<uint32_t>(script.clients.size());
    script.clients.push_back(MakeClient(shape, id, Keys::kBlind, Temper::kOneAtATime));
    script.clients.back().start_ns = start_ns;
  }
}

}  // namespace reprise
