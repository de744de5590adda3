// The arguments of a command as COMMAND DOCS tells them, out of the short notation in which a command's table entry
// declares them:
//
//   key:key value [expiration(seconds=EX:integer@2.6.12|keepttl=KEEPTTL@6.0.0)] pair{name value}...
//
//   name             an argument; 'in:quotes' if the name has other characters than letters, digits and "-_/"
//   =TOKEN           a word stands before it; alone, without a type, the word is all
//   :type            as in Redis ("integer", "double", "pattern", "unix-time", "string"); "key" and a number: a key, of
//                    that key specification, 0 if left out. No type: a string
//   @1.2.3 !1.2.3    since when there is such an argument; since when it should not be used any more
//   (a|b) {a b}      one of these; these together
//   [a]  a...  a+... may be left out; may be there several times; and then its token too
#ifndef REPRISE_SERVER_COMMANDS_ARGUMENT_SYNTAX_H_
#define REPRISE_SERVER_COMMANDS_ARGUMENT_SYNTAX_H_

#include <optional>
#include <string_view>
#include <vector>

namespace reprise {

struct Argument {
  std::string_view name;
  std::string_view type;  // as COMMAND DOCS names it
  std::string_view token = {};
  std::string_view since = {};
  std::string_view deprecated_since = {};
  int key_spec = -1;  // of a key, its specification
  bool optional = false;
  bool multiple = false;
  bool multiple_token = false;
  std::vector<Argument> arguments = {};  // of "oneof" and "block"
};

// Views into `syntax`, which outlives them. Nothing if it is not in the notation.
std::optional<std::vector<Argument>> ParseArguments(std::string_view syntax);

}  // namespace reprise

#endif  // REPRISE_SERVER_COMMANDS_ARGUMENT_SYNTAX_H_
