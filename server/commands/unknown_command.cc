#include "server/commands/unknown_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

#include "server/ascii.h"

namespace reprise {
namespace {

constexpr size_t kRepeatedBytes = 128;

}  // namespace

std::string UnknownCommandText(std::span<const std::string_view> args) {
  std::string shown;
  for (size_t i = 1; i < args.size() && shown.size() < kRepeatedBytes; ++i) {
    shown += fmt::format("'{}' ", UpToNul(args[i]).substr(0, kRepeatedBytes - shown.size()));
  }
  return fmt::format("ERR unknown command '{}', with args beginning with: {}",
                     UpToNul(args[0]).substr(0, kRepeatedBytes), shown);
}

std::string UnknownSubcommandText(const Command& container, std::string_view subcommand) {
  std::string upper(container.name);
  std::transform(upper.begin(), upper.end(), upper.begin(), ToUpperAscii);
  return fmt::format("ERR unknown subcommand '{}'. Try {} HELP.", UpToNul(subcommand).substr(0, kRepeatedBytes), upper);
}

}  // namespace reprise
