#include "server/commands/unknown_command.h"

#include <gtest/gtest.h>

#include <array>

namespace reprise {
namespace {

TEST(UnknownCommandTest, RepeatsTheNameAndWhatStandsBehindIt) {
  const std::array<std::string_view, 3> args = {"nope", "a", "b c"};
  EXPECT_EQ(UnknownCommandText(args), "ERR unknown command 'nope', with args beginning with: 'a' 'b c' ");
}

TEST(UnknownCommandTest, RepeatsNoMoreThanALineOfIt) {
  const std::string name(1000, 'n');
  const std::string argument(125, 'a');
  const std::array<std::string_view, 4> args = {name, argument, "bcdef", "never"};
  EXPECT_EQ(UnknownCommandText(args),
            "ERR unknown command '" + name.substr(0, 128) + "', with args beginning with: '" + argument + "' ");
}

TEST(UnknownCommandTest, EndsWhatItRepeatsAtANulByte) {
  const std::array<std::string_view, 2> args = {std::string_view("no\0pe", 5), std::string_view("a\0b", 3)};
  EXPECT_EQ(UnknownCommandText(args), "ERR unknown command 'no', with args beginning with: 'a' ");
}

TEST(UnknownCommandTest, OfASubcommandNamesTheHelp) {
  Command config;
  config.name = "config";
  EXPECT_EQ(UnknownSubcommandText(config, "Nope"), "ERR unknown subcommand 'Nope'. Try CONFIG HELP.");
}

}  // namespace
}  // namespace reprise
