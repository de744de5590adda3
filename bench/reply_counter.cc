#include "bench/reply_counter.h"

#include <algorithm>

namespace reprise {

size_t ReplyCounter::Feed(std::string_view bytes) {
  size_t replies = 0;
  const auto end_value = [&] {
    if (--parts_left_ == 0) {
      ++replies;
      parts_left_ = 1;
    }
  };
  size_t i = 0;
  while (i < bytes.size()) {
    if (payload_left_ > 0) {
      const size_t taken = std::min(payload_left_, bytes.size() - i);
      i += taken;
      payload_left_ -= taken;
      if (payload_left_ == 0) {
        end_value();
      }
      continue;
    }
    const char c = bytes[i++];
    if (type_ == 0) {
      type_ = c;
      number_ = 0;
      negative_ = false;
    } else if (c == '\n') {
      if (EndLine()) {
        end_value();
      }
      type_ = 0;
    } else if (c == '-') {
      negative_ = true;
    } else if (c >= '0' && c <= '9') {
      number_ = number_ * 10 + static_cast<size_t>(c - '0');
    }
  }
  return replies;
}

// Whether the line that ended was all of a value.
bool ReplyCounter::EndLine() {
  switch (type_) {
    case '-':
      ++errors_;
      return true;
    case '$':
      payload_left_ = negative_ ? 0 : number_ + 2;
      return negative_;
    case '*':
    case '~':
    case '>':
      parts_left_ += negative_ ? 0 : number_;
      return true;  // the header itself counts as one
    case '%':
      parts_left_ += number_ * 2;
      return true;
    default:
      return true;
  }
}

}  // namespace reprise
