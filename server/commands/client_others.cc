#include "server/commands/client_others.h"

#include <fmt/format.h>

#include <cstdint>
#include <optional>
#include <string>

#include "server/ascii.h"
#include "server/client_pause.h"
#include "server/commands/client_filter.h"
#include "server/resp/number.h"

namespace reprise {
namespace {

// Ends the clients that `filter` names and answers how many. The asking one gets its reply first: the caller ends it
// when *own was set.
int64_t KillMatching(CommandContext& ctx, const ClientFilter& filter, bool skip_me, bool* own) {
  int64_t killed = 0;
  ctx.server.sessions().ForEach([&](Session& session) {
    const bool is_me = &session == &ctx.session;
    if (session.connection().closed() || (is_me && skip_me) || !filter.Matches(ctx.server, session)) {
      return;
    }
    ++killed;
    if (is_me) {
      *own = true;
    } else {
      session.Kill();
    }
  });
  return killed;
}

void TooManyArguments(CommandContext& ctx) {
  ctx.Error(fmt::format("ERR unknown subcommand or wrong number of arguments for '{}'. Try CLIENT HELP.", ctx.args[1]));
}

}  // namespace

void KillClients(CommandContext& ctx) {
  ClientFilter filter;
  bool skip_me = true;
  const bool by_address_alone = ctx.args.size() == 3;
  if (by_address_alone) {
    filter.address = UpToNul(ctx.args[2]);
    skip_me = false;
  } else if (const std::string error = ParseClientFilter(ctx.args.subspan(2), &filter, &skip_me); !error.empty()) {
    ctx.Error(error);
    return;
  }
  bool own = false;
  const int64_t killed = KillMatching(ctx, filter, skip_me, &own);
  if (!by_address_alone) {
    ctx.reply.Integer(killed);
  } else if (killed == 0) {
    ctx.Error("ERR No such client");
  } else {
    ctx.reply.Ok();
  }
  if (own) {
    ctx.session.CloseAfterReply();
  }
}

void PauseClients(CommandContext& ctx) {
  if (ctx.args.size() > 4) {
    TooManyArguments(ctx);
    return;
  }
  ClientPause::Mode mode = ClientPause::Mode::kAll;
  if (ctx.args.size() == 4 && !IsOption(ctx.args[3], "all")) {
    if (!IsOption(ctx.args[3], "write")) {
      ctx.Error("ERR CLIENT PAUSE mode must be WRITE or ALL");
      return;
    }
    mode = ClientPause::Mode::kWrites;
  }
  const std::optional<int64_t> duration_ms = ParseInt64(ctx.args[2]);
  if (!duration_ms) {
    ctx.Error("ERR timeout is not an integer or out of range");
  } else if (*duration_ms < 0) {
    ctx.Error("ERR timeout is negative");
  } else {
    ctx.server.pause().Begin(mode, *duration_ms);
    ctx.reply.Ok();
  }
}

void UnpauseClients(CommandContext& ctx) {
  ctx.server.pause().End();
  ctx.reply.Ok();
}

// No command blocks, so nobody is found who could be woken; who waits for the end of a pause does not count.
void UnblockClient(CommandContext& ctx) {
  if (ctx.args.size() > 4) {
    TooManyArguments(ctx);
  } else if (ctx.args.size() == 4 && !IsOption(ctx.args[3], "timeout") && !IsOption(ctx.args[3], "error")) {
    ctx.Error("ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR");
  } else if (!ParseInt64(ctx.args[2])) {
    ctx.NotAnInteger();
  } else {
    ctx.reply.Integer(0);
  }
}

}  // namespace reprise
