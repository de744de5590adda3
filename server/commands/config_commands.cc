// CONFIG: the parameters at run time, and the reset of INFO's counts.
#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/commands/command_context.h"
#include "server/commands/help_reply.h"

namespace reprise {
namespace {

void Get(CommandContext& ctx) {
  const auto found = ctx.server.config().Get(ctx.args.subspan(2));
  ctx.reply.MapHeader(found.size());
  for (const auto& [name, value] : found) {
    ctx.reply.BulkString(name);
    ctx.reply.BulkString(value);
  }
}

void Set(CommandContext& ctx) {
  if (ctx.args.size() % 2 != 0) {
    ctx.SyntaxError();
    return;
  }
  std::vector<std::pair<std::string_view, std::string_view>> pairs;
  for (size_t i = 2; i < ctx.args.size(); i += 2) {
    pairs.emplace_back(ctx.args[i], ctx.args[i + 1]);
  }
  const Status status = ctx.server.config().SetAtRunTime(pairs);
  if (status.ok()) {
    ctx.reply.Ok();
  } else {
    ctx.Error("ERR " + status.detail());
  }
}

void ResetStat(CommandContext& ctx) {
  ctx.server.stats().Reset(ctx.server.loop().counters());
  ctx.reply.Ok();
}

void Rewrite(CommandContext& ctx) {
  ctx.Error(ctx.server.config().file_path().empty()
                ? "ERR The server is running without a config file"
                : "ERR Rewriting config file: this server does not change files of configuration");
}

constexpr std::string_view kHelp[] = {
    "GET <pattern> [<pattern> ...]",
    "    The parameters whose names match, with their values.",
    "RESETSTAT",
    "    Let the counts of INFO begin at 0 again.",
    "REWRITE",
    "    Write the parameters to the file they were read from.",
    "SET <name> <value> [<name> <value> ...]",
    "    Change parameters, all of these or none.",
};

constexpr uint32_t kAdministration = kAdmin | kNoscript | kLoading | kStale;
constexpr std::string_view kSetTips[] = {"request_policy:all_nodes", "response_policy:all_succeeded"};
constexpr std::string_view kLinear = "O(N) where N is the number of parameters";

// What all subcommands have in common.
constexpr Command Subcommand(Command facts) {
  facts.group = CommandGroup::kServer;
  facts.parent = "config";
  return facts;
}

constexpr Command kSubcommands[] = {
    Subcommand({.name = "get",
                .arity = -3,
                .flags = kAdministration,
                .function = Get,
                .summary = "Read parameters",
                .since = "2.0.0",
                .complexity = kLinear,
                .arguments = "parameter{parameter}...",
                .history = "7.0.0 several patterns"}),
    Subcommand({.name = "help",
                .arity = 2,
                .flags = kLoading | kStale,
                .function = ReplyHelp,
                .summary = "What CONFIG can do",
                .since = "5.0.0",
                .complexity = "O(1)"}),
    Subcommand({.name = "resetstat",
                .arity = 2,
                .flags = kAdministration,
                .function = ResetStat,
                .summary = "Let the counts of INFO begin at 0 again",
                .since = "2.0.0",
                .complexity = "O(1)"}),
    Subcommand({.name = "rewrite",
                .arity = 2,
                .flags = kAdministration,
                .function = Rewrite,
                .summary = "Write the parameters to their file",
                .since = "2.8.0",
                .complexity = "O(1)"}),
    Subcommand({.name = "set",
                .arity = -4,
                .flags = kAdministration,
                .function = Set,
                .summary = "Change parameters",
                .since = "2.0.0",
                .complexity = kLinear,
                .arguments = "parameter_value{parameter value}...",
                .history = "7.0.0 several parameters",
                .tips = kSetTips}),
};

constexpr Command kCommands[] = {
    {
        .name = "config",
        .arity = -2,
        .flags = kChangesParsing,
        .group = CommandGroup::kServer,
        .function = nullptr,
        .summary = "Read and change the server's parameters",
        .since = "2.0.0",
        .complexity = "Depends on the subcommand",
        .subcommands = kSubcommands,
        .help = kHelp,
    },
};

}  // namespace

std::span<const Command> ConfigCommands() { return kCommands; }

}  // namespace reprise
