// Splitting an inline request into words, with the quoting of redis-cli and redis.conf.
//
// Words are separated by white space. Within a word, "..." knows \n \r \t \b \a, \xHH and \ before any other byte for
// that byte; '...' knows \' only. A quote may open in the middle of a word; where it closes, the word ends, and white
// space or the line's end must follow.
#ifndef REPRISE_SERVER_RESP_INLINE_LINE_H_
#define REPRISE_SERVER_RESP_INLINE_LINE_H_

#include <string_view>

#include "server/resp/arguments.h"

namespace reprise {

// Appends the words of `line` to `args`, as views of `line` where they stand there as they are, else as copies. False,
// with some words appended or none, if a quote does not close or text follows its closing. REQUIRES: no NUL in `line`.
[[nodiscard]] bool SplitInlineLine(std::string_view line, ArgumentList* args);

}  // namespace reprise

#endif  // REPRISE_SERVER_RESP_INLINE_LINE_H_
