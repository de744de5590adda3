#include <fmt/format.h>

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
