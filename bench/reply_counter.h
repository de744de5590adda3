// ReplyCounter: counts the replies in a RESP stream as its bytes come by, in whatever pieces. Keeps nothing of them.
#ifndef REPRISE_BENCH_REPLY_COUNTER_H_
#define REPRISE_BENCH_REPLY_COUNTER_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace reprise {

class ReplyCounter {
 public:
  // Takes more bytes of the stream; answers how many replies ended in them.
  size_t Feed(std::string_view bytes);

  // Error replies so far, also within arrays.
  uint64_t errors() const { return errors_; }

 private:
  bool EndLine();

  char type_ = 0;  // of the line being read; 0: at its start
  bool negative_ = false;
  size_t number_ = 0;        // in the line, for types that announce a size
  size_t payload_left_ = 0;  // of a bulk string, with its line end
  size_t parts_left_ = 1;    // values until the reply is complete
  uint64_t errors_ = 0;
};

}  // namespace reprise

#endif  // REPRISE_BENCH_REPLY_COUNTER_H_
