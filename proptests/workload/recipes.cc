#include "proptests/workload/recipes.h"

#include <algorithm>
#include <array>

#include "proptests/model/model.h"

namespace reprise {
namespace {

using Words = std::vector<std::string>;

// A time to live: short ones that end within the run, long ones, wrong ones.
std::string Ttl(const RecipeContext& c, bool seconds) {
  static constexpr uint32_t kWeights[] = {6, 4, 1, 1};
  switch (c.draw.Weighted(kWeights)) {
    case 0:
      if (!seconds && c.draw.Chance(1, 3)) {
        return std::to_string(c.draw.Between(1, 6));  // so that somebody asks in the very millisecond of the end
      }
      return std::to_string(seconds ? c.draw.Between(1, 3) : c.draw.Between(1, 400));
    case 1:
      return std::to_string(c.draw.Between(100, 1'000'000));
    case 2:
      return std::to_string(c.draw.Between(-5, 0));
    default:
      return c.Number();
  }
}

std::string Moment(const RecipeContext& c, bool seconds) {
  const int64_t at_ms = c.choice.now_ms + c.draw.Between(-2000, 20'000);
  return c.draw.Chance(1, 12) ? c.Number() : std::to_string(seconds ? at_ms / 1000 : at_ms);
}

void AddExpireOption(const RecipeContext& c, Words& words) {
  static constexpr std::array<std::string_view, 4> kUnits = {"EX", "px", "EXAT", "PXAT"};
  const size_t unit = c.draw.Below(kUnits.size());
  words.emplace_back(kUnits[unit]);
  if (!c.draw.Chance(1, 30)) {
    words.push_back(unit < 2 ? Ttl(c, unit == 0) : Moment(c, unit == 2));
  }
}

void AddSome(const RecipeContext& c, Words& words, std::span<const std::string_view> options, uint64_t most) {
  for (uint64_t i = c.draw.Below(most + 1); i > 0; --i) {
    words.emplace_back(c.draw.OneOf(options));
  }
}

void Set(const RecipeContext& c, Words& words) {
  static constexpr std::array<std::string_view, 5> kOptions = {"NX", "XX", "GET", "KEEPTTL", "keepttl"};
  words.push_back(c.Key());
  words.push_back(c.Value());
  if (c.draw.Chance(1, 2)) {
    AddSome(c, words, kOptions, 2);
    if (c.draw.Chance(1, 2)) {
      AddExpireOption(c, words);
    }
    AddSome(c, words, kOptions, 1);
  }
}

void GetEx(const RecipeContext& c, Words& words) {
  words.push_back(c.Key());
  const uint64_t what = c.draw.Below(4);
  if (what == 1) {
    words.emplace_back("PERSIST");
  } else if (what > 1) {
    AddExpireOption(c, words);
  }
}

void SetEx(const RecipeContext& c, Words& words) { words.insert(words.end(), {c.Key(), Ttl(c, true), c.Value()}); }
void PSetEx(const RecipeContext& c, Words& words) { words.insert(words.end(), {c.Key(), Ttl(c, false), c.Value()}); }

void ExpireWith(const RecipeContext& c, Words& words, std::string when) {
  static constexpr std::array<std::string_view, 5> kOptions = {"NX", "XX", "gt", "LT", "nope"};
  words.push_back(c.Key());
  words.push_back(std::move(when));
  if (c.draw.Chance(1, 3)) {
    AddSome(c, words, kOptions, 2);
  }
}
void Expire(const RecipeContext& c, Words& words) { ExpireWith(c, words, Ttl(c, true)); }
void PExpire(const RecipeContext& c, Words& words) { ExpireWith(c, words, Ttl(c, false)); }
void ExpireAt(const RecipeContext& c, Words& words) { ExpireWith(c, words, Moment(c, true)); }
void PExpireAt(const RecipeContext& c, Words& words) { ExpireWith(c, words, Moment(c, false)); }

void Pairs(const RecipeContext& c, Words& words) {
  for (uint64_t i = 1 + c.draw.Below(4); i > 0; --i) {
    words.push_back(c.Key());
    words.push_back(c.Value());
  }
  if (c.draw.Chance(1, 20)) {
    words.pop_back();
  }
}

void Range(const RecipeContext& c, Words& words) {
  words.push_back(c.Key());
  for (int i = 0; i < 2; ++i) {
    words.push_back(c.draw.Chance(1, 10) ? c.Number() : std::to_string(c.draw.Between(-12, 12)));
  }
}

void SetRange(const RecipeContext& c, Words& words) {
  words.push_back(c.Key());
  if (c.draw.Chance(1, 60)) {
    // Around the sizes at which a value is held in another way.
    words.push_back(std::to_string((c.draw.Chance(1, 2) ? 254 : 4094) + c.draw.Below(4)));
  } else {
    words.push_back(c.draw.Chance(1, 8) ? c.Number() : std::to_string(c.draw.Between(-1, 40)));
  }
  words.push_back(c.Value());
}

void IncrBy(const RecipeContext& c, Words& words) {
  words.insert(words.end(), {c.Key(), c.draw.Chance(1, 4) ? c.Number() : std::to_string(c.draw.Between(-20, 20))});
}

// Quarters, which no kind of floating point gets wrong.
void IncrByFloat(const RecipeContext& c, Words& words) {
  static constexpr std::array<std::string_view, 4> kQuarters = {"", ".25", ".5", ".75"};
  static constexpr std::array<std::string_view, 8> kOdd = {"abc", "", "inf", "-inf", "nan", " 1", "1e", "0x10"};
  words.push_back(c.Key());
  const std::string whole = std::to_string(c.draw.Between(-30, 30));
  words.push_back(c.draw.Chance(1, 8) ? std::string(c.draw.OneOf(kOdd)) : whole + std::string(c.draw.OneOf(kQuarters)));
}

void Lcs(const RecipeContext& c, Words& words) {
  static constexpr std::array<std::string_view, 4> kOptions = {"LEN", "IDX", "WITHMATCHLEN", "MINMATCHLEN"};
  words.insert(words.end(), {c.Key(), c.Key()});
  for (uint64_t i = c.draw.Below(4); i > 0; --i) {
    const std::string option(c.draw.OneOf(kOptions));
    words.push_back(option);
    if (option == "MINMATCHLEN") {
      words.push_back(std::to_string(c.draw.Between(-1, 6)));
    }
  }
}

// A client goes no further than to what is its own, or to what there is not.
std::string OwnDatabase(const RecipeContext& c) {
  static constexpr std::array<std::string_view, 5> kNone = {"16", "-1", "x", "99999999999", "1000"};
  if (c.draw.Chance(1, 10)) {
    return std::string(c.draw.OneOf(kNone));
  }
  if (c.choice.keys == Keys::kBlind) {
    return std::to_string(kBlindDatabase);
  }
  return std::to_string(FirstDatabase(c.choice.client) + c.draw.Below(2));
}

void Copy(const RecipeContext& c, Words& words) {
  words.insert(words.end(), {c.Key(), c.Key()});
  if (c.draw.Chance(1, 2)) {
    words.insert(words.end(), {"DB", OwnDatabase(c)});
  }
  if (c.draw.Chance(1, 2)) {
    words.emplace_back("REPLACE");
  }
}

void Move(const RecipeContext& c, Words& words) { words.insert(words.end(), {c.Key(), OwnDatabase(c)}); }
void Select(const RecipeContext& c, Words& words) { words.push_back(OwnDatabase(c)); }
void SwapDb(const RecipeContext& c, Words& words) {
  std::string first = OwnDatabase(c);
  std::string second = OwnDatabase(c);
  words.insert(words.end(), {std::move(first), std::move(second)});
}

std::string Pattern(const RecipeContext& c) {
  static constexpr std::array<std::string_view, 16> kPatterns = {"*",    "k*",     "?[0-3]", "k[^1]", "*1*", "\\k2",
                                                                 "[k",   "",       "k[3-0]", "*\\1",  "k\\", "k[^0\\1]",
                                                                 "**2*", "b*[5-9", "K1",     "?"};
  return std::string(c.draw.OneOf(kPatterns));
}

void KeysOf(const RecipeContext& c, Words& words) { words.push_back(Pattern(c)); }

void Scan(const RecipeContext& c, Words& words) {
  words.emplace_back(c.draw.Chance(1, 3) ? "0" : "{cursor}");
  if (c.draw.Chance(1, 30)) {
    words.back() = "x1";
  }
  const uint64_t what = c.draw.Below(8);
  if (what == 1) {
    words.insert(words.end(), {"MATCH", Pattern(c)});
  } else if (what == 2) {
    words.insert(words.end(), {"TYPE", c.draw.Chance(1, 2) ? "string" : "hash"});
  }
  if (c.draw.Chance(1, 2)) {
    words.insert(words.end(), {"COUNT", std::to_string(c.draw.Between(0, 5))});
  }
}

void UserAndPassword(const RecipeContext& c, Words& words) {
  words.emplace_back(c.draw.Chance(1, 4) ? "nobody" : "default");
  words.emplace_back(c.draw.Chance(1, 4) ? "wrong" : kServerPassword);
}

void Auth(const RecipeContext& c, Words& words) {
  if (c.draw.Chance(1, 2)) {
    UserAndPassword(c, words);
  } else {
    words.emplace_back(c.draw.Chance(1, 2) ? "wrong" : kServerPassword);
  }
}

void ClientSetName(const RecipeContext& c, Words& words) {
  static constexpr std::array<std::string_view, 4> kNames = {"a-name", "other~", "two words", ""};
  words.emplace_back(c.draw.OneOf(kNames));
}

void ClientNoEvict(const RecipeContext& c, Words& words) {
  static constexpr std::array<std::string_view, 3> kModes = {"on", "OFF", "maybe"};
  words.emplace_back(c.draw.OneOf(kModes));
}

void Hello(const RecipeContext& c, Words& words) {
  if (c.draw.Chance(1, 4)) {
    return;
  }
  words.emplace_back(c.draw.Chance(1, 12) ? c.Number() : c.draw.Chance(1, 2) ? "3" : "2");
  for (uint64_t i = c.draw.Chance(1, 3) ? 1 + c.draw.Below(2) : 0; i > 0; --i) {
    const uint64_t what = c.draw.Below(5);
    if (what < 2) {
      words.emplace_back("AUTH");
      UserAndPassword(c, words);
    } else {
      words.emplace_back(what == 4 ? "nonsense" : "SETNAME");
      ClientSetName(c, words);
    }
  }
}

void Ping(const RecipeContext& c, Words& words) {
  if (c.draw.Chance(1, 2)) {
    words.push_back(c.Value());
  }
}

void FlushMode(const RecipeContext& c, Words& words) {
  static constexpr std::array<std::string_view, 4> kModes = {"", "SYNC", "async", "later"};
  const std::string mode(c.draw.OneOf(kModes));
  if (!mode.empty()) {
    words.push_back(mode);
  }
}

// Nobody fits: clients don't end each other.
void ClientKill(const RecipeContext& c, Words& words) {
  static constexpr std::array<std::array<std::string_view, 2>, 11> kFilters = {{{"USER", "default"},
                                                                                {"USER", "nobody"},
                                                                                {"TYPE", "normal"},
                                                                                {"TYPE", "other"},
                                                                                {"SKIPME", "YES"},
                                                                                {"SKIPME", "no"},
                                                                                {"SKIPME", "perhaps"},
                                                                                {"ID", "0"},
                                                                                {"LADDR", kNobodysAddress},
                                                                                {"OTHER", "filter"},
                                                                                {"type", "master"}}};
  static constexpr std::array<std::array<std::string_view, 2>, 5> kNobody = {{{"ID", "1000000007"},
                                                                              {"ADDR", kNobodysAddress},
                                                                              {"laddr", kNobodysAddress},
                                                                              {"TYPE", "replica"},
                                                                              {"TYPE", "pubsub"}}};
  if (c.draw.Chance(1, 6)) {
    words.emplace_back(kNobodysAddress);
    return;
  }
  for (uint64_t i = c.draw.Below(3); i > 0; --i) {
    const auto& filter = c.draw.OneOf(kFilters);
    words.insert(words.end(), filter.begin(), filter.end());
  }
  const auto& nobody = c.draw.OneOf(kNobody);
  words.insert(words.end(), nobody.begin(), nobody.end());
}

// Short enough that everybody is served in the end; some are no pauses at all.
void ClientPause(const RecipeContext& c, Words& words) {
  static constexpr std::array<std::string_view, 4> kWrong = {"-1", "abc", "1.5", "9223372036854775807"};
  static constexpr std::array<std::string_view, 5> kModes = {"WRITE", "write", "ALL", "all", "some"};
  const int64_t most_ms = c.draw.Chance(1, 6) ? 1000 : 60;
  words.push_back(c.draw.Chance(1, 20) ? std::string(c.draw.OneOf(kWrong))
                                       : std::to_string(c.draw.Between(0, most_ms)));
  if (c.draw.Chance(2, 3)) {
    words.emplace_back(c.draw.OneOf(kModes));
  }
}

void ClientUnblock(const RecipeContext& c, Words& words) {
  static constexpr std::array<std::string_view, 3> kReasons = {"timeout", "ERROR", "other"};
  words.push_back(c.Number());
  if (c.draw.Chance(1, 2)) {
    words.emplace_back(c.draw.OneOf(kReasons));
  }
}

// Ids are numbers from 1 on, so small ones are often somebody's.
void ClientList(const RecipeContext& c, Words& words) {
  static constexpr std::array<std::string_view, 7> kTypes = {"normal", "NORMAL",  "MASTER", "pubsub",
                                                             "slave",  "replica", "nobody"};
  const uint64_t what = c.draw.Below(4);
  if (what == 1) {
    words.insert(words.end(), {"TYPE", std::string(c.draw.OneOf(kTypes))});
  } else if (what == 2) {
    words.emplace_back("ID");
    const int64_t base = c.draw.Chance(1, 4) ? kNobodysId : 0;
    for (uint64_t i = 1 + c.draw.Below(4); i > 0; --i) {
      words.push_back(c.draw.Chance(1, 20) ? c.Number() : std::to_string(base + c.draw.Between(1, 9)));
    }
  } else if (what == 3 && c.draw.Chance(1, 4)) {
    words.emplace_back("other");
  }
}

void CommandNames(const RecipeContext& c, Words& words) {
  static constexpr std::array<std::string_view, 5> kNames = {"get", "SET", "config|set", "nothing", "mset"};
  AddSome(c, words, kNames, 3);
}

void ConfigNames(const RecipeContext& c, Words& words) {
  static constexpr std::array<std::string_view, 5> kNames = {"hz", "max*", "nothing", "client-output-buffer-limit",
                                                             "*"};
  words.emplace_back(c.draw.OneOf(kNames));
}

void InfoSections(const RecipeContext& c, Words& words) {
  static constexpr std::array<std::string_view, 6> kNames = {"server", "clients", "everything",
                                                             "all",    "nothing", "commandstats"};
  AddSome(c, words, kNames, 2);
}

void GetKeysOf(const RecipeContext& c, Words& words) {
  words.emplace_back(c.draw.Chance(1, 2) ? "mset" : "get");
  Pairs(c, words);
}

struct Named {
  std::string_view name;
  Recipe recipe;
};

constexpr std::array kRecipes = std::to_array<Named>({
    {"auth", Auth},
    {"client|kill", ClientKill},
    {"client|list", ClientList},
    {"client|no-evict", ClientNoEvict},
    {"client|pause", ClientPause},
    {"client|setname", ClientSetName},
    {"client|unblock", ClientUnblock},
    {"command|docs", CommandNames},
    {"command|getkeys", GetKeysOf},
    {"command|info", CommandNames},
    {"config|get", ConfigNames},
    {"copy", Copy},
    {"decrby", IncrBy},
    {"expire", Expire},
    {"expireat", ExpireAt},
    {"flushdb", FlushMode},
    {"getex", GetEx},
    {"getrange", Range},
    {"hello", Hello},
    {"incrby", IncrBy},
    {"incrbyfloat", IncrByFloat},
    {"info", InfoSections},
    {"keys", KeysOf},
    {"lcs", Lcs},
    {"move", Move},
    {"mset", Pairs},
    {"msetnx", Pairs},
    {"pexpire", PExpire},
    {"pexpireat", PExpireAt},
    {"ping", Ping},
    {"psetex", PSetEx},
    {"scan", Scan},
    {"select", Select},
    {"set", Set},
    {"setex", SetEx},
    {"setrange", SetRange},
    {"substr", Range},
    {"swapdb", SwapDb},
});

constexpr std::array kLeftOut = std::to_array<std::string_view>({
    "acl",           // not a client's business: may lock it out
    "client|reply",  // then a client can't count answers; the cut-anywhere scripts have it
    "config|resetstat", "config|rewrite", "config|set",  // others'
    "debug",                                             // does what no client may
    "flushall",                                          // others' keys
    "monitor",                                           // then a client can't count answers
    "quit",                                              // a script has it at chosen places
    "reset",                                             // undoes the setup that keeps clients apart: as with quit
    "shutdown",                                          // ends the run
});

}  // namespace

Recipe FindRecipe(std::string_view full_name) {
  const auto at = std::lower_bound(kRecipes.begin(), kRecipes.end(), full_name,
                                   [](const Named& named, std::string_view wanted) { return named.name < wanted; });
  return at != kRecipes.end() && at->name == full_name ? at->recipe : nullptr;
}

size_t RecipeCount() { return kRecipes.size(); }

bool Generator::LeftOut(const CommandEntry& entry) {
  const std::string name = entry.FullName();
  const std::string_view command = std::string_view(name).substr(0, name.find('|'));
  return std::any_of(kLeftOut.begin(), kLeftOut.end(),
                     [&](std::string_view left_out) { return left_out == command || left_out == name; });
}

}  // namespace reprise
