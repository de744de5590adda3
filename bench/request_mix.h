// RequestMix: the requests that a load sends, as RESP. Each kind of request is a line of words with a weight:
// "90:GET {key}", "10:SET {key} {value}". {key} becomes "key:" and 12 digits, {value} a value of the set size, {number}
// a random number of 12 digits.
#ifndef REPRISE_BENCH_REQUEST_MIX_H_
#define REPRISE_BENCH_REQUEST_MIX_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "bench/key_chooser.h"

namespace reprise {

class RequestMix {
 public:
  RequestMix(const std::vector<std::string>& lines, size_t value_bytes, KeyChooser keys);

  // Appends one request.
  void Append(std::string* out);

 private:
  // Where 12 digits go in a kind's bytes.
  struct Gap {
    size_t offset;
    bool is_key;  // else any number
  };
  struct Kind {
    uint64_t weight_up_to;  // its own weight and that of the kinds before it
    std::string bytes;
    std::vector<Gap> gaps;
  };

  static void AddWord(std::string_view word, size_t value_bytes, Kind* kind);
  const Kind& Choose();

  std::vector<Kind> kinds_;
  KeyChooser keys_;
};

}  // namespace reprise

#endif  // REPRISE_BENCH_REQUEST_MIX_H_
