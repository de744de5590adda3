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
  authenticated_ = server_password_.empty();
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

// As Redis's printf has it: a zero byte ends a word, and the words together are cut behind some bytes. A reply's line
// holds no line ends.
ReplyValue Model::Unknown(Words words) {
  constexpr size_t kShownBytes = 128;
  const auto text_of = [](const std::string& word) { return word.substr(0, word.find('\0')); };
  std::string shown;
  for (size_t i = 1; i < words.size() && shown.size() < kShownBytes; ++i) {
    shown += "'" + text_of(words[i]).substr(0, kShownBytes - shown.size()) + "' ";
  }
  std::string text = fmt::format("ERR unknown command '{}', with args beginning with: {}",
                                 text_of(words[0]).substr(0, kShownBytes), shown);
  std::replace(text.begin(), text.end(), '\r', ' ');
  std::replace(text.begin(), text.end(), '\n', ' ');
  return ReplyValue::Error(text);
}

}  // namespace reprise
