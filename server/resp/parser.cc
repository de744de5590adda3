#include "server/resp/parser.h"

#include <algorithm>

#include "server/resp/inline_line.h"
#include "server/resp/number.h"

namespace reprise {
namespace {

using Kind = ProtocolError::Kind;

// What the line at some position is.
enum class Line : uint8_t { kNumber, kNotANumber, kNeedMore, kTooLong };

// Finds the first of `end_mark` and NUL in input[pos...], looking at the bytes from *scanned on and at most at
// `max_bytes` in all. Answers its offset from `pos`; *scanned if there is none, or a NUL hides it.
size_t FindLineEnd(std::string_view input, size_t pos, char end_mark, size_t max_bytes, RequestProgress* progress) {
  const char* line = input.data() + pos;
  const size_t window = std::min(input.size() - pos, max_bytes);
  size_t i = progress->line_scanned;
  while (i < window && line[i] != end_mark && line[i] != '\0') {
    ++i;
  }
  progress->steps += i - progress->line_scanned + 1;
  progress->line_scanned = i;
  return i;
}

// Reads the count line at input[*pos], which holds at least one byte, and moves behind it if it is complete.
Line ReadAnyCountLine(std::string_view input, size_t* pos, size_t max_line_bytes, RequestProgress* progress,
                      int64_t* number) {
  const size_t available = input.size() - *pos;
  const size_t end = FindLineEnd(input, *pos, '\r', max_line_bytes + 1, progress);
  const bool found = end < available && end <= max_line_bytes && input[*pos + end] == '\r';
  if (!found) {
    return available > max_line_bytes ? Line::kTooLong : Line::kNeedMore;
  }
  if (end + 2 > available) {
    return Line::kNeedMore;  // the byte after '\r' is skipped unseen, but it has to be there
  }
  const std::optional<int64_t> value = ParseInt64(input.substr(*pos + 1, std::max(end, size_t{1}) - 1));
  progress->line_scanned = 0;
  *pos += end + 2;
  *number = value.value_or(0);
  return value.has_value() ? Line::kNumber : Line::kNotANumber;
}

// Reads the number of a count line's common shapes: one to three digits. Answers the line's size, or 0 for all else,
// and for all that is wrong.
inline size_t ReadShortCountLine(std::string_view line, int64_t* number) {
  if (line.size() < 6) [[unlikely]] {  // "$123\r\n"
    return 0;
  }
  const auto digit = [line](size_t i) { return static_cast<unsigned>(static_cast<unsigned char>(line[i])) - '0'; };
  if (line[2] == '\r' && digit(1) <= 9) {
    *number = digit(1);
    return 4;
  }
  if (digit(1) - 1 > 8 || digit(2) > 9) {
    return 0;
  }
  if (line[3] == '\r') {
    *number = digit(1) * 10 + digit(2);
    return 5;
  }
  if (digit(3) <= 9 && line[4] == '\r') {
    *number = digit(1) * 100 + digit(2) * 10 + digit(3);
    return 6;
  }
  return 0;
}

inline Line ReadCountLine(std::string_view input, size_t* pos, size_t max_line_bytes, RequestProgress* progress,
                          int64_t* number) {
  const size_t line_bytes = ReadShortCountLine({input.data() + *pos, input.size() - *pos}, number);
  if (line_bytes == 0) [[unlikely]] {
    return ReadAnyCountLine(input, pos, max_line_bytes, progress, number);
  }
  *pos += line_bytes;
  progress->line_scanned = 0;
  return Line::kNumber;
}

ParseOutcome Fail(ProtocolError* error, Kind kind, char got = 0) {
  *error = {kind, got};
  return ParseOutcome::kError;
}

ParseOutcome ParseInline(std::string_view input, size_t* pos, const ParseLimits& limits, RequestProgress* progress,
                         ArgumentList* args, ProtocolError* error) {
  const size_t max = limits.max_line_bytes;
  const char* line = input.data() + *pos;
  const size_t available = input.size() - *pos;
  const size_t end = FindLineEnd(input, *pos, '\n', max + 2, progress);
  const bool found = end < available && end <= max + 1 && line[end] == '\n';
  // Of max + 1 bytes the last may still turn out to belong to the line's end.
  const size_t seen = found ? end : std::min(available, max + 2);
  const size_t length = seen > 0 && line[seen - 1] == '\r' && (found || seen == max + 1) ? seen - 1 : seen;
  if (length > max) {
    return Fail(error, Kind::kTooBigInline);
  }
  if (!found) {
    return ParseOutcome::kNeedMore;
  }
  const size_t args_before = args->size();
  if (!SplitInlineLine({line, length}, args)) {
    return Fail(error, Kind::kUnbalancedQuotes);
  }
  *pos += end + 1;
  progress->line_scanned = 0;
  return args->size() == args_before ? ParseOutcome::kEmpty : ParseOutcome::kRequest;
}

// Reads the first line of a RESP array. kRequest: it announced the *count arguments, at least one, that follow.
inline ParseOutcome ReadArrayStart(std::string_view input, size_t* pos, const ParseLimits& limits,
                                   RequestProgress* progress, int64_t* count, ProtocolError* error) {
  switch (ReadCountLine(input, pos, limits.max_line_bytes, progress, count)) {
    case Line::kNumber:
      break;
    case Line::kNotANumber:
      return Fail(error, Kind::kInvalidMultibulkLength);
    case Line::kNeedMore:
      return ParseOutcome::kNeedMore;
    case Line::kTooLong:
      return Fail(error, Kind::kTooBigMultibulkCount);
  }
  if (*count > limits.max_arguments) {
    return Fail(error, Kind::kInvalidMultibulkLength);
  }
  if (!limits.authenticated && *count > ParseLimits::kMaxArgumentsUnauthenticated) {
    return Fail(error, Kind::kUnauthenticatedMultibulkLength);
  }
  return *count <= 0 ? ParseOutcome::kEmpty : ParseOutcome::kRequest;
}

// Reads the line before a bulk string. kRequest: *bytes of payload follow.
inline ParseOutcome ReadBulkStart(std::string_view input, size_t* pos, const ParseLimits& limits,
                                  RequestProgress* progress, int64_t* bytes, ProtocolError* error) {
  if (*pos == input.size()) {
    return ParseOutcome::kNeedMore;
  }
  const char marker = input[*pos];
  const Line line = ReadCountLine(input, pos, limits.max_line_bytes, progress, bytes);
  if (line == Line::kNeedMore) {
    return ParseOutcome::kNeedMore;
  }
  if (line == Line::kTooLong) {
    return Fail(error, Kind::kTooBigBulkCount);
  }
  if (marker != '$') {
    return Fail(error, Kind::kExpectedDollar, marker);
  }
  if (line == Line::kNotANumber || *bytes < 0 || *bytes > limits.max_bulk_bytes) {
    return Fail(error, Kind::kInvalidBulkLength);
  }
  if (!limits.authenticated && *bytes > ParseLimits::kMaxBulkBytesUnauthenticated) {
    return Fail(error, Kind::kUnauthenticatedBulkLength);
  }
  return ParseOutcome::kRequest;
}

// ContinueRequest, in a form that the compiler can merge into ParseNext with `progress` in registers.
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
    int64_t count = 0;
    const ParseOutcome start = ReadArrayStart(input, pos, limits, progress, &count, error);
    if (start != ParseOutcome::kRequest) {
      return start;
    }
    progress->arguments_left = count;
  }
  while (progress->arguments_left > 0) {
    if (progress->bulk_bytes < 0) {
      int64_t bytes = 0;
      const ParseOutcome start = ReadBulkStart(input, pos, limits, progress, &bytes, error);
      if (start != ParseOutcome::kRequest) {
        return start;
      }
      progress->bulk_bytes = bytes;
    }
    const auto bytes = static_cast<uint64_t>(progress->bulk_bytes);
    if (input.size() - *pos < bytes + 2) {
      return ParseOutcome::kNeedMore;
    }
    args->Add({input.data() + *pos, bytes});
    *pos += bytes + 2;
    progress->bulk_bytes = -1;
    --progress->arguments_left;
  }
  return ParseOutcome::kRequest;
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
