#include <fmt/format.h>

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <cstdlib>

#include "proptests/model/model.h"

namespace reprise {
namespace {

constexpr std::string_view kTooLong = "ERR string exceeds maximum allowed size (proto-max-bulk-len)";

// As Redis's string2ld.
std::optional<long double> StrictFloat(const std::string& text) {
  if (text.empty() || text.size() > 255 || std::string_view(" \t\n\v\f\r").find(text[0]) != std::string_view::npos) {
    return std::nullopt;
  }
  char* end = nullptr;
  const long double value = std::strtold(text.c_str(), &end);
  const bool whole = static_cast<size_t>(end - text.c_str()) == text.size();
  return whole && !std::isnan(value) ? std::optional(value) : std::nullopt;
}

// 17 digits behind the point at most, without the zeros that say nothing.
std::string HumanFloat(long double value) {
  char digits[5 * 1024];
  const int size = std::snprintf(digits, sizeof digits, "%.17Lf", value);
  std::string text(digits, static_cast<size_t>(size));
  if (text.find('.') != std::string::npos) {
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') {
      text.pop_back();
    }
  }
  return text == "-0" ? "0" : text;
}

}  // namespace

Expected Model::Get(Words words) {
  const Entry* const entry = Find(words[1]);
  return entry == nullptr ? Null() : ReplyValue::Bulk(*entry->value);
}

std::optional<ReplyValue> Model::ParseSetOptions(Words words, size_t from, bool is_set, SetOptions& options) const {
  const ReplyValue syntax_error = ReplyValue::Error(kSyntaxError);
  std::string unit;  // ex px exat pxat
  for (size_t i = from; i < words.size(); ++i) {
    const std::string word = LowerCase(words[i]);
    const bool timed = word == "ex" || word == "px" || word == "exat" || word == "pxat";
    if (word == "nx" && is_set && !options.xx) {
      options.nx = true;
    } else if (word == "xx" && is_set && !options.nx) {
      options.xx = true;
    } else if (word == "get" && is_set) {
      options.get = true;
    } else if (word == "keepttl" && is_set && unit.empty()) {
      options.keep_ttl = true;
    } else if (word == "persist" && !is_set && unit.empty()) {
      options.persist = true;
    } else if (timed && !options.keep_ttl && !options.persist && (unit.empty() || unit == word) &&
               i + 1 < words.size()) {
      unit = word;
      options.expire = words[++i];
    } else {
      return syntax_error;
    }
  }
  options.seconds = unit == "ex" || unit == "exat";
  options.relative = unit == "ex" || unit == "px";
  return std::nullopt;
}

std::optional<ReplyValue> Model::ParseExpire(const SetOptions& options, std::string_view command,
                                             int64_t& at_ms) const {
  const ReplyValue invalid = ReplyValue::Error(fmt::format("ERR invalid expire time in '{}' command", command));
  const std::optional<int64_t> given = StrictInteger(*options.expire);
  if (!given) {
    return ReplyValue::Error(kNotAnInteger);
  }
  if (*given <= 0 || (options.seconds && *given > INT64_MAX / 1000)) {
    return invalid;
  }
  at_ms = options.seconds ? *given * 1000 : *given;
  if (options.relative) {
    if (at_ms > INT64_MAX - now_ms_) {
      return invalid;
    }
    at_ms += now_ms_;
  }
  return std::nullopt;
}

Expected Model::Set(Words words) {
  SetOptions options;
  if (auto error = ParseSetOptions(words, 3, true, options)) {
    return *error;
  }
  int64_t at_ms = -1;
  if (options.expire) {
    if (auto error = ParseExpire(options, "set", at_ms)) {
      return *error;
    }
  }
  const Entry* const present = Find(words[1]);
  const ReplyValue former = present == nullptr || !options.get ? Null() : ReplyValue::Bulk(*present->value);
  if ((options.nx && present != nullptr) || (options.xx && present == nullptr)) {
    return options.get ? former : Null();
  }
  if (options.keep_ttl && present != nullptr) {
    at_ms = present->expire_at_ms;
  }
  Put(words[1], words[2], at_ms);
  return options.get ? former : ReplyValue::Ok();
}

