#include <algorithm>

#include "proptests/model/model.h"

namespace reprise {
namespace {

struct Lcs {
  Lcs(std::string_view left, std::string_view right) : a(left), b(right), lengths((a.size() + 1) * (b.size() + 1), 0) {
    for (size_t i = 1; i <= a.size(); ++i) {
      const char c = a[i - 1];
      const uint32_t* const above = &lengths[(i - 1) * (b.size() + 1)];
      uint32_t* const row = &lengths[i * (b.size() + 1)];
      for (size_t j = 1; j <= b.size(); ++j) {
        row[j] = c == b[j - 1] ? above[j - 1] + 1 : std::max(above[j], row[j - 1]);
      }
    }
  }

  // Of the longest sequence that the first `i` bytes of a and the first `j` of b have in common.
  uint32_t length(size_t i, size_t j) const { return lengths[i * (b.size() + 1) + j]; }
  int64_t length() const { return int64_t{length(a.size(), b.size())}; }

  std::string_view a;
  std::string_view b;
  std::vector<uint32_t> lengths;  // row by row
};

struct Range {
  size_t a_first = 0, a_last = 0, b_first = 0, b_last = 0;
  size_t size() const { return a_last - a_first + 1; }
};

// Walks back from the ends as Redis does, which settles which of several longest sequences it is. A match that does not
// follow on the range before it ends that range and begins none itself: that is what Redis does.
std::string Walk(const Lcs& lcs, std::vector<Range>& ranges) {
  std::string common;
  Range range;
  bool open = false;
  size_t i = lcs.a.size();
  size_t j = lcs.b.size();
  while (i > 0 && j > 0) {
    bool emit = false;
    if (lcs.a[i - 1] == lcs.b[j - 1]) {
      common += lcs.a[i - 1];
      if (!open) {
        range = Range{i - 1, i - 1, j - 1, j - 1};
        open = true;
      } else if (range.a_first == i && range.b_first == j) {
        --range.a_first;
        --range.b_first;
      } else {
        emit = true;
      }
      emit = emit || range.a_first == 0 || range.b_first == 0;
      --i;
      --j;
    } else {
      if (lcs.length(i - 1, j) > lcs.length(i, j - 1)) {
        --i;
      } else {
        --j;
      }
      emit = open;
    }
    if (emit) {
      ranges.push_back(range);
      open = false;
    }
  }
  std::reverse(common.begin(), common.end());
  return common;
}

ReplyValue Pair(size_t first, size_t last) {
  return ReplyValue::Array(
      {ReplyValue::Integer(static_cast<int64_t>(first)), ReplyValue::Integer(static_cast<int64_t>(last))});
}

}  // namespace

Expected Model::Lcs(Words words) {
  const Entry* const first = Find(words[1]);
  const std::string a = first == nullptr ? std::string() : *first->value;
  const Entry* const second = Find(words[2]);
  const std::string b = second == nullptr ? std::string() : *second->value;
  bool want_length = false, want_ranges = false, with_length = false;
  int64_t least = 0;
  for (size_t i = 3; i < words.size(); ++i) {
    const std::string word = LowerCase(words[i]);
    if (word == "idx") {
      want_ranges = true;
    } else if (word == "len") {
      want_length = true;
    } else if (word == "withmatchlen") {
      with_length = true;
    } else if (word == "minmatchlen" && i + 1 < words.size()) {
      const std::optional<int64_t> given = StrictInteger(words[++i]);
      if (!given) {
        return ReplyValue::Error(kNotAnInteger);
      }
      least = std::max<int64_t>(0, *given);
    } else {
      return ReplyValue::Error(kSyntaxError);
    }
  }
  if (want_ranges && want_length) {
    return ReplyValue::Error("ERR If you want both the length and indexes, please just use IDX.");
  }
  if (4 * (a.size() + 1) * (b.size() + 1) > max_string_bytes_) {
    return ReplyValue::Error("ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len");
  }
  const struct Lcs lcs(a, b);
  if (want_length) {
    return ReplyValue::Integer(lcs.length());
  }
  std::vector<Range> ranges;
  const std::string common = Walk(lcs, ranges);
  if (!want_ranges) {
    return ReplyValue::Bulk(common);
  }
  std::vector<ReplyValue> matches;
  for (const Range& range : ranges) {
    if (least == 0 || static_cast<int64_t>(range.size()) >= least) {
      std::vector<ReplyValue> match = {Pair(range.a_first, range.a_last), Pair(range.b_first, range.b_last)};
      if (with_length) {
        match.push_back(ReplyValue::Integer(static_cast<int64_t>(range.size())));
      }
      matches.push_back(ReplyValue::Array(std::move(match)));
    }
  }
  ReplyValue reply = ReplyValue::Array({ReplyValue::Bulk("matches"), ReplyValue::Array(std::move(matches)),
                                        ReplyValue::Bulk("len"), ReplyValue::Integer(lcs.length())});
  reply.type = resp3_ ? '%' : '*';
  return reply;
}

}  // namespace reprise
