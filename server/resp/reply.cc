#include "server/resp/reply.h"

#include <array>
#include <string>

#include "loop/check.h"

namespace reprise {

void ReplyWriter::Line(char type, std::string_view text) {
  char* begin = out_->Reserve(text.size() + 3);
  *begin = type;
  if (!text.empty()) {
    std::memcpy(begin + 1, text.data(), text.size());
  }
  LineEnd(begin + 1 + text.size());
  out_->Commit(text.size() + 3);
}

void ReplyWriter::Error(std::string_view text) {
  text = text.substr(0, text.find_last_not_of("\r\n") + 1);
  const size_t start = out_->size() + 1;
  Line('-', text);
  for (char* c = out_->data() + start; c != out_->data() + start + text.size(); ++c) {
    if (*c == '\r' || *c == '\n') {
      *c = ' ';
    }
  }
}

void ReplyWriter::Integer(int64_t value) {
  char* begin = out_->Reserve(kMaxHeaderBytes);
  char* end = begin;
  if (value >= 0) {
    end = Header(begin, ':', static_cast<size_t>(value));
  } else {
    *end++ = ':';
    end = LineEnd(FormatInt64(value, end));
  }
  out_->Commit(static_cast<size_t>(end - begin));
}

void ReplyWriter::BulkInteger(int64_t value) {
  std::array<char, kMaxInt64Digits> digits;
  BulkString({digits.data(), static_cast<size_t>(FormatInt64(value, digits.data()) - digits.data())});
}

void ReplyWriter::AttributeHeader(size_t pairs) {
  CHECK(resp3_);
  AppendHeader('|', pairs);
}

void ReplyWriter::InsertHeader(size_t mark, char type, size_t length) {
  std::array<char, kMaxHeaderBytes> header;
  const auto header_size = static_cast<size_t>(Header(header.data(), type, length) - header.data());
  CHECK(mark <= out_->size());
  const size_t parts_size = out_->size() - mark;
  (void)out_->Reserve(header_size);
  char* at = out_->data() + mark;
  std::memmove(at + header_size, at, parts_size);
  std::memcpy(at, header.data(), header_size);
  out_->Commit(header_size);
}

void ReplyWriter::Double(double value) {
  const std::string text = FormatDouble(value);
  resp3_ ? Line(',', text) : BulkString(text);
}

void ReplyWriter::HumanLongDouble(long double value) {
  const std::string text = FormatLongDouble(value);
  resp3_ ? Line(',', text) : BulkString(text);
}

void ReplyWriter::BigNumber(std::string_view digits) { resp3_ ? Line('(', digits) : BulkString(digits); }

void ReplyWriter::Verbatim(std::string_view format, std::string_view text) {
  CHECK(format.size() == 3);
  if (!resp3_) {
    BulkString(text);
    return;
  }
  AppendHeader('=', text.size() + 4);
  out_->Append(format);
  out_->Append(":");
  out_->Append(text);
  BulkEnd();
}

}  // namespace reprise
