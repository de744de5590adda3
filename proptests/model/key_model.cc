#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "proptests/model/glob.h"
#include "proptests/model/model.h"

namespace reprise {
namespace {

constexpr std::string_view kSameObject = "ERR source and destination objects are the same";
constexpr std::string_view kNoDatabase = "ERR DB index is out of range";

// The texts of an array of bulk strings, sorted; nothing if it is something else.
std::optional<std::vector<std::string>> SortedTexts(const ReplyValue& reply) {
  if (reply.type != '*' || reply.null) {
    return std::nullopt;
  }
  std::vector<std::string> texts;
  for (const ReplyValue& part : reply.parts) {
    if (part.type != '$' || part.null) {
      return std::nullopt;
    }
    texts.push_back(part.text);
  }
  std::sort(texts.begin(), texts.end());
  return texts;
}

struct ScanWords {
  std::string pattern = "*";
  bool any_type = true;
};

// The options behind the cursor; words that are wrong were refused before.
ScanWords ParseScan(Model::Words words) {
  ScanWords scan;
  for (size_t i = 2; i + 1 < words.size(); i += 2) {
    const std::string word = LowerCase(words[i]);
    if (word == "match") {
      scan.pattern = words[i + 1];
    } else if (word == "type") {
      scan.any_type = LowerCase(words[i + 1]) == "string";
    }
  }
  return scan;
}

bool IsCursor(std::string_view text) {
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

// Rounded; of the last half second that there is, too. REQUIRES: ms >= 0.
int64_t WholeSeconds(int64_t ms) { return static_cast<int64_t>((static_cast<uint64_t>(ms) + 500) / 1000); }

}  // namespace

Expected Model::Del(Words words) {
  int64_t removed = 0;
  for (const std::string& key : words.subspan(1)) {
    if (Find(key) != nullptr) {
      Erase(key);
      ++removed;
    }
  }
  return ReplyValue::Integer(removed);
}

Expected Model::Exists(Words words) {
  int64_t found = 0;
  for (const std::string& key : words.subspan(1)) {
    found += Find(key) != nullptr ? 1 : 0;
  }
  return ReplyValue::Integer(found);
}

Expected Model::Type(Words words) { return ReplyValue::Simple(Find(words[1]) == nullptr ? "none" : "string"); }

Expected Model::Rename(Words words) {
  const Entry* const entry = Find(words[1]);
  if (entry == nullptr) {
    return ReplyValue::Error("ERR no such key");
  }
  if (words[1] != words[2]) {
    const Entry moved = *entry;
    Erase(words[1]);
    (void)Find(words[2]);
    Erase(words[2]);
    PutIn(selected_, words[2], moved);
  }
  return ReplyValue::Ok();
}

Expected Model::RenameNx(Words words) {
  if (Find(words[1]) == nullptr) {
    return ReplyValue::Error("ERR no such key");
  }
  if (Find(words[2]) != nullptr) {
    return ReplyValue::Integer(0);
  }
  (void)Rename(words);
  return ReplyValue::Integer(1);
}

std::optional<ReplyValue> Model::ParseDatabase(std::string_view word, size_t& database) const {
  const std::optional<int64_t> index = StrictInteger(word);
  if (!index) {
    return ReplyValue::Error(kNotAnInteger);
  }
  if (*index < INT32_MIN || *index > INT32_MAX) {
    return ReplyValue::Error(
        fmt::format("ERR value is out of range, value must between {} and {}", INT32_MIN, INT32_MAX));
  }
  if (*index < 0 || *index >= static_cast<int64_t>(kDatabases)) {
    return ReplyValue::Error(kNoDatabase);
  }
  database = static_cast<size_t>(*index);
  return std::nullopt;
}

Expected Model::Copy(Words words) {
  size_t to = selected_;
  bool replace = false;
  for (size_t i = 3; i < words.size(); ++i) {
    const std::string word = LowerCase(words[i]);
    if (word == "replace") {
      replace = true;
    } else if (word == "db" && i + 1 < words.size()) {
      if (auto error = ParseDatabase(words[++i], to)) {
        return *error;
      }
    } else {
      return ReplyValue::Error(kSyntaxError);
    }
  }
  if (to == selected_ && words[1] == words[2]) {
    return ReplyValue::Error(kSameObject);
  }
  const Entry* const entry = Find(words[1]);
  if (entry == nullptr) {
    return ReplyValue::Integer(0);
  }
  Entry copied = *entry;
  if (copied.encoding == Encoding::kSharedInt) {
    copied.encoding = Encoding::kInt;  // an object of its own
  }
  if (FindIn(to, words[2]) != nullptr && !replace) {
    return ReplyValue::Integer(0);
  }
  ChangeDatabase(to).erase(words[2]);
  PutIn(to, words[2], copied);
  return ReplyValue::Integer(1);
}

Expected Model::Move(Words words) {
  size_t to = 0;
  if (auto error = ParseDatabase(words[2], to)) {
    return *error;
  }
  if (to == selected_) {
    return ReplyValue::Error(kSameObject);
  }
  const Entry* const entry = Find(words[1]);
  if (entry == nullptr) {
    return ReplyValue::Integer(0);
  }
  const Entry moved = *entry;
  if (FindIn(to, words[1]) != nullptr) {
    return ReplyValue::Integer(0);
  }
  PutIn(to, words[1], moved);
  Erase(words[1]);
  return ReplyValue::Integer(1);
}

Expected Model::RandomKey(Words) {
  const std::vector<std::string> keys = LiveKeys(selected_);
  if (keys.empty()) {
    return Null();
  }
  return Expected([count = keys.size()] { return fmt::format("one of {} keys", count); },
                  [keys](const ReplyValue& reply) {
                    return reply.type == '$' && !reply.null && std::binary_search(keys.begin(), keys.end(), reply.text);
                  });
}

Expected Model::Keys(Words words) {
  std::vector<std::string> keys = LiveKeys(selected_);
  std::erase_if(keys, [&](const std::string& key) { return !GlobMatches(words[1], key); });
  const auto describe = [keys] {
    std::string description = "in any order:";
    for (const std::string& key : keys) {
      description += ' ' + Quoted(key);
    }
    return description;
  };
  return Expected(describe, [keys](const ReplyValue& reply) { return SortedTexts(reply) == keys; });
}

Expected Model::Scan(Words words) {
  if (!IsCursor(words[1])) {
    return ReplyValue::Error("ERR invalid cursor");
  }
  for (size_t i = 2; i < words.size(); i += 2) {
    const std::string word = LowerCase(words[i]);
    const bool has_value = i + 1 < words.size();
    if (word == "count" && has_value) {
      const std::optional<int64_t> count = StrictInteger(words[i + 1]);
      if (!count || *count < 1) {
        return ReplyValue::Error(count ? kSyntaxError : kNotAnInteger);
      }
    } else if ((word != "match" && word != "type") || !has_value) {
      return ReplyValue::Error(kSyntaxError);
    }
  }
  const ScanWords scan = ParseScan(words);
  std::vector<std::string> keys = LiveKeys(selected_);
  std::erase_if(keys, [&](const std::string& key) { return !scan.any_type || !GlobMatches(scan.pattern, key); });
  if (words[1] == "0") {
    Scanning begun{selected_, scan.any_type ? scan.pattern : std::string(), {}, {}, {"0"}};
    for (const std::string& key : keys) {
      begun.must.emplace(key, database(selected_).find(key)->second.birth);
    }
    scanning_ = std::move(begun);
  }
  const auto describe = [count = keys.size()] { return fmt::format("a cursor and some of {} keys", count); };
  return Expected(describe, [keys = std::move(keys)](const ReplyValue& reply) {
    if (reply.type != '*' || reply.parts.size() != 2 || reply.parts[0].type != '$' || !IsCursor(reply.parts[0].text)) {
      return false;
    }
    const std::optional<std::vector<std::string>> texts = SortedTexts(reply.parts[1]);
    return texts && std::all_of(texts->begin(), texts->end(), [&](const std::string& text) {
             return std::binary_search(keys.begin(), keys.end(), text);
           });
  });
}

std::string Model::ObserveScan(Words words, const ReplyValue& reply) {
  if (reply.parts.size() != 2 || !scanning_) {
    return {};
  }
  const ScanWords scan = ParseScan(words);
  const Scanning& followed = **scanning_;
  if (followed.database != selected_ || (scan.any_type ? scan.pattern : std::string()) != followed.pattern ||
      followed.cursors.count(words[1]) == 0) {
    scanning_.reset();  // another iteration than the one that is followed
    return {};
  }
  Scanning& progress = scanning_->Change();
  for (const ReplyValue& key : reply.parts[1].parts) {
    progress.seen.insert(key.text);
  }
  if (reply.parts[0].text != "0") {
    progress.cursors.insert(reply.parts[0].text);
    return {};
  }
  const Scanning done = std::move(progress);
  scanning_.reset();
  for (const auto& [key, birth] : done.must) {
    const auto present = database(done.database).find(key);
    const bool stayed = present != database(done.database).end() && present->second.birth == birth;
    if (stayed && !Expired(present->second) && done.seen.count(key) == 0) {
      return fmt::format("a full iteration of SCAN left out {}, which was there from start to end", Quoted(key));
    }
  }
  return {};
}

Expected Model::ExpireGeneric(Words words, bool seconds, int64_t base_ms, std::string_view command) {
  bool nx = false, xx = false, gt = false, lt = false;
  for (const std::string& option : words.subspan(3)) {
    const std::string word = LowerCase(option);
    nx = nx || word == "nx";
    xx = xx || word == "xx";
    gt = gt || word == "gt";
    lt = lt || word == "lt";
    if (word != "nx" && word != "xx" && word != "gt" && word != "lt") {
      return ReplyValue::Error("ERR Unsupported option " + option);
    }
  }
  if (nx && (xx || gt || lt)) {
    return ReplyValue::Error("ERR NX and XX, GT or LT options at the same time are not compatible");
  }
  if (gt && lt) {
    return ReplyValue::Error("ERR GT and LT options at the same time are not compatible");
  }
  const std::optional<int64_t> given = StrictInteger(words[2]);
  if (!given) {
    return ReplyValue::Error(kNotAnInteger);
  }
  const ReplyValue invalid = ReplyValue::Error(fmt::format("ERR invalid expire time in '{}' command", command));
  if (seconds && (*given > INT64_MAX / 1000 || *given < INT64_MIN / 1000)) {
    return invalid;
  }
  const int64_t relative_ms = seconds ? *given * 1000 : *given;
  if (relative_ms > INT64_MAX - base_ms) {
    return invalid;
  }
  const int64_t when = relative_ms + base_ms;
  const Entry* const entry = Find(words[1]);
  if (entry == nullptr) {
    return ReplyValue::Integer(0);
  }
  const int64_t present = entry->expire_at_ms;
  const bool never = present == -1;
  if ((nx && !never) || (xx && never) || (gt && (never || when <= present)) || (lt && !never && when >= present)) {
    return ReplyValue::Integer(0);
  }
  if (when <= now_ms_) {
    Erase(words[1]);
  } else {
    Change(words[1]).expire_at_ms = when;
  }
  return ReplyValue::Integer(1);
}

Expected Model::Expire(Words words) { return ExpireGeneric(words, true, now_ms_, "expire"); }
Expected Model::PExpire(Words words) { return ExpireGeneric(words, false, now_ms_, "pexpire"); }
Expected Model::ExpireAt(Words words) { return ExpireGeneric(words, true, 0, "expireat"); }
Expected Model::PExpireAt(Words words) { return ExpireGeneric(words, false, 0, "pexpireat"); }

Expected Model::Persist(Words words) {
  const Entry* const entry = Find(words[1]);
  if (entry == nullptr || entry->expire_at_ms == -1) {
    return ReplyValue::Integer(0);
  }
  Change(words[1]).expire_at_ms = -1;
  return ReplyValue::Integer(1);
}

Expected Model::PTtl(Words words) {
  const Entry* const entry = Find(words[1]);
  if (entry == nullptr || entry->expire_at_ms == -1) {
    return ReplyValue::Integer(entry == nullptr ? -2 : -1);
  }
  return ReplyValue::Integer(std::max<int64_t>(0, entry->expire_at_ms - now_ms_));
}

Expected Model::Ttl(Words words) {
  const int64_t left_ms = PTtl(words).exact->integer;
  return ReplyValue::Integer(left_ms < 0 ? left_ms : WholeSeconds(left_ms));
}

Expected Model::PExpireTime(Words words) {
  const Entry* const entry = Find(words[1]);
  return ReplyValue::Integer(entry == nullptr ? -2 : entry->expire_at_ms);
}

Expected Model::ExpireTime(Words words) {
  const int64_t at_ms = PExpireTime(words).exact->integer;
  return ReplyValue::Integer(at_ms < 0 ? at_ms : WholeSeconds(at_ms));
}

Expected Model::DbSize(Words) {
  const auto least = static_cast<int64_t>(LiveKeys(selected_).size());
  const auto most = static_cast<int64_t>(database(selected_).size());
  if (least == most) {
    return ReplyValue::Integer(least);
  }
  return Expected([least, most] { return fmt::format("{} to {}", least, most); },
                  [least, most](const ReplyValue& reply) {
                    return reply.type == ':' && least <= reply.integer && reply.integer <= most;
                  });
}

Expected Model::FlushDb(Words words) {
  const std::string mode = words.size() == 2 ? LowerCase(words[1]) : "sync";
  if (words.size() > 2 || (mode != "sync" && mode != "async")) {
    return ReplyValue::Error(kSyntaxError);
  }
  ChangeDatabase(selected_).clear();
  return ReplyValue::Ok();
}

Expected Model::FlushAll(Words words) {
  Expected reply = FlushDb(words);
  if (reply.Accepts(ReplyValue::Ok())) {
    databases_ = {};
  }
  return reply;
}

Expected Model::SwapDb(Words words) {
  int64_t index[2];
  for (size_t i = 0; i < 2; ++i) {
    const std::optional<int64_t> given = StrictInteger(words[i + 1]);
    if (!given || *given < INT32_MIN || *given > INT32_MAX) {
      return ReplyValue::Error(i == 0 ? "ERR invalid first DB index" : "ERR invalid second DB index");
    }
    index[i] = *given;
  }
  if (std::min(index[0], index[1]) < 0 || std::max(index[0], index[1]) >= static_cast<int64_t>(kDatabases)) {
    return ReplyValue::Error(kNoDatabase);
  }
  std::array<Shared<Database>, kDatabases>& databases = databases_.Change();
  std::swap(databases[static_cast<size_t>(index[0])], databases[static_cast<size_t>(index[1])]);
  scanning_.reset();  // an iteration that goes on does so in another database
  return ReplyValue::Ok();
}

// ENCODING and REFCOUNT. When a key was last used is not followed.
Expected Model::Object(Words words) {
  const std::string subcommand = words.size() == 3 ? LowerCase(words[1]) : std::string();
  const bool encoding = subcommand == "encoding";
  if (!encoding && subcommand != "refcount") {
    return AnyReply(words);
  }
  const Entry* const entry = Find(words[2]);
  if (entry == nullptr) {
    return Null();
  }
  if (!encoding) {
    return ReplyValue::Integer(entry->encoding == Encoding::kSharedInt ? INT32_MAX : 1);
  }
  switch (entry->encoding) {
    case Encoding::kInt:
    case Encoding::kSharedInt:
      return ReplyValue::Bulk("int");
    case Encoding::kEmbedded:
      return ReplyValue::Bulk("embstr");
    case Encoding::kRaw:
      break;
  }
  return ReplyValue::Bulk("raw");
}

}  // namespace reprise