Expected Model::SetNx(Words words) {
  if (Find(words[1]) != nullptr) {
    return ReplyValue::Integer(0);
  }
  Put(words[1], words[2]);
  return ReplyValue::Integer(1);
}

Expected Model::SetWithTtl(Words words, bool seconds, std::string_view command) {
  SetOptions options;
  options.relative = true;
  options.seconds = seconds;
  options.expire = words[2];
  int64_t at_ms = -1;
  if (auto error = ParseExpire(options, command, at_ms)) {
    return *error;
  }
  Put(words[1], words[3], at_ms);
  return ReplyValue::Ok();
}

Expected Model::SetEx(Words words) { return SetWithTtl(words, true, "setex"); }
Expected Model::PSetEx(Words words) { return SetWithTtl(words, false, "psetex"); }

Expected Model::GetSet(Words words) {
  const Entry* const entry = Find(words[1]);
  const ReplyValue former = entry == nullptr ? Null() : ReplyValue::Bulk(*entry->value);
  Put(words[1], words[2]);
  return former;
}

Expected Model::GetDel(Words words) {
  const Entry* const entry = Find(words[1]);
  if (entry == nullptr) {
    return Null();
  }
  const ReplyValue former = ReplyValue::Bulk(*entry->value);
  Erase(words[1]);
  return former;
}

Expected Model::GetEx(Words words) {
  SetOptions options;
  if (auto error = ParseSetOptions(words, 2, false, options)) {
    return *error;
  }
  const Entry* const entry = Find(words[1]);
  if (entry == nullptr) {
    return Null();
  }
  int64_t at_ms = -1;
  if (options.expire) {
    if (auto error = ParseExpire(options, "getex", at_ms)) {
      return *error;
    }
  }
  const ReplyValue value = ReplyValue::Bulk(*entry->value);
  if (options.expire && !options.relative && at_ms <= now_ms_) {
    Erase(words[1]);
  } else if (options.expire) {
    Change(words[1]).expire_at_ms = at_ms;
  } else if (options.persist) {
    Change(words[1]).expire_at_ms = -1;
  }
  return value;
}

Expected Model::MGet(Words words) {
  std::vector<ReplyValue> values;
  for (const std::string& key : words.subspan(1)) {
    const Entry* const entry = Find(key);
    values.push_back(entry == nullptr ? Null() : ReplyValue::Bulk(*entry->value));
  }
  return ReplyValue::Array(std::move(values));
}

Expected Model::MSet(Words words) {
  if (words.size() % 2 == 0) {
    return ReplyValue::Error("ERR wrong number of arguments for 'mset' command");
  }
  for (size_t i = 1; i < words.size(); i += 2) {
    Put(words[i], words[i + 1]);
  }
  return ReplyValue::Ok();
}

Expected Model::MSetNx(Words words) {
  if (words.size() % 2 == 0) {
    return ReplyValue::Error("ERR wrong number of arguments for 'msetnx' command");
  }
  for (size_t i = 1; i < words.size(); i += 2) {
    if (Find(words[i]) != nullptr) {
      return ReplyValue::Integer(0);
    }
  }
  for (size_t i = 1; i < words.size(); i += 2) {
    Put(words[i], words[i + 1]);
  }
  return ReplyValue::Integer(1);
}

Expected Model::Append(Words words) {
  const Entry* const entry = Find(words[1]);
  if (entry == nullptr) {
    Put(words[1], words[2]);
    return ReplyValue::Integer(static_cast<int64_t>(words[2].size()));
  }
  if (entry->value->size() + words[2].size() > max_string_bytes_) {
    return ReplyValue::Error(kTooLong);
  }
  Entry& changed = Change(words[1]);
  changed.encoding = Encoding::kRaw;
  std::string& value = changed.value.Change();
  value += words[2];
  return ReplyValue::Integer(static_cast<int64_t>(value.size()));
}

Expected Model::StrLen(Words words) {
  const Entry* const entry = Find(words[1]);
  return ReplyValue::Integer(entry == nullptr ? 0 : static_cast<int64_t>(entry->value->size()));
}

