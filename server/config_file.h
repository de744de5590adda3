// The syntax of redis.conf: a parameter a line, words with quotes, '#' at the start of a line that is a comment.
#ifndef REPRISE_SERVER_CONFIG_FILE_H_
#define REPRISE_SERVER_CONFIG_FILE_H_

#include <string>
#include <string_view>
#include <vector>

#include "loop/status.h"

namespace reprise {

struct ConfigLine {
  int number = 0;                  // from 1
  std::string text;                // without white space around it
  std::vector<std::string> words;  // at least one
};

// The lines that say something, in order. Quotes are those of inline requests. Errors: kInvalidArgument, with the
// line's number, its text and the reason.
Result<std::vector<ConfigLine>> ParseConfigText(std::string_view text);

// "line 3, 'port x': argument couldn't be parsed into an integer"
std::string ConfigLineError(int number, std::string_view text, std::string_view reason);

}  // namespace reprise

#endif  // REPRISE_SERVER_CONFIG_FILE_H_
