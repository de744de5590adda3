// Fuzz target: the request parser gives the same requests and the same error, whatever the cut of the bytes.
//
// Input: byte 0 picks limits, byte 1 the size of the pieces, the rest is the stream of a client. Each 0x01 in the
// stream (up to kMaxFillers of them) stands for kFillerBytes bytes, so that short inputs reach what happens to big ones
// only. Every piece is parsed in a heap buffer of its exact size: AddressSanitizer sees each byte read too far.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "server/resp/parse_pieces_testing.h"
#include "server/resp/parser.h"

namespace reprise {
namespace {

constexpr size_t kFillerBytes = 33000;  // more than UnfinishedRequest::kDirectReceiveBytes
constexpr int kMaxFillers = 3;
constexpr size_t kMaxStreamBytes = 200000;

ParseLimits LimitsFrom(uint8_t choice) {
  ParseLimits limits;
  limits.authenticated = (choice & 1) == 0;
  limits.max_line_bytes = (choice & 2) == 0 ? 65536 : 8;
  limits.max_bulk_bytes = (choice & 4) == 0 ? limits.max_bulk_bytes : 10;
  limits.max_arguments = (choice & 8) == 0 ? limits.max_arguments : 3;
  return limits;
}

struct Stream {
  std::string bytes;
  std::vector<size_t> cuts;  // behind every byte, but none within a filler, which would take too long
};

Stream StreamFrom(std::string_view input) {
  Stream stream;
  int fillers = 0;
  for (const char byte : input.substr(0, kMaxStreamBytes)) {
    if (byte == '\x01' && fillers < kMaxFillers) {
      stream.bytes.append(kFillerBytes, 'x');
      ++fillers;
    } else {
      stream.bytes += byte;
    }
    stream.cuts.push_back(stream.bytes.size());
  }
  return stream;
}

// Pieces of changing sizes that depend on what the stream holds.
std::vector<size_t> CutsFrom(std::string_view stream, uint8_t choice) {
  std::vector<size_t> cuts;
  uint32_t state = choice;
  size_t at = 0;
  while (at < stream.size()) {
    state = state * 1664525 + static_cast<uint8_t>(stream[at]) + 1013904223;
    at += 1 + (state >> 16) % (1 + choice * size_t{choice} / 4 + stream.size() / 1000);
    cuts.push_back(at);
  }
  return cuts;
}

void ExpectSame(const ParsedStream& whole, const ParsedStream& cut, std::string_view how) {
  if (!(cut == whole)) {
    std::cerr << "at once:\n" << whole << "\n" << how << ":\n" << cut << "\n";
    std::abort();
  }
}

}  // namespace
}  // namespace reprise

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace reprise;
  if (size < 2) {
    return 0;
  }
  const ParseLimits limits = LimitsFrom(data[0]);
  const Stream stream = StreamFrom({reinterpret_cast<const char*>(data) + 2, size - 2});
  const ParsedStream whole = ParseInPieces(stream.bytes, {}, limits);
  ExpectSame(whole, ParseInPieces(stream.bytes, stream.cuts, limits), "bytewise");
  ExpectSame(whole, ParseInPieces(stream.bytes, CutsFrom(stream.bytes, data[1]), limits), "in pieces");
  return 0;
}
