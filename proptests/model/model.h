// Model: what redis-server 7.0.15 answers to the string, key and connection commands, written as plainly as possible.
//
// Databases are std::maps; every command is a few lines of text-book code. It knows nothing of the server under test.
// It is given the moment of each request (Unix time, milliseconds), and predicts the reply, or, where the order of a
// reply is free, says which replies are right.
//
// A copy of a model costs little: databases and values are Shared.
//
// Keys whose time is over stay in the map until somebody meets them, as in Redis: only so can it say what DBSIZE may
// answer.
#ifndef REPRISE_PROPTESTS_MODEL_MODEL_H_
#define REPRISE_PROPTESTS_MODEL_MODEL_H_

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "proptests/model/reply_value.h"
#include "proptests/model/shared.h"
#include "proptests/model/value_pool.h"

namespace reprise {

// What a reply must be: equal to `exact`, or, where that is not set, accepted by `accepts`.
struct Expected {
  Expected(ReplyValue value) : exact(std::move(value)) {}  // NOLINT(google-explicit-constructor): reads as meant
  // `what` says it in words, for the few replies that are wrong.
  Expected(std::function<std::string()> what, std::function<bool(const ReplyValue&)> check)
      : description(std::move(what)), accepts(std::move(check)) {}

  bool Accepts(const ReplyValue& reply) const { return exact ? *exact == reply : accepts(reply); }
  std::string ToString() const { return exact ? exact->ToString() : description(); }

  std::optional<ReplyValue> exact;
  std::function<std::string()> description;
  std::function<bool(const ReplyValue&)> accepts;
};

class Model {
 public:
  static constexpr size_t kDatabases = 16;
  using Words = std::span<const std::string>;

  // How Redis holds a string, as OBJECT tells it.
  enum class Encoding : uint8_t { kInt, kSharedInt, kEmbedded, kRaw };

  struct Entry {
    Shared<std::string> value;
    int64_t expire_at_ms = -1;  // -1: never
    uint64_t birth = 0;         // tells a key from a later one of the same name
    Encoding encoding = Encoding::kEmbedded;
    friend bool operator==(const Entry&, const Entry&) = default;
  };
  using Database = std::map<std::string, Entry, std::less<>>;

  // Whether the model can say anything about this command (its name in lower case).
  static bool Knows(std::string_view name);
  // The same for a subcommand of CLIENT.
  static bool KnowsClient(std::string_view subcommand);
  // Whether it makes a difference, in this state, at which moment between the two a request is executed.
  bool TimeMatters(Words words, int64_t from_ms, int64_t to_ms) const;
  // Whether the reply or the effect depends on more keys than the words name.
  static bool ConcernsAllKeys(std::string_view name);

  // Executes a request and says what its reply must be: any at all to a command that it does not know, but for one of
  // those that no server knows (kUnknownPrefix). REQUIRES: words is not empty.
  Expected Apply(Words words, int64_t now_ms);
  // To be told the reply of each SCAN, after Apply: checks that a full iteration has returned all it must. Answers
  // what is wrong, or nothing.
  std::string ObserveScan(Words words, const ReplyValue& reply);

  const Database& database(size_t index) const { return *(*databases_)[index]; }
  Database& ChangeDatabase(size_t index) { return databases_.Change()[index].Change(); }
  size_t selected() const { return selected_; }
  bool resp3() const { return resp3_; }
  // A new connection: what belongs to the former one is gone, the keys stay.
  void NewConnection();
  // For a server that was told another `proto-max-bulk-len`.
  void set_max_string_bytes(uint64_t bytes) { max_string_bytes_ = bytes; }
  // For one that asks for a password. Each connection has to give it.
  void set_server_password(std::string_view password) {
    server_password_ = password;
    authenticated_ = password.empty();
  }

  friend bool operator==(const Model&, const Model&) = default;
  // A number that equal models share, and others seldom: to tell most of them apart without comparing all they hold.
  uint64_t Sketch() const;

 private:
  using Function = Expected (Model::*)(Words);
  struct Known {
    std::string_view name;
    Function function;
    int arity;
    bool timed;                 // what it does, and not only which keys it finds, depends on the moment
    bool all_keys;              // see ConcernsAllKeys
    bool before_login = false;  // allowed then, or looks after that itself
  };
  struct Scanning {
    size_t database = 0;
    std::string pattern;
    std::map<std::string, uint64_t> must;  // key and birth
    std::set<std::string> seen;
    std::set<std::string> cursors;  // that it has been given: it may go on from any of them
    friend bool operator==(const Scanning&, const Scanning&) = default;
  };
  struct SetOptions {
    bool nx = false, xx = false, get = false, keep_ttl = false, persist = false;
    bool relative = false, seconds = false;
    std::optional<std::string> expire;
  };

  static std::span<const Known> Table();
  static const Known* FindKnown(std::string_view name);

