// The subcommands of CLIENT that do something to other clients: end them, let them wait, wake them.
#ifndef REPRISE_SERVER_COMMANDS_CLIENT_OTHERS_H_
#define REPRISE_SERVER_COMMANDS_CLIENT_OTHERS_H_

#include "server/commands/command_context.h"

namespace reprise {

// Functions of the command table: CLIENT KILL, PAUSE, UNPAUSE, UNBLOCK.
void KillClients(CommandContext& ctx);
void PauseClients(CommandContext& ctx);
void UnpauseClients(CommandContext& ctx);
void UnblockClient(CommandContext& ctx);

}  // namespace reprise

#endif  // REPRISE_SERVER_COMMANDS_CLIENT_OTHERS_H_
