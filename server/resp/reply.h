// ReplyWriter: values to the bytes of RESP2 or RESP3, written straight into a ByteBuffer.
//
// One writer formats for one protocol version; what RESP2 has no type for becomes what redis-server 7.0.15 sends in its
// place (a map: an array of keys and values; a double: a bulk string; null: "$-1"; true: ":1"). A reply that has parts
// is its header followed by the parts; the writer does not count them. Nothing here can fail.
#ifndef REPRISE_SERVER_RESP_REPLY_H_
#define REPRISE_SERVER_RESP_REPLY_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "loop/byte_buffer.h"
#include "server/resp/number.h"

namespace reprise {

enum class RespVersion : uint8_t { kResp2 = 2, kResp3 = 3 };

class ReplyWriter {
 public:
  // Appends to `*out`, which must outlive the writer.
  ReplyWriter(ByteBuffer* out, RespVersion version) : out_(out), resp3_(version == RespVersion::kResp3) {}

  RespVersion version() const { return resp3_ ? RespVersion::kResp3 : RespVersion::kResp2; }
  ByteBuffer& out() { return *out_; }

  // "+OK"
  void Ok() { out_->Append("+OK\r\n"); }
  // "+PONG". REQUIRES: no line end in `text`.
  void SimpleString(std::string_view text) { Line('+', text); }
  // "-ERR unknown command". `text` begins with the code. Line ends in it, which may come from what a client sent,
  // become blanks, those at its end are dropped.
  void Error(std::string_view text);

  // ":42"
  void Integer(int64_t value);
  // "$2", "42": a number where a string is asked for
  void BulkInteger(int64_t value);

  void BulkString(std::string_view bytes) {
    char* begin = out_->Reserve(bytes.size() + kMaxHeaderBytes + 2);
    char* end = Header(begin, '$', bytes.size());
    if (!bytes.empty()) {
      std::memcpy(end, bytes.data(), bytes.size());
    }
    end = LineEnd(end + bytes.size());
    out_->Commit(static_cast<size_t>(end - begin));
  }
  // The two sides of a bulk string whose `size` bytes the caller sends by itself in between: a big value need not be
  // copied into the buffer.
  void BulkHeader(size_t size) { AppendHeader('$', size); }
  void BulkEnd() { out_->Append("\r\n"); }

  // No value: "$-1", or "_" in RESP3.
  void Null() { out_->Append(resp3_ ? "_\r\n" : "$-1\r\n"); }
  // No value where an array would be: "*-1", or "_" in RESP3.
  void NullArray() { out_->Append(resp3_ ? "_\r\n" : "*-1\r\n"); }

  // `size` values follow.
  void ArrayHeader(size_t size) { AppendHeader('*', size); }
  void SetHeader(size_t size) { AppendHeader(resp3_ ? '~' : '*', size); }
  // A message out of turn; in RESP2 an array, as pub/sub has it there.
  void PushHeader(size_t size) { AppendHeader(resp3_ ? '>' : '*', size); }
  // `pairs` keys follow, each with its value.
  void MapHeader(size_t pairs) { AppendHeader(resp3_ ? '%' : '*', resp3_ ? pairs : pairs * 2); }
  // `pairs` keys with values follow, then the reply that they say something about. REQUIRES: RESP3.
  void AttributeHeader(size_t pairs);

  // For an array, set or map whose size is known only once its parts are written: mark where it begins, write the
  // parts, then put the header in front of them (which moves them once). The marked place is an offset into the buffer,
  // whose live bytes must not be consumed in between.
  size_t Mark() const { return out_->size(); }
  void ArrayHeaderAt(size_t mark, size_t size) { InsertHeader(mark, '*', size); }
  void SetHeaderAt(size_t mark, size_t size) { InsertHeader(mark, resp3_ ? '~' : '*', size); }
  void MapHeaderAt(size_t mark, size_t pairs) { InsertHeader(mark, resp3_ ? '%' : '*', resp3_ ? pairs : pairs * 2); }

  // ",3.141", in RESP2 the bulk string "3.141": 17 significant digits, "inf", "-inf".
  void Double(double value);
  // As Double, in the form of FormatLongDouble.
  void HumanLongDouble(long double value);
  // "#t" and "#f"; ":1" and ":0" in RESP2.
  void Boolean(bool value) { out_->Append(resp3_ ? (value ? "#t\r\n" : "#f\r\n") : (value ? ":1\r\n" : ":0\r\n")); }
  // "(123"; a bulk string in RESP2. REQUIRES: `digits` is a decimal number.
  void BigNumber(std::string_view digits);
  // "=7", "txt:abc"; a bulk string of `text` alone in RESP2. REQUIRES: `format` has three bytes, "txt" or "mkd".
  void Verbatim(std::string_view format, std::string_view text);

  // Bytes that are RESP already.
  void Raw(std::string_view reply) { out_->Append(reply); }

 private:
  static constexpr size_t kMaxHeaderBytes = 1 + kMaxInt64Digits + 2;

  static char* LineEnd(char* to) {
    std::memcpy(to, "\r\n", 2);
    return to + 2;
  }
  // A type and a length, "$5\r\n", at `to`; answers the end. Nearly all lengths have one or two digits.
  static char* Header(char* to, char type, size_t length) {
    *to++ = type;
    if (length < 10) {
      *to++ = static_cast<char>('0' + length);
    } else if (length < 100) {
      *to++ = static_cast<char>('0' + length / 10);
      *to++ = static_cast<char>('0' + length % 10);
    } else {
      to = FormatUint64(length, to);
    }
    return LineEnd(to);
  }
  void AppendHeader(char type, size_t length) {
    char* begin = out_->Reserve(kMaxHeaderBytes);
    out_->Commit(static_cast<size_t>(Header(begin, type, length) - begin));
  }
  void InsertHeader(size_t mark, char type, size_t length);
  void Line(char type, std::string_view text);

  ByteBuffer* out_;
  bool resp3_;
};

}  // namespace reprise

#endif  // REPRISE_SERVER_RESP_REPLY_H_
