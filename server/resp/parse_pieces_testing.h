// For tests and fuzzers: runs the parser over a stream of bytes as a connection does that reads them in given pieces.
#ifndef REPRISE_SERVER_RESP_PARSE_PIECES_TESTING_H_
#define REPRISE_SERVER_RESP_PARSE_PIECES_TESTING_H_

#include <cstddef>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/resp/parser.h"

namespace reprise {

// All that a connection could know from a stream. It must not depend on the pieces.
struct ParsedStream {
  std::vector<std::vector<std::string>> requests;  // one without arguments is a kEmpty
  ProtocolError error;                             // kNone: the stream ended first
  size_t complete_bytes = 0;  // where the request begins that failed, or is unfinished or not begun

  friend bool operator==(const ParsedStream&, const ParsedStream&) = default;
};

// For messages of failed tests.
std::ostream& operator<<(std::ostream& out, const ParsedStream& stream);

// Parses `bytes`, cut at the offsets `cuts` (in ascending order; repeated and too big ones are ignored). Every piece is
// copied into a heap buffer of its exact size, so that a sanitizer sees a read behind it, and is gone when the next
// piece comes. Bytes go to ReceiveTarget where it is offered. CHECKs what the contracts promise by the way.
ParsedStream ParseInPieces(std::string_view bytes, std::span<const size_t> cuts, const ParseLimits& limits);

// The cuts that make every byte a piece of its own.
std::vector<size_t> CutEverywhere(size_t size);

}  // namespace reprise

#endif  // REPRISE_SERVER_RESP_PARSE_PIECES_TESTING_H_
