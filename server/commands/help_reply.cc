#include "server/commands/help_reply.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "server/ascii.h"

namespace reprise {

void ReplyHelp(CommandContext& ctx) {
  const Command& asked = *ctx.entry->command;
  std::string container(asked.parent.empty() ? asked.name : asked.parent);
  const std::span<const std::string_view> lines = ctx.server.commands().Find(container)->command->help;
  std::transform(container.begin(), container.end(), container.begin(), ToUpperAscii);
  ctx.reply.ArrayHeader(lines.size() + 3);
  ctx.reply.SimpleString(fmt::format("{} <subcommand> [<arg> [value] [opt] ...]. Subcommands are:", container));
  for (const std::string_view line : lines) {
    ctx.reply.SimpleString(line);
  }
  ctx.reply.SimpleString("HELP");
  ctx.reply.SimpleString("    This list.");
}

}  // namespace reprise