  // Looking up, as Redis does: a key that has expired goes.
  const Entry* Find(std::string_view key) { return FindIn(selected_, key); }
  const Entry* FindIn(size_t database, std::string_view key);
  // REQUIRES: Find has found it.
  Entry& Change(std::string_view key) { return ChangeDatabase(selected_).find(key)->second; }
  void Erase(const std::string& key) { ChangeDatabase(selected_).erase(key); }
  // As a value that a client gave, or a number that was counted.
  void Put(std::string_view key, std::string_view value, int64_t expire_at_ms = -1);
  // Held in a certain way.
  void PutAs(Encoding encoding, std::string_view key, std::string_view value, int64_t expire_at_ms);
  void PutIn(size_t database, std::string_view key, const Entry& entry);
  bool Expired(const Entry& entry) const { return entry.expire_at_ms != -1 && now_ms_ > entry.expire_at_ms; }
  ReplyValue Null() const;
  std::vector<std::string> LiveKeys(size_t database) const;

  // string_model.cc
  Expected Get(Words words);
  Expected Set(Words words);
  Expected SetNx(Words words);
  Expected SetEx(Words words);
  Expected PSetEx(Words words);
  Expected GetSet(Words words);
  Expected GetDel(Words words);
  Expected GetEx(Words words);
  Expected MGet(Words words);
  Expected MSet(Words words);
  Expected MSetNx(Words words);
  Expected Append(Words words);
  Expected StrLen(Words words);
  Expected SetRange(Words words);
  Expected GetRange(Words words);
  Expected Incr(Words words);
  Expected Decr(Words words);
  Expected IncrBy(Words words);
  Expected DecrBy(Words words);
  Expected IncrByFloat(Words words);
  Expected Lcs(Words words);
  std::optional<ReplyValue> ParseSetOptions(Words words, size_t from, bool is_set, SetOptions& options) const;
  std::optional<ReplyValue> ParseExpire(const SetOptions& options, std::string_view command, int64_t& at_ms) const;
  Expected SetWithTtl(Words words, bool seconds, std::string_view command);
  Expected AddTo(std::string_view key, int64_t amount);

  // key_model.cc
  Expected Del(Words words);
  Expected Exists(Words words);
  Expected Type(Words words);
  Expected Rename(Words words);
  Expected RenameNx(Words words);
  Expected Copy(Words words);
  Expected Move(Words words);
  Expected RandomKey(Words words);
  Expected Keys(Words words);
  Expected Scan(Words words);
  Expected Expire(Words words);
  Expected PExpire(Words words);
  Expected ExpireAt(Words words);
  Expected PExpireAt(Words words);
  Expected Persist(Words words);
  Expected Ttl(Words words);
  Expected PTtl(Words words);
  Expected ExpireTime(Words words);
  Expected PExpireTime(Words words);
  Expected DbSize(Words words);
  Expected FlushDb(Words words);
  Expected FlushAll(Words words);
  Expected SwapDb(Words words);
  Expected Object(Words words);
  Expected ExpireGeneric(Words words, bool seconds, int64_t base_ms, std::string_view command);
  std::optional<ReplyValue> ParseDatabase(std::string_view word, size_t& database) const;

  // connection_model.cc
  Expected Ping(Words words);
  Expected Echo(Words words);
  Expected Select(Words words);
  Expected Time(Words words);
  Expected Reset(Words words);
  Expected AnyReply(Words words);
  static ReplyValue Unknown(Words words);

  // client_model.cc
  std::optional<ReplyValue> SetName(std::string_view name);
  bool IsRight(std::string_view user, std::string_view password) const;
  Expected Auth(Words words);
  Expected Hello(Words words);
  Expected Client(Words words);
  Expected ClientList(Words words) const;
  std::optional<ReplyValue> HelloOptions(Words words);
  ReplyValue NoText() const;
  ReplyValue TrackingInfo() const;

  Shared<std::array<Shared<Database>, kDatabases>> databases_;
  ValuePool pool_;
  size_t selected_ = 0;
  bool resp3_ = false;
  std::string name_;
  std::optional<Shared<Scanning>> scanning_;
  uint64_t births_ = 0;
  int64_t now_ms_ = 0;
  uint64_t max_string_bytes_ = uint64_t{512} << 20;
  std::string server_password_;
  bool authenticated_ = true;  // this connection has given it, or need not
};

// Words of a request, and their parts, as the model reads them.
std::string LowerCase(std::string_view text);
// Whether it is the word `lower`, in letters of either case. REQUIRES: `lower` has no capitals.
bool IsWord(std::string_view text, std::string_view lower);
// The whole of `text` as Redis's string2ll takes it: no sign but '-', no blank, no leading zero.
std::optional<int64_t> StrictInteger(std::string_view text);

// There is no command, and no subcommand of CLIENT, that begins so.
inline constexpr std::string_view kUnknownPrefix = "un-";

// No client of a run has an id of at least this, or this address.
inline constexpr int64_t kNobodysId = 1'000'000'000;
inline constexpr std::string_view kNobodysAddress = "192.0.2.1:1";

inline constexpr std::string_view kNotAnInteger = "ERR value is not an integer or out of range";
inline constexpr std::string_view kSyntaxError = "ERR syntax error";
inline constexpr std::string_view kNotLoggedIn = "NOAUTH Authentication required.";

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_MODEL_MODEL_H_
