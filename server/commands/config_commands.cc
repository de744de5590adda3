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

void Help(CommandContext& ctx) { ReplyHelp(ctx, kHelp); }

constexpr uint32_t kAdministration = kAdmin | kNoscript | kLoading | kStale;
constexpr std::string_view kSetTips[] = {"request_policy:all_nodes", "response_policy:all_succeeded"};
constexpr std::string_view kLinear = "O(N) where N is the number of parameters";

constexpr Command Subcommand(std::string_view name, int arity, uint32_t flags, CommandFunction function,
                             std::string_view summary, std::string_view since, std::string_view complexity = "O(1)",
                             std::span<const std::string_view> tips = {}) {
  return {.name = name,
          .arity = arity,
          .flags = flags,
          .group = CommandGroup::kServer,
          .function = function,
          .summary = summary,
          .since = since,
          .complexity = complexity,
          .tips = tips,
          .parent = "config"};
}

constexpr Command kSubcommands[] = {
    Subcommand("get", -3, kAdministration, Get, "Read parameters", "2.0.0", kLinear),
    Subcommand("help", 2, kLoading | kStale, Help, "What CONFIG can do", "5.0.0"),
    Subcommand("resetstat", 2, kAdministration, ResetStat, "Let the counts of INFO begin at 0 again", "2.0.0"),
    Subcommand("rewrite", 2, kAdministration, Rewrite, "Write the parameters to their file", "2.8.0"),
    // A changed limit holds for the very next request, a password for the next client.
    Subcommand("set", -4, kAdministration, Set, "Change parameters", "2.0.0", kLinear, kSetTips),
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
    },
};

}  // namespace

std::span<const Command> ConfigCommands() { return kCommands; }

}  // namespace reprise