Expected Model::SetRange(Words words) {
  const std::optional<int64_t> offset = StrictInteger(words[2]);
  if (!offset) {
    return ReplyValue::Error(kNotAnInteger);
  }
  if (*offset < 0) {
    return ReplyValue::Error("ERR offset is out of range");
  }
  const Entry* const entry = Find(words[1]);
  const std::string& piece = words[3];
  if (piece.empty()) {
    return ReplyValue::Integer(entry == nullptr ? 0 : static_cast<int64_t>(entry->value->size()));
  }
  const auto at = static_cast<uint64_t>(*offset);
  if (at > max_string_bytes_ || at + piece.size() > max_string_bytes_) {
    return ReplyValue::Error(kTooLong);
  }
  std::string value = entry == nullptr ? std::string() : *entry->value;
  value.resize(std::max<size_t>(value.size(), at + piece.size()), '\0');
  value.replace(at, piece.size(), piece);
  const auto size = static_cast<int64_t>(value.size());
  PutAs(Encoding::kRaw, words[1], value, entry == nullptr ? -1 : entry->expire_at_ms);
  return ReplyValue::Integer(size);
}

Expected Model::GetRange(Words words) {
  const std::optional<int64_t> first = StrictInteger(words[2]);
  const std::optional<int64_t> last = StrictInteger(words[3]);
  if (!first || !last) {
    return ReplyValue::Error(kNotAnInteger);
  }
  const Entry* const entry = Find(words[1]);
  if (entry == nullptr) {
    return ReplyValue::Bulk("");
  }
  const auto size = static_cast<int64_t>(entry->value->size());
  if (*first < 0 && *last < 0 && *first > *last) {
    return ReplyValue::Bulk("");
  }
  const int64_t from = std::max<int64_t>(0, *first < 0 ? size + *first : *first);
  const int64_t to = std::min(size - 1, std::max<int64_t>(0, *last < 0 ? size + *last : *last));
  if (from > to || size == 0) {
    return ReplyValue::Bulk("");
  }
  return ReplyValue::Bulk(entry->value->substr(static_cast<size_t>(from), static_cast<size_t>(to - from + 1)));
}

Expected Model::AddTo(std::string_view key, int64_t amount) {
  const Entry* const entry = Find(key);
  const std::optional<int64_t> present = entry == nullptr ? std::optional<int64_t>(0) : StrictInteger(*entry->value);
  if (!present) {
    return ReplyValue::Error(kNotAnInteger);
  }
  if ((amount < 0 && *present < INT64_MIN - amount) || (amount > 0 && *present > INT64_MAX - amount)) {
    return ReplyValue::Error("ERR increment or decrement would overflow");
  }
  Put(key, std::to_string(*present + amount), entry == nullptr ? -1 : entry->expire_at_ms);
  return ReplyValue::Integer(*present + amount);
}

Expected Model::Incr(Words words) { return AddTo(words[1], 1); }
Expected Model::Decr(Words words) { return AddTo(words[1], -1); }

Expected Model::IncrBy(Words words) {
  const std::optional<int64_t> amount = StrictInteger(words[2]);
  return amount ? AddTo(words[1], *amount) : ReplyValue::Error(kNotAnInteger);
}

Expected Model::DecrBy(Words words) {
  const std::optional<int64_t> amount = StrictInteger(words[2]);
  if (!amount) {
    return ReplyValue::Error(kNotAnInteger);
  }
  if (*amount == INT64_MIN) {
    return ReplyValue::Error("ERR decrement would overflow");
  }
  return AddTo(words[1], -*amount);
}

Expected Model::IncrByFloat(Words words) {
  const Entry* const entry = Find(words[1]);
  const std::optional<long double> present =
      entry == nullptr ? std::optional<long double>(0.0L) : StrictFloat(*entry->value);
  const std::optional<long double> amount = StrictFloat(words[2]);
  if (!present || !amount) {
    return ReplyValue::Error("ERR value is not a valid float");
  }
  const long double sum = *present + *amount;
  if (std::isnan(sum) || std::isinf(sum)) {
    return ReplyValue::Error("ERR increment would produce NaN or Infinity");
  }
  const std::string text = HumanFloat(sum);
  // As text, even if it reads as an integer.
  PutAs(text.size() <= 44 ? Encoding::kEmbedded : Encoding::kRaw, words[1], text,
        entry == nullptr ? -1 : entry->expire_at_ms);
  return ReplyValue::Bulk(text);
}

}  // namespace reprise
