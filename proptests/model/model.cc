#include "proptests/model/model.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace reprise {
namespace {

char LowerCaseOf(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

std::string LowerCase(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), LowerCaseOf);
  return lower;
}

bool IsWord(std::string_view text, std::string_view lower) {
  return text.size() == lower.size() && std::equal(text.begin(), text.end(), lower.begin(),
                                                   [](char c, char wanted) { return LowerCaseOf(c) == wanted; });
}

std::optional<int64_t> StrictInteger(std::string_view text) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return std::to_string(value) == text ? std::optional(value) : std::nullopt;
}

std::span<const Model::Known> Model::Table() {
  // name, function, arity, timed, all_keys, before_login
  static constexpr auto kTable = std::to_array<Known>({
      {"append", &Model::Append, 3, false, false},
      {"auth", &Model::Auth, -2, false, false, true},
      {"client", &Model::Client, -2, false, false, true},
      {"copy", &Model::Copy, -3, false, false},
      {"dbsize", &Model::DbSize, 1, false, true},
      {"decr", &Model::Decr, 2, false, false},
      {"decrby", &Model::DecrBy, 3, false, false},
      {"del", &Model::Del, -2, false, false},
      {"echo", &Model::Echo, 2, false, false},
      {"exists", &Model::Exists, -2, false, false},
      {"expire", &Model::Expire, -3, true, false},
      {"expireat", &Model::ExpireAt, -3, true, false},
      {"expiretime", &Model::ExpireTime, 2, false, false},
      {"flushall", &Model::FlushAll, -1, false, true},
      {"flushdb", &Model::FlushDb, -1, false, true},
      {"get", &Model::Get, 2, false, false},
      {"getdel", &Model::GetDel, 2, false, false},
      {"getex", &Model::GetEx, -2, true, false},
      {"getrange", &Model::GetRange, 4, false, false},
      {"getset", &Model::GetSet, 3, false, false},
      {"hello", &Model::Hello, -1, false, false, true},
      {"incr", &Model::Incr, 2, false, false},
      {"incrby", &Model::IncrBy, 3, false, false},
      {"incrbyfloat", &Model::IncrByFloat, 3, false, false},
      {"keys", &Model::Keys, 2, false, true},
      {"lcs", &Model::Lcs, -3, false, false},
      {"mget", &Model::MGet, -2, false, false},
      {"move", &Model::Move, 3, false, false},
      {"mset", &Model::MSet, -3, false, false},
      {"msetnx", &Model::MSetNx, -3, false, false},
      {"object", &Model::Object, -2, false, false},
      {"persist", &Model::Persist, 2, false, false},
      {"pexpire", &Model::PExpire, -3, true, false},
      {"pexpireat", &Model::PExpireAt, -3, true, false},
      {"pexpiretime", &Model::PExpireTime, 2, false, false},
      {"ping", &Model::Ping, -1, false, false},
      {"psetex", &Model::PSetEx, 4, true, false},
      {"pttl", &Model::PTtl, 2, false, false},
      {"randomkey", &Model::RandomKey, 1, false, true},
      {"rename", &Model::Rename, 3, false, false},
      {"renamenx", &Model::RenameNx, 3, false, false},
      {"reset", &Model::Reset, 1, false, false, true},
      {"scan", &Model::Scan, -2, false, true},
      {"select", &Model::Select, 2, false, false},
      {"set", &Model::Set, -3, true, false},
      {"setex", &Model::SetEx, 4, true, false},
      {"setnx", &Model::SetNx, 3, false, false},
      {"setrange", &Model::SetRange, 4, false, false},
      {"strlen", &Model::StrLen, 2, false, false},
      {"substr", &Model::GetRange, 4, false, false},
      {"swapdb", &Model::SwapDb, 3, false, false},
      {"time", &Model::Time, 1, true, false},
      {"touch", &Model::Exists, -2, false, false},
      {"ttl", &Model::Ttl, 2, false, false},
      {"type", &Model::Type, 2, false, false},
      {"unlink", &Model::Del, -2, false, false},
  });
  return kTable;
}

const Model::Known* Model::FindKnown(std::string_view name) {
  if (name.empty()) {
    return nullptr;
  }
  const std::span<const Known> table = Table();
  const char first = LowerCaseOf(name[0]);
  auto at = std::lower_bound(table.begin(), table.end(), first,
                             [](const Known& known, char wanted) { return known.name[0] < wanted; });
  while (at != table.end() && at->name[0] == first && !IsWord(name, at->name)) {
    ++at;
  }
  return at != table.end() && at->name[0] == first ? &*at : nullptr;
}

