// The request parser: RESP arrays of bulk strings ("*2\r\n$4\r\nECHO\r\n$2\r\nhi\r\n") and inline lines ("ECHO
// hi\r\n").
//
// Pure: bytes in, views of them out. ParseNext reads one request that lies whole in the input, and keeps no state. When
// the input ends within a request, UnfinishedRequest (unfinished_request.h) takes it over; both walk the same grammar,
// which is ContinueRequest below. What is accepted, and every error, is that of redis-server 7.0.15, found by trying
// it, with one difference: Redis's verdict on overlong lines depends on how the bytes were cut by the network, and
// ours never does. The facts that surprise:
// - A count line ("*2\r\n", "$4\r\n") ends with its first '\r' and whatever byte follows it; the two bytes behind a
// bulk
//   string's payload are skipped unseen. An inline line ends with '\n'; one '\r' before it is not part of it.
// - Numbers are strict (ParseInt64). "*0\r\n", "*-5\r\n" and an inline line without a word are requests without
//   arguments: kEmpty. They get no reply, but end a CLIENT REPLY SKIP.
// - A NUL byte in a line hides the line's end: it never completes, and is refused once it is overlong.
// - A line is overlong when more than max_line_bytes come before its end, the marker ('*' or '$') included, '\n' or
//   "\r\n" not. An inline line of just that many bytes is taken.
// - A count line must be complete before anything about it is refused, its marker first, then its number.
#ifndef REPRISE_SERVER_RESP_PARSER_H_
#define REPRISE_SERVER_RESP_PARSER_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "server/resp/arguments.h"

namespace reprise {

// What a client may send. The defaults are Redis's.
struct ParseLimits {
  int64_t max_bulk_bytes = int64_t{512} << 20;                  // proto-max-bulk-len
  int64_t max_arguments = std::numeric_limits<int32_t>::max();  // of a RESP array
  size_t max_line_bytes = 65536;                                // an inline line, or a count line
  bool authenticated = true;                                    // false: the two below hold as well

  static constexpr int64_t kMaxArgumentsUnauthenticated = 10;  // of a RESP array; an inline line may have more
  static constexpr int64_t kMaxBulkBytesUnauthenticated = 16384;

  static ParseLimits Unauthenticated() {
    ParseLimits limits;
    limits.authenticated = false;
    return limits;
  }
};

// Why the input can't be a request. The connection is to be closed after the reply Text().
struct ProtocolError {
  enum class Kind : uint8_t {
    kNone,
    kTooBigInline,
    kUnbalancedQuotes,
    kTooBigMultibulkCount,
    kInvalidMultibulkLength,
    kUnauthenticatedMultibulkLength,
    kTooBigBulkCount,
    kExpectedDollar,
    kInvalidBulkLength,
    kUnauthenticatedBulkLength,
  };
  Kind kind = Kind::kNone;
  char got = 0;  // the byte where '$' was expected, for kExpectedDollar

  // The error reply with its code, without '-' and line end: "ERR Protocol error: invalid bulk length".
  std::string Text() const;

  friend bool operator==(const ProtocolError&, const ProtocolError&) = default;
};

enum class ParseOutcome : uint8_t {
  kRequest,   // a whole request with at least one argument
  kEmpty,     // a whole request without any: nothing to execute, nothing to answer
  kNeedMore,  // the input ended before the request did, or before it began
  kError,     // the input is not a request, whatever follows
};

// Parses the request at input[*pos] and appends its arguments to `args`, as views of `input` where possible.
//
// kRequest, kEmpty: *pos is moved behind it. kNeedMore: *pos and `args` are as before; if *pos < input.size(), the rest
// is the beginning of a request, to be given to an UnfinishedRequest. kError: *pos and `args` are as before and *error
// tells why. REQUIRES: *pos <= input.size(); limits.max_line_bytes >= 8.
ParseOutcome ParseNext(std::string_view input, size_t* pos, const ParseLimits& limits, ArgumentList* args,
                       ProtocolError* error);

// Where a request stands whose bytes have been consumed up to the start of a line or of a payload.
struct RequestProgress {
  int64_t arguments_left = 0;  // > 0: within a RESP array, this many bulk strings are still to come
  int64_t bulk_bytes = -1;     // >= 0: a payload of this many bytes and its two-byte end come next
  size_t line_scanned = 0;     // this many bytes of the line that comes next hold no end of it
  uint64_t steps = 0;  // bytes looked at to find ends of lines, but for the shortest: tests watch that it is linear
};

// The grammar. Goes on with the request described by `progress`, whose next byte is input[*pos]; consumes whole lines
// and whole payloads, appending to `args`. On kNeedMore *pos is where the incomplete line or payload begins, `progress`
// describes it, and it must stand at input[*pos] again, longer, in the next call. On kError `args` may have grown.
ParseOutcome ContinueRequest(std::string_view input, size_t* pos, const ParseLimits& limits, RequestProgress* progress,
                             ArgumentList* args, ProtocolError* error);

}  // namespace reprise

#endif  // REPRISE_SERVER_RESP_PARSER_H_
