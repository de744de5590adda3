// ReplyValue: one reply, as a client holds it once it is parsed.
//
// The type byte of the wire is kept, so that a RESP3 reply on a RESP2 connection is not taken for a right one.
#ifndef REPRISE_PROPTESTS_MODEL_REPLY_VALUE_H_
#define REPRISE_PROPTESTS_MODEL_REPLY_VALUE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace reprise {

struct ReplyValue {
  // '+' '-' ':' '$' '*' and of RESP3 '_' ',' '#' '(' '=' '%' '~' '>'.
  char type = '+';
  bool null = false;                   // "$-1" and "*-1"; '_' needs no mark
  int64_t integer = 0;                 // of ':'
  std::string text = {};               // of everything else without parts
  std::vector<ReplyValue> parts = {};  // of a map: key, value, key, value...

  static ReplyValue Simple(std::string_view text) { return {'+', false, 0, std::string(text), {}}; }
  static ReplyValue Error(std::string_view text) { return {'-', false, 0, std::string(text), {}}; }
  static ReplyValue Integer(int64_t value) { return {':', false, value, {}, {}}; }
  static ReplyValue Bulk(std::string_view text) { return {'$', false, 0, std::string(text), {}}; }
  static ReplyValue Array(std::vector<ReplyValue> parts) { return {'*', false, 0, {}, std::move(parts)}; }
  static ReplyValue Ok() { return Simple("OK"); }

  bool IsError() const { return type == '-'; }
  bool IsNull() const { return null || type == '_'; }

  // For people: on one line, long text cut.
  std::string ToString() const;

  friend bool operator==(const ReplyValue&, const ReplyValue&) = default;
};

// Bytes for people: printable ones as they are, the others as \xNN, cut behind `most`.
std::string Quoted(std::string_view bytes, size_t most = 120);
// The words of a request for people, each cut early.
std::string QuotedWords(const std::vector<std::string>& words);

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_MODEL_REPLY_VALUE_H_
