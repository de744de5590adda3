#include "bench/request_mix.h"

#include <fmt/format.h>

#include <charconv>
#include <sstream>

#include "loop/check.h"

namespace reprise {
namespace {

constexpr size_t kDigits = 12;
constexpr uint64_t kNumberLimit = 1'000'000'000'000;

}  // namespace

RequestMix::RequestMix(const std::vector<std::string>& lines, size_t value_bytes, KeyChooser keys) : keys_(keys) {
  uint64_t weights = 0;
  for (const std::string& line : lines) {
    uint64_t weight = 1;
    const size_t colon = line.find(':');
    const char* const end = line.data() + (colon == std::string::npos ? 0 : colon);
    const bool weighted = std::from_chars(line.data(), end, weight).ptr == end && end != line.data();
    std::istringstream text(weighted ? line.substr(colon + 1) : line);
    std::vector<std::string> words;
    for (std::string word; text >> word;) {
      words.push_back(word);
    }
    CHECK(!words.empty());
    weights += weighted ? weight : 1;
    Kind kind{weights, fmt::format("*{}\r\n", words.size()), {}};
    for (const std::string& word : words) {
      AddWord(word, value_bytes, &kind);
    }
    kinds_.push_back(std::move(kind));
  }
}

void RequestMix::AddWord(std::string_view word, size_t value_bytes, Kind* kind) {
  std::string payload(word);
  size_t gap = std::string::npos;
  if (word == "{key}") {
    payload = fmt::format("key:{:012}", 0);
    gap = 4;
  } else if (word == "{number}") {
    payload = std::string(kDigits, '0');
    gap = 0;
  } else if (word == "{value}") {
    payload = std::string(value_bytes, 'v');
  }
  kind->bytes += fmt::format("${}\r\n", payload.size());
  if (gap != std::string::npos) {
    kind->gaps.push_back({kind->bytes.size() + gap, word == "{key}"});
  }
  kind->bytes += payload + "\r\n";
}

const RequestMix::Kind& RequestMix::Choose() {
  if (kinds_.size() > 1) {
    const uint64_t point = keys_.Below(kinds_.back().weight_up_to);
    for (const Kind& kind : kinds_) {
      if (point < kind.weight_up_to) {
        return kind;
      }
    }
  }
  return kinds_[0];
}

void RequestMix::Append(std::string* out) {
  const Kind& kind = Choose();
  const size_t start = out->size();
  out->append(kind.bytes);
  for (const Gap& gap : kind.gaps) {
    uint64_t number = gap.is_key ? keys_.Next() : keys_.Below(kNumberLimit);
    char* const digits = out->data() + start + gap.offset;
    for (size_t i = kDigits; i > 0; --i) {
      digits[i - 1] = static_cast<char>('0' + number % 10);
      number /= 10;
    }
  }
}

}  // namespace reprise
