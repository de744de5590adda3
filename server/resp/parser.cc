#include "server/resp/parser.h"

#include <algorithm>

#include "server/resp/inline_line.h"
#include "server/resp/number.h"

namespace reprise {
namespace {

using Kind = ProtocolError::Kind;

enum class LineState : uint8_t { kNumber, kNotANumber, kNeedMore, kTooLong };

// What was found where a count line is due. Handed around by value: a position or a number whose address is taken
// would live in memory, and each argument would wait for the store of the one before.
struct CountLine {
  LineState state = LineState::kNeedMore;
  size_t size = 0;  // with its end; for a complete line
  int64_t number = 0;
};

// Finds the first of `end_mark` and NUL in `rest`, looking at the bytes from progress->line_scanned on, and at no more
// than the first `max_bytes` in all. Answers its offset, which is where the next search begins, or how far it looked.
size_t FindLineEnd(std::string_view rest, char end_mark, size_t max_bytes, RequestProgress* progress) {
  const size_t window = std::min(rest.size(), max_bytes);
  size_t i = progress->line_scanned;
  while (i < window && rest[i] != end_mark && rest[i] != '\0') {
    ++i;
  }
  progress->steps += i - progress->line_scanned + 1;
  progress->line_scanned = i;
  return i;
}

CountLine ReadAnyCountLine(std::string_view rest, size_t max_line_bytes, RequestProgress* progress) {
  const size_t end = FindLineEnd(rest, '\r', max_line_bytes + 1, progress);
  const bool found = end < rest.size() && end <= max_line_bytes && rest[end] == '\r';
  if (!found) {
    return {rest.size() > max_line_bytes ? LineState::kTooLong : LineState::kNeedMore};
  }
  if (end + 2 > rest.size()) {
    return {LineState::kNeedMore};  // the byte after '\r' is skipped unseen, but it has to be there
  }
  const std::optional<int64_t> number = ParseInt64(end == 0 ? std::string_view() : rest.substr(1, end - 1));
  progress->line_scanned = 0;
  return {number.has_value() ? LineState::kNumber : LineState::kNotANumber, end + 2, number.value_or(0)};
}

// Reads the count line at the front of `rest`: at once if it has one of the common shapes, one to three digits. All
// else, and all that is wrong, is left to ReadAnyCountLine.
[[gnu::always_inline]] inline CountLine ReadCountLine(std::string_view rest, size_t max_line_bytes,
                                                      RequestProgress* progress) {
  const auto digit = [rest](size_t i) { return static_cast<unsigned>(static_cast<unsigned char>(rest[i])) - '0'; };
  const auto complete = [progress](size_t size, unsigned number) {
    progress->line_scanned = 0;
    return CountLine{LineState::kNumber, size, number};
  };
  if (rest.size() >= 6) [[likely]] {  // "$123\r\n"
    if (rest[2] == '\r' && digit(1) <= 9) {
      return complete(4, digit(1));
    }
    if (digit(1) - 1 <= 8 && digit(2) <= 9) {
      if (rest[3] == '\r') {
        return complete(5, digit(1) * 10 + digit(2));
      }
      if (digit(3) <= 9 && rest[4] == '\r') {
        return complete(6, digit(1) * 100 + digit(2) * 10 + digit(3));
      }
    }
  }
  return ReadAnyCountLine(rest, max_line_bytes, progress);
}

ParseOutcome Fail(ProtocolError* error, Kind kind, char got = 0) {
  *error = {kind, got};
  return ParseOutcome::kError;
}

ParseOutcome ParseInline(std::string_view input, size_t* pos, const ParseLimits& limits, RequestProgress* progress,
                         ArgumentList* args, ProtocolError* error) {
  const size_t max = limits.max_line_bytes;
  const std::string_view rest = input.substr(*pos);
  const size_t end = FindLineEnd(rest, '\n', max + 2, progress);
  const bool found = end < rest.size() && end <= max + 1 && rest[end] == '\n';
  // Without a '\n' yet, a '\r' at the end of what is there may still turn out to belong to the line's end.
  const size_t seen = found ? end : std::min(rest.size(), max + 2);
  const size_t length = seen > 0 && rest[seen - 1] == '\r' ? seen - 1 : seen;
  if (length > max) {
    return Fail(error, Kind::kTooBigInline);
  }
  if (!found) {
    return ParseOutcome::kNeedMore;
  }
  const size_t args_before = args->size();
  if (!SplitInlineLine(rest.substr(0, length), args)) {
    return Fail(error, Kind::kUnbalancedQuotes);
  }
  *pos += end + 1;
  progress->line_scanned = 0;
  return args->size() == args_before ? ParseOutcome::kEmpty : ParseOutcome::kRequest;
}

// Judges the first line of a RESP array. kRequest: it announces arguments.
inline ParseOutcome JudgeArrayLine(const CountLine& line, const ParseLimits& limits, ProtocolError* error) {
  if (line.state == LineState::kNeedMore) {
    return ParseOutcome::kNeedMore;
  }
  if (line.state == LineState::kTooLong) {
    return Fail(error, Kind::kTooBigMultibulkCount);
  }
  if (line.state == LineState::kNotANumber || line.number > limits.max_arguments) {
    return Fail(error, Kind::kInvalidMultibulkLength);
  }
  if (!limits.authenticated && line.number > ParseLimits::kMaxArgumentsUnauthenticated) {
    return Fail(error, Kind::kUnauthenticatedMultibulkLength);
  }
  return line.number <= 0 ? ParseOutcome::kEmpty : ParseOutcome::kRequest;
}

// Judges what stands where the line before a payload should. NUL ends the search for a line's end, so such a line is
// never complete, whatever follows.
ParseOutcome JudgeOtherLine(std::string_view rest, const ParseLimits& limits, ProtocolError* error) {
  if (rest[0] != '\0') {
    return Fail(error, Kind::kExpectedDollar, rest[0]);
  }
  return rest.size() > limits.max_line_bytes ? Fail(error, Kind::kTooBigBulkCount) : ParseOutcome::kNeedMore;
}

// Judges the line before a payload, which stands at the front of `rest`. kRequest: it announces a payload.
inline ParseOutcome JudgeBulkLine(std::string_view rest, const CountLine& line, const ParseLimits& limits,
                                  ProtocolError* error) {
  if (line.state == LineState::kNeedMore) {
    return ParseOutcome::kNeedMore;
  }
  if (line.state == LineState::kTooLong) {
    return Fail(error, Kind::kTooBigBulkCount);
  }
  if (rest[0] != '$') {
    return JudgeOtherLine(rest, limits, error);
  }
  if (line.state == LineState::kNotANumber || line.number < 0 || line.number > limits.max_bulk_bytes) {
    return Fail(error, Kind::kInvalidBulkLength);
  }
  if (!limits.authenticated && line.number > ParseLimits::kMaxBulkBytesUnauthenticated) {
    return Fail(error, Kind::kUnauthenticatedBulkLength);
  }
  return ParseOutcome::kRequest;
}

std::string_view RestOf(std::string_view input, size_t pos) { return {input.data() + pos, input.size() - pos}; }

// Reads the bulk strings of a RESP array that are still to come.
[[gnu::always_inline]] inline ParseOutcome ReadBulkStrings(std::string_view input, size_t* pos,
                                                           const ParseLimits& limits, RequestProgress* progress,
                                                           ArgumentList* args, ProtocolError* error) {
  size_t at = *pos;
  int64_t left = progress->arguments_left;
  int64_t bulk_bytes = progress->bulk_bytes;
  ParseOutcome outcome = ParseOutcome::kRequest;
  while (left > 0) {
    if (bulk_bytes < 0) {
      const std::string_view rest = RestOf(input, at);
      const CountLine line = ReadCountLine(rest, limits.max_line_bytes, progress);
      outcome = JudgeBulkLine(rest, line, limits, error);
      if (outcome != ParseOutcome::kRequest) {
        break;
      }
      at += line.size;
      bulk_bytes = line.number;
    }
    const auto bytes = static_cast<uint64_t>(bulk_bytes);
    if (input.size() - at < bytes + 2) {
      outcome = ParseOutcome::kNeedMore;
      break;
    }
    args->Add({input.data() + at, bytes});
    at += bytes + 2;
    bulk_bytes = -1;
    --left;
  }
  *pos = at;
  progress->arguments_left = left;
  progress->bulk_bytes = bulk_bytes;
  return outcome;
}

// ContinueRequest, in a form that the compiler can merge into ParseNext.
[[gnu::always_inline]] inline ParseOutcome Continue(std::string_view input, size_t* pos, const ParseLimits& limits,
                                                    RequestProgress* progress, ArgumentList* args,
                                                    ProtocolError* error) {
  if (progress->arguments_left == 0) {
    if (*pos == input.size()) {
      return ParseOutcome::kNeedMore;
    }
    if (input[*pos] != '*') {
      return ParseInline(input, pos, limits, progress, args, error);
    }
    const CountLine line = ReadCountLine(RestOf(input, *pos), limits.max_line_bytes, progress);
    const ParseOutcome outcome = JudgeArrayLine(line, limits, error);
    *pos += line.size;
    if (outcome != ParseOutcome::kRequest) {
      return outcome;
    }
    progress->arguments_left = line.number;
  }
  return ReadBulkStrings(input, pos, limits, progress, args, error);
}

}  // namespace

ParseOutcome ContinueRequest(std::string_view input, size_t* pos, const ParseLimits& limits, RequestProgress* progress,
                             ArgumentList* args, ProtocolError* error) {
  return Continue(input, pos, limits, progress, args, error);
}

ParseOutcome ParseNext(std::string_view input, size_t* pos, const ParseLimits& limits, ArgumentList* args,
                       ProtocolError* error) {
  RequestProgress progress;
  const size_t args_before = args->size();
  size_t at = *pos;
  const ParseOutcome outcome = Continue(input, &at, limits, &progress, args, error);
  if (outcome == ParseOutcome::kRequest || outcome == ParseOutcome::kEmpty) {
    *pos = at;
  } else {
    args->Truncate(args_before);
  }
  return outcome;
}

std::string ProtocolError::Text() const {
  const std::string prefix = "ERR Protocol error: ";
  switch (kind) {
    case Kind::kNone:
      break;
    case Kind::kTooBigInline:
      return prefix + "too big inline request";
    case Kind::kUnbalancedQuotes:
      return prefix + "unbalanced quotes in request";
    case Kind::kTooBigMultibulkCount:
      return prefix + "too big mbulk count string";
    case Kind::kInvalidMultibulkLength:
      return prefix + "invalid multibulk length";
    case Kind::kUnauthenticatedMultibulkLength:
      return prefix + "unauthenticated multibulk length";
    case Kind::kTooBigBulkCount:
      return prefix + "too big bulk count string";
    case Kind::kExpectedDollar:
      // A line end would break the reply's own line.
      return prefix + "expected '$', got '" + (got == '\r' || got == '\n' ? ' ' : got) + "'";
    case Kind::kInvalidBulkLength:
      return prefix + "invalid bulk length";
    case Kind::kUnauthenticatedBulkLength:
      return prefix + "unauthenticated bulk length";
  }
  return {};
}

}  // namespace reprise
