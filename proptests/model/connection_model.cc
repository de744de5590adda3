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

// Only the forms without AUTH; what it tells of the server is not the model's to know.
Expected Model::Hello(Words words) {
  if (words.size() == 2 && (words[1] == "2" || words[1] == "3")) {
    resp3_ = words[1] == "3";
  } else if (words.size() > 1) {
    return AnyReply(words);
  }
  const char type = resp3_ ? '%' : '*';
  return Expected([] { return "the server's facts"; },
                  [type](const ReplyValue& reply) {
                    return reply.type == type && reply.parts.size() == 14 &&
                           reply.parts[0] == ReplyValue::Bulk("server");
                  });
}

Expected Model::Client(Words words) {
  const std::string subcommand = LowerCase(words[1]);
  if (subcommand == "setname" && words.size() == 3) {
    const bool printable = std::all_of(words[2].begin(), words[2].end(), [](char c) { return c >= '!' && c <= '~'; });
    if (!printable) {
      return ReplyValue::Error("ERR Client names cannot contain spaces, newlines or special characters.");
    }
    name_ = words[2];
    return ReplyValue::Ok();
  }
  if (subcommand == "getname" && words.size() == 2) {
    return name_.empty() ? Null() : ReplyValue::Bulk(name_);
  }
  if (subcommand == "reply" && words.size() == 3 && LowerCase(words[2]) == "on") {
    return ReplyValue::Ok();
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
