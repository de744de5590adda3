// What a client may call itself: CLIENT SETNAME and HELLO SETNAME.
#ifndef REPRISE_SERVER_COMMANDS_CLIENT_NAME_H_
#define REPRISE_SERVER_COMMANDS_CLIENT_NAME_H_

#include <algorithm>
#include <string_view>

#include "server/commands/command_context.h"

namespace reprise {

// Gives the client its name, "" for none. A name is printable ASCII without blanks, so that the lines of CLIENT LIST
// can be split; false: it was not, and that was answered.
inline bool SetClientName(CommandContext& ctx, std::string_view name) {
  if (!std::all_of(name.begin(), name.end(), [](char c) { return c >= '!' && c <= '~'; })) {
    ctx.Error("ERR Client names cannot contain spaces, newlines or special characters.");
    return false;
  }
  ctx.session.set_name(name);
  return true;
}

}  // namespace reprise

#endif  // REPRISE_SERVER_COMMANDS_CLIENT_NAME_H_
