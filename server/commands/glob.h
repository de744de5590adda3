// GlobMatches: the patterns of KEYS, SCAN and CONFIG GET, as redis-server 7.0.15 takes them.
//
//   *        any bytes, none included          ?       any one byte
//   [abc]    one of these bytes                [^abc]  any but these
//   [a-z]    one of a range, in either order   \x      the byte x itself, inside brackets too
//
// Everything else stands for itself. No pattern is wrong: a bracket that is never closed ends with the pattern, a
// backslash at the end stands for itself. Bytes in a range compare as signed ones. Empty text is matched by the empty
// pattern alone, not by "*" (Redis's KEYS and SCAN never ask about "*"). Pure.
#ifndef REPRISE_SERVER_COMMANDS_GLOB_H_
#define REPRISE_SERVER_COMMANDS_GLOB_H_

#include <cstdint>
#include <string_view>

namespace reprise {

enum class GlobCase : uint8_t {
  kExact,
  kIgnore,  // ASCII letters match in either case, except behind a backslash inside brackets
};

// Whether all of `text` matches. Time: at most the product of the sizes. Memory: none, whatever the pattern.
bool GlobMatches(std::string_view pattern, std::string_view text, GlobCase letter_case = GlobCase::kExact);

}  // namespace reprise

#endif  // REPRISE_SERVER_COMMANDS_GLOB_H_
