// The reply of a container's HELP subcommand.
#ifndef REPRISE_SERVER_COMMANDS_HELP_REPLY_H_
#define REPRISE_SERVER_COMMANDS_HELP_REPLY_H_

#include <span>
#include <string_view>

#include "server/commands/command_context.h"

namespace reprise {

// Answers with `lines` as status lines, between those that all of these have in common.
void ReplyHelp(CommandContext& ctx, std::span<const std::string_view> lines);

}  // namespace reprise

#endif  // REPRISE_SERVER_COMMANDS_HELP_REPLY_H_
