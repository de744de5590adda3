// Which arguments of a request are keys, by its command's key specifications.
#ifndef REPRISE_SERVER_COMMANDS_KEY_FINDER_H_
#define REPRISE_SERVER_COMMANDS_KEY_FINDER_H_

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "server/commands/command.h"

namespace reprise {

struct FoundKey {
  size_t index;            // of the argument
  std::string_view flags;  // words separated by blanks, as in KeySpec
};

// In the order of the specifications. Nothing if the arguments don't fit them, or don't say all of the keys.
// REQUIRES: as many arguments as the command's arity asks for.
std::optional<std::vector<FoundKey>> FindKeys(const Command& command, std::span<const std::string_view> args);

}  // namespace reprise

#endif  // REPRISE_SERVER_COMMANDS_KEY_FINDER_H_
