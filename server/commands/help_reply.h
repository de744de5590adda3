// The reply of HELP, of any container of subcommands.
#ifndef REPRISE_SERVER_COMMANDS_HELP_REPLY_H_
#define REPRISE_SERVER_COMMANDS_HELP_REPLY_H_

#include "server/commands/command_context.h"

namespace reprise {

// The function of every HELP subcommand, or a part of its container's: answers with the lines that its container
// declares, between those that are the same for all.
void ReplyHelp(CommandContext& ctx);

}  // namespace reprise

#endif  // REPRISE_SERVER_COMMANDS_HELP_REPLY_H_
