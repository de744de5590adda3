// What a client is told whose command or subcommand there is none of, in redis-server's words.
#ifndef REPRISE_SERVER_COMMANDS_UNKNOWN_COMMAND_H_
#define REPRISE_SERVER_COMMANDS_UNKNOWN_COMMAND_H_

#include <span>
#include <string>
#include <string_view>

#include "server/commands/command.h"

namespace reprise {

// REQUIRES: `args` has the name, and what stands behind it. Of both, 128 bytes are repeated at most.
std::string UnknownCommandText(std::span<const std::string_view> args);

std::string UnknownSubcommandText(const Command& container, std::string_view subcommand);

}  // namespace reprise

#endif  // REPRISE_SERVER_COMMANDS_UNKNOWN_COMMAND_H_
