#include "proptests/oracles/peace.h"

#include <fmt/format.h>

#include <algorithm>

namespace reprise {
namespace {

size_t ExpiredKeys(Server& server, int64_t now_ms) {
  size_t count = 0;
  for (size_t i = 0; i < server.database_count(); ++i) {
    server.database(i).ForEach([&](Ref ref) { count += Database::IsExpired(ref, now_ms) ? 1U : 0U; });
  }
  return count;
}

}  // namespace

Finding CheckPeace(const ClientHistory& history, const PeaceTerms& terms) {
  Finding finding;
  for (const Ending& ending : history.endings) {
    ++finding.checked;
    ++finding.definite;
    const bool in_vain = ending.how == Ending::How::kTimeout;
    const bool may_break = terms.any_may_break || std::find(terms.may_break.begin(), terms.may_break.end(),
                                                            ending.connection) != terms.may_break.end();
    const bool in_peace = terms.peace_ns >= 0 && ending.began_ns >= terms.peace_ns;
    const bool speaks = terms.speech_ns >= 0 && ending.began_ns >= terms.speech_ns;
    if (may_break && !in_peace && !(in_vain && speaks)) {
      continue;
    }
    if (in_vain) {
      finding.problem = fmt::format("client {} waited in vain on connection {}, although nothing breaks connections",
                                    history.client, ending.connection);
    } else if (ending.how == Ending::How::kUnexpected && !terms.may_be_cut_off &&
               !(terms.may_be_idle && terms.may_be_idle(ending))) {
      finding.problem =
          fmt::format("client {}, connection {}: ended at {} us ({}), though no fault was out to break it",
                      history.client, ending.connection, ending.time_ns / 1000, ErrorCodeName(ending.code));
    }
    if (!finding.ok()) {
      break;
    }
  }
  return finding;
}

std::string DescribeBusy(Server& server, const EventLoop& loop) {
  std::string text;
  const auto add = [&text](size_t count, size_t allowed, std::string_view what) {
    if (count != allowed) {
      text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, what);
    }
  };
  add(server.sessions().size(), 0, "sessions");
  add(loop.watched_count(), server.acceptors().size(), "watched handles with those of the listeners");
  add(server.reclaimer().empty() ? 0 : 1, 0, "reclaimer that isn't done");
  add(ExpiredKeys(server, loop.wall_ms()), 0, "expired keys that nobody has removed");
  // One timer is the server's own tick; a listener that has paused has one as well.
  if (loop.timer_count() > 1 + server.acceptors().size()) {
    add(loop.timer_count(), 1, "timers");
  }
  return text;
}

std::string DescribeLeftOver(const SimWorld& world, const EventLoop& loop) {
  const SimWorld::LeftOver left = world.FindLeftOver();
  if (left.none() && loop.watched_count() == 0 && loop.timer_count() == 0) {
    return {};
  }
  return fmt::format(
      "after the server was destroyed: {} open handles, {} watched by the poller, {} by the loop, {} connections, {} "
      "timers",
      left.handles, left.watched, loop.watched_count(), left.connections, loop.timer_count());
}

}  // namespace reprise
