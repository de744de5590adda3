// ReplyParser: a client's side of RESP, strict.
//
// Takes a server's bytes cut anywhere and gives whole replies. What is not RESP as the specification has it (a length
// with a plus sign, a bulk without its end, a line with a lone line feed) is an error for good: servers are tested with
// it, so it forgives nothing. Types of RESP3 are taken at any time; whether they were due is for others to say.
#ifndef REPRISE_PROPTESTS_WORKLOAD_REPLY_PARSER_H_
#define REPRISE_PROPTESTS_WORKLOAD_REPLY_PARSER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proptests/model/reply_value.h"

namespace reprise {

class ReplyParser {
 public:
  void Feed(std::string_view bytes);
  // The next whole reply, or nothing: more bytes are needed, or there was an error.
  std::optional<ReplyValue> Next();
  // What is wrong with the bytes, in words; empty: nothing.
  const std::string& error() const { return error_; }
  // Whether part of a reply has come, and not all of it.
  bool midway() const { return !open_.empty() || at_ < buffer_.size(); }
  // The bytes of the connection that all replies until now were.
  uint64_t taken() const { return forgotten_ + at_; }
  // A new connection.
  void Reset();

 private:
  static constexpr size_t kDepthMax = 32;

  // A reply with parts, of which some have not come yet.
  struct Open {
    ReplyValue value;
    uint64_t missing = 0;
  };

  // These take a whole line or value off the buffer, or leave it as it is and answer false: there is not enough of it,
  // or it is wrong.
  bool ParseOne(ReplyValue& value, uint64_t& parts);
  bool ParseValue(size_t& at, std::string_view line, ReplyValue& value, uint64_t& parts);
  bool ParseLine(size_t& at, std::string_view& line);
  bool ParseLength(std::string_view text, int64_t& length);
  bool ParseBulk(size_t& at, int64_t length, ReplyValue& value);
  bool ParseCount(int64_t count, ReplyValue& value, uint64_t& parts);
  bool ParseScalar(std::string_view line, ReplyValue& value);
  bool Fail(std::string what);
  // Puts a whole value where it belongs. Answers whether the reply is whole with it, which is in `value` then.
  bool Close(ReplyValue& value);

  std::string buffer_;
  size_t at_ = 0;           // before it all is parsed
  uint64_t forgotten_ = 0;  // bytes of the connection that were in front of the buffer
  size_t need_ = 0;         // with fewer bytes in the buffer there is nothing to parse
  std::vector<Open> open_;  // each a part of the one before
  std::string error_;
};

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_WORKLOAD_REPLY_PARSER_H_
