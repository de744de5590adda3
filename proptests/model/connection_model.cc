#include <fmt/format.h>

#include <algorithm>

#include "proptests/model/model.h"

namespace reprise {

Expected Model::Ping(Words words) {
  if (words.size() > 2) {
    return ReplyValue::Error("ERR wrong number of arguments for 'ping' command");
  }
  return words.size() == 2 ? ReplyValue::Bulk(words[1]) : ReplyValue::Simple("PONG");
}

Expected Model::Echo(Words words) { return ReplyValue::Bulk(words[1]); }

Expected Model::Select(Words words) {
  size_t index = 0;
  if (auto error = ParseDatabase(words[1], index)) {
    return *error;
  }
  selected_ = index;
  return ReplyValue::Ok();
}

Expected Model::Reset(Words) {
  selected_ = 0;
  resp3_ = false;
  name_.clear();
  return ReplyValue::Simple("RESET");
}

// Not the forms with AUTH; what it tells of the server is not the model's to know.
Expected Model::Hello(Words words) {
  const std::optional<int64_t> version = words.size() > 1 ? StrictInteger(words[1]) : std::optional<int64_t>(0);
  if (!version) {
    return ReplyValue::Error("ERR Protocol version is not an integer or out of range");
  }
  if (words.size() > 1 && *version != 2 && *version != 3) {
    return ReplyValue::Error("NOPROTO unsupported protocol version");
  }
  for (size_t i = 2; i < words.size(); i += 2) {
    const std::string option = LowerCase(words[i]);
    if (option == "auth") {
      return AnyReply(words);
    }
    if (option != "setname" || i + 1 == words.size()) {
      return ReplyValue::Error("ERR Syntax error in HELLO option '" + words[i] + "'");
    }
    // What an option did stays done when a later one is wrong.
    if (auto error = SetName(words[i + 1])) {
      return *error;
    }
  }
  if (words.size() > 1) {
    resp3_ = *version == 3;
  }
  const char type = resp3_ ? '%' : '*';
  return Expected([] { return "the server's facts"; },
                  [type](const ReplyValue& reply) {
                    return reply.type == type && reply.parts.size() == 14 &&
                           reply.parts[0] == ReplyValue::Bulk("server");
                  });
}

std::optional<ReplyValue> Model::SetName(std::string_view name) {
  if (!std::all_of(name.begin(), name.end(), [](char c) { return c >= '!' && c <= '~'; })) {
    return ReplyValue::Error("ERR Client names cannot contain spaces, newlines or special characters.");
  }
  name_ = name;
  return std::nullopt;
}

Expected Model::Client(Words words) {
  const std::string subcommand = LowerCase(words[1]);
  if (subcommand == "setname" && words.size() == 3) {
    const auto error = SetName(words[2]);
    return error ? *error : ReplyValue::Ok();
  }
  if (subcommand == "getname" && words.size() == 2) {
    return name_.empty() ? Null() : ReplyValue::Bulk(name_);
  }
  if (subcommand == "reply" && words.size() == 3 && LowerCase(words[2]) == "on") {
    return ReplyValue::Ok();
  }
  if (subcommand == "getredir" && words.size() == 2) {
    return ReplyValue::Integer(-1);
  }
  if (subcommand == "no-evict" && words.size() == 3) {
    const std::string mode = LowerCase(words[2]);
    return mode == "on" || mode == "off" ? ReplyValue::Ok() : ReplyValue::Error(kSyntaxError);
  }
  if (subcommand == "id" && words.size() == 2) {
    return Expected([] { return "an id"; },
                    [](const ReplyValue& reply) { return reply.type == ':' && reply.integer > 0; });
  }
  return AnyReply(words);
}

Expected Model::Time(Words) {
  const int64_t now_ms = now_ms_;
  return Expected([now_ms] { return fmt::format("the time {} ms", now_ms); },
                  [now_ms](const ReplyValue& reply) {
                    if (reply.type != '*' || reply.parts.size() != 2) {
                      return false;
                    }
                    const std::optional<int64_t> seconds = StrictInteger(reply.parts[0].text);
                    const std::optional<int64_t> micros = StrictInteger(reply.parts[1].text);
                    return seconds && micros && *seconds * 1000 + *micros / 1000 == now_ms;
                  });
}

Expected Model::AnyReply(Words) {
  return Expected([] { return "any reply"; }, [](const ReplyValue&) { return true; });
}

}  // namespace reprise
