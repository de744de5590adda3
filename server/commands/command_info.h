// What COMMAND tells of a command: COMMAND INFO's and COMMAND DOCS' replies, and the ACL categories.
#ifndef REPRISE_SERVER_COMMANDS_COMMAND_INFO_H_
#define REPRISE_SERVER_COMMANDS_COMMAND_INFO_H_

#include <string_view>
#include <vector>

#include "server/commands/command_table.h"
#include "server/resp/reply.h"

namespace reprise {

// One command's entry of COMMAND INFO: ten fields, the last one its subcommands with the same.
void WriteCommandInfo(ReplyWriter& reply, const CommandEntry& entry);

// One command's map of COMMAND DOCS.
void WriteCommandDocs(ReplyWriter& reply, const CommandEntry& entry);

// Writes words that are separated by blanks as a set of status replies.
void WriteWordSet(ReplyWriter& reply, std::string_view words);

// The categories that a command belongs to, without '@', in the order in which Redis lists them.
std::vector<std::string_view> AclCategories(const CommandEntry& entry);

}  // namespace reprise

#endif  // REPRISE_SERVER_COMMANDS_COMMAND_INFO_H_