bool Model::Knows(std::string_view name) { return FindKnown(name) != nullptr; }

bool Model::ConcernsAllKeys(std::string_view name) {
  const Known* const known = FindKnown(name);
  return known != nullptr && known->all_keys;
}

bool Model::TimeMatters(Words words, int64_t from_ms, int64_t to_ms) const {
  const Known* const known = FindKnown(words[0]);
  if (known == nullptr || known->name == "time" || (known->timed && words.size() > (known->name == "set" ? 3 : 2))) {
    return true;
  }
  const bool counts_down = known->name == "ttl" || known->name == "pttl";
  for (const Shared<Database>& database : *databases_) {
    for (const auto& [key, entry] : *database) {
      const bool expires_meanwhile = entry.expire_at_ms >= from_ms && entry.expire_at_ms < to_ms;
      const bool in_question = expires_meanwhile || (counts_down && entry.expire_at_ms != -1);
      if (in_question && (known->all_keys || std::find(words.begin(), words.end(), key) != words.end())) {
        return true;
      }
    }
  }
  return false;
}

Expected Model::Apply(Words words, int64_t now_ms) {
  now_ms_ = now_ms;
  const Known* const known = FindKnown(words[0]);
  if (known == nullptr) {
    return LowerCase(words[0]).starts_with(kUnknownPrefix) ? Expected(Unknown(words)) : AnyReply(words);
  }
  const auto count = static_cast<int>(words.size());
  if (known->arity >= 0 ? count != known->arity : count < -known->arity) {
    return ReplyValue::Error(fmt::format("ERR wrong number of arguments for '{}' command", known->name));
  }
  if (!authenticated_ && !known->before_login) {
    return ReplyValue::Error(kNotLoggedIn);
  }
  return (this->*known->function)(words);
}

const Model::Entry* Model::FindIn(size_t database, std::string_view key) {
  const Database& keys = this->database(database);
  const auto at = keys.find(key);
  if (at == keys.end()) {
    return nullptr;
  }
  if (Expired(at->second)) {
    ChangeDatabase(database).erase(std::string(key));
    return nullptr;
  }
  return &at->second;
}

// As Redis's tryObjectEncoding: what reads as an integer is one, and the small ones are there once for all keys.
void Model::Put(std::string_view key, std::string_view value, int64_t expire_at_ms) {
  Encoding encoding = value.size() <= 44 ? Encoding::kEmbedded : Encoding::kRaw;
  if (const std::optional<int64_t> number = StrictInteger(value)) {
    encoding = *number >= 0 && *number < 10000 ? Encoding::kSharedInt : Encoding::kInt;
  }
  PutAs(encoding, key, value, expire_at_ms);
}

void Model::PutAs(Encoding encoding, std::string_view key, std::string_view value, int64_t expire_at_ms) {
  PutIn(selected_, key, Entry{pool_.Keep(value), expire_at_ms, 0, encoding});
}

void Model::PutIn(size_t database, std::string_view key, const Entry& entry) {
  const Entry* const present = FindIn(database, key);
  const uint64_t birth = present != nullptr ? present->birth : ++births_;
  Entry& put = ChangeDatabase(database)[std::string(key)];
  put = entry;
  put.birth = birth;
}

ReplyValue Model::Null() const {
  ReplyValue null;
  null.type = resp3_ ? '_' : '$';
  null.null = !resp3_;
  return null;
}

std::vector<std::string> Model::LiveKeys(size_t database) const {
  std::vector<std::string> keys;
  for (const auto& [key, entry] : this->database(database)) {
    if (!Expired(entry)) {
      keys.push_back(key);
    }
  }
  return keys;
}

uint64_t Model::Sketch() const {
  uint64_t sketch = births_;
  for (const Shared<Database>& database : *databases_) {
    for (const auto& [key, entry] : *database) {
      sketch = sketch * 0x9e37'79b9'7f4a'7c15u + entry.birth;
      sketch = sketch * 0x9e37'79b9'7f4a'7c15u + static_cast<uint64_t>(entry.expire_at_ms);
    }
  }
  return sketch;
}

void Model::NewConnection() {
  selected_ = 0;
  resp3_ = false;
  name_.clear();
  authenticated_ = server_password_.empty();
  scanning_.reset();
}

}  // namespace reprise
