// Properties of the request parser: nothing that it says depends on how the bytes were cut, and what was encoded is
// what is parsed.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "server/resp/parse_pieces_testing.h"
#include "server/resp/parser.h"

namespace reprise {
namespace {

using Request = std::vector<std::string>;

std::string Encode(const Request& request) {
  std::string bytes = "*" + std::to_string(request.size()) + "\r\n";
  for (const auto& argument : request) {
    bytes += "$" + std::to_string(argument.size()) + "\r\n" + argument + "\r\n";
  }
  return bytes;
}

// Mostly short arguments of any bytes; some of a size at which the parser changes its ways.
rc::Gen<std::string> AnyArgument() {
  const auto sized = rc::gen::map(
      rc::gen::pair(
          rc::gen::elementOf(std::vector<size_t>{9, 10, 99, 100, 999, 1000, 32766, 32767, 32768, 40000, 70000}),
          rc::gen::arbitrary<char>()),
      [](const std::pair<size_t, char>& shape) { return std::string(shape.first, shape.second); });
  return rc::gen::weightedOneOf<std::string>({{20, rc::gen::arbitrary<std::string>()}, {1, sized}});
}

rc::Gen<Request> AnyRequest() { return rc::gen::nonEmpty(rc::gen::container<Request>(AnyArgument())); }

// Pieces that the grammar is made of, right and wrong, so that random sequences of them reach deep.
rc::Gen<std::string> AnyFragment() {
  static const std::vector<std::string> kFragments = {"*1\r\n",
                                                      "*2\r\n",
                                                      "*3\r\n",
                                                      "*12\r\n",
                                                      "*0\r\n",
                                                      "*-1\r\n",
                                                      "*01\r\n",
                                                      "*x\r\n",
                                                      "*",
                                                      "$",
                                                      "$0\r\n",
                                                      "$1\r\n",
                                                      "$3\r\n",
                                                      "$10\r\n",
                                                      "$-1\r\n",
                                                      "$00\r\n",
                                                      "$100\r\n",
                                                      "$17000\r\n",
                                                      "\r\n",
                                                      "\r",
                                                      "\n",
                                                      "abc\r\n",
                                                      "PING\r\n",
                                                      "\"",
                                                      "'",
                                                      "\\x41",
                                                      "\\",
                                                      " ",
                                                      "x",
                                                      std::string(1, '\0'),
                                                      "1",
                                                      "0",
                                                      "-",
                                                      "99999999999\r\n",
                                                      std::string(12, 'y'),
                                                      std::string(40, '1')};
  return rc::gen::elementOf(kFragments);
}

std::string Joined(const std::vector<std::string>& parts) {
  std::string all;
  for (const auto& part : parts) {
    all += part;
  }
  return all;
}

// Valid requests with some bytes changed, lost or doubled.
rc::Gen<std::string> MutatedRequests() {
  return rc::gen::exec([] {
    std::string bytes;
    for (const auto& request : *rc::gen::container<std::vector<Request>>(AnyRequest())) {
      bytes += Encode(request);
    }
    const int mutations = *rc::gen::inRange(0, 4);
    for (int i = 0; i < mutations && !bytes.empty(); ++i) {
      // The beginning, where the counts are, is hit more often than its length would have it.
      const size_t reach = std::min(bytes.size(), *rc::gen::element<size_t>(8, 40, bytes.size()));
      const auto at = *rc::gen::inRange<size_t>(0, reach);
      const int what = *rc::gen::inRange(0, 3);
      if (what == 0) {
        bytes[at] = *rc::gen::arbitrary<char>();
      } else if (what == 1) {
        bytes.erase(at, 1);
      } else {
        bytes.insert(at, *AnyFragment());
      }
    }
    return bytes;
  });
}

rc::Gen<std::vector<size_t>> CutsOf(size_t size) {
  return rc::gen::map(rc::gen::container<std::vector<size_t>>(rc::gen::inRange<size_t>(0, size + 1)),
                      [](std::vector<size_t> cuts) {
                        std::sort(cuts.begin(), cuts.end());
                        return cuts;
                      });
}

// The limits of a client, or small ones, so that short streams meet them.
rc::Gen<ParseLimits> AnyLimits() {
  return rc::gen::exec([] {
    ParseLimits limits;
    limits.authenticated = *rc::gen::arbitrary<bool>();
    limits.max_line_bytes = *rc::gen::element<size_t>(8, 9, 10, 20, 65536);
    limits.max_bulk_bytes = *rc::gen::element<int64_t>(5, 100, 536870912);
    limits.max_arguments = *rc::gen::element<int64_t>(3, 2147483647);
    return limits;
  });
}

void CheckAllCuts(const std::string& bytes, const ParseLimits& limits) {
  const ParsedStream whole = ParseInPieces(bytes, {}, limits);
  RC_CLASSIFY(whole.error.kind != ProtocolError::Kind::kNone, "error");
  RC_CLASSIFY(whole.requests.size() > 1, "several requests");
  RC_ASSERT(ParseInPieces(bytes, CutEverywhere(bytes.size()), limits) == whole);
  for (int i = 0; i < 3; ++i) {
    RC_ASSERT(ParseInPieces(bytes, *CutsOf(bytes.size()), limits) == whole);
  }
}

RC_GTEST_PROP(RespProperty, WhatWasEncodedIsParsed, ()) {
  const auto requests = *rc::gen::container<std::vector<Request>>(AnyRequest());
  std::string bytes;
  for (const auto& request : requests) {
    bytes += Encode(request);
  }
  const auto cuts = *CutsOf(bytes.size());
  const ParsedStream stream = ParseInPieces(bytes, cuts, {});
  RC_ASSERT(stream.error == ProtocolError());
  RC_ASSERT(stream.requests == requests);
  RC_ASSERT(stream.complete_bytes == bytes.size());
}

RC_GTEST_PROP(RespProperty, MutatedRequestsAreReadTheSameUnderEverySplit, ()) {
  CheckAllCuts(*MutatedRequests(), *AnyLimits());
}

RC_GTEST_PROP(RespProperty, FragmentsAreReadTheSameUnderEverySplit, ()) {
  CheckAllCuts(Joined(*rc::gen::container<std::vector<std::string>>(AnyFragment())), *AnyLimits());
}

RC_GTEST_PROP(RespProperty, WhatFollowsACompleteRequestDoesNotChangeIt, ()) {
  const auto request = *AnyRequest();
  const auto garbage = *rc::gen::arbitrary<std::string>();
  const ParsedStream stream = ParseInPieces(Encode(request) + garbage, {}, {});
  RC_ASSERT(!stream.requests.empty());
  RC_ASSERT(stream.requests[0] == request);
}

}  // namespace
}  // namespace reprise
