// ReplyParser: a client's side of RESP, strict.
//
// Takes a server's bytes cut anywhere and gives whole replies. What is not RESP as the specification has it (a length
// with a plus sign, a bulk without its end, a line with a lone line feed) is an error for good: servers are tested with
// it, so it forgives nothing. Types of RESP3 are taken at any time; whether they were due is for others to say.
#ifndef REPRISE_PROPTESTS_WORKLOAD_REPLY_PARSER_H_
#define REPRISE_PROPTESTS_WORKLOAD_REPLY_PARSER_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "proptests/model/reply_value.h"

namespace reprise {

class ReplyParser {
 public:
  void Feed(std::string_view bytes) { buffer_.append(bytes); }
  // The next whole reply, or nothing: more bytes are needed, or there was an error.
  std::optional<ReplyValue> Next();
  // What is wrong with the bytes, in words; empty: nothing.
  const std::string& error() const { return error_; }
  // Bytes of a reply that is not whole.
  std::string_view rest() const { return std::string_view(buffer_).substr(at_); }
  // A new connection.
  void Reset();

 private:
  static constexpr int kDepthMax = 32;

  bool Parse(size_t& at, ReplyValue& value, int depth);
  bool ParseLine(size_t& at, std::string_view& line);
  bool ParseLength(std::string_view text, int64_t& length);
  bool ParseBulk(size_t& at, int64_t length, ReplyValue& value);
  bool ParseParts(size_t& at, int64_t count, ReplyValue& value, int depth);
  bool ParseScalar(std::string_view line, ReplyValue& value);
  bool Fail(std::string what);

  std::string buffer_;
  size_t at_ = 0;    // before it all is parsed
  size_t need_ = 0;  // with fewer bytes in the buffer there is no whole reply
  std::string error_;
};

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_WORKLOAD_REPLY_PARSER_H_
