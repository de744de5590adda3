#include "server/monitor_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <iterator>

#include "server/ascii.h"
#include "server/commands/command_table.h"
#include "server/session.h"

namespace reprise {
namespace {

void AppendQuoted(std::string_view bytes, std::string* out) {
  constexpr std::string_view kSpecial = "\\\"\n\r\t\a\b";
  constexpr std::string_view kLetters = "\\\"nrtab";
  *out += '"';
  for (const char c : bytes) {
    if (const size_t at = kSpecial.find(c); at != std::string_view::npos) {
      *out += '\\';
      *out += kLetters[at];
    } else if (c >= ' ' && c <= '~') {
      *out += c;
    } else {
      fmt::format_to(std::back_inserter(*out), "\\x{:02x}", static_cast<uint8_t>(c));
    }
  }
  *out += '"';
}

// AUTH's arguments, and the two behind HELLO's AUTH.
bool IsSecret(const CommandEntry& entry, std::span<const std::string_view> args, size_t index) {
  const std::string_view name = entry.command->name;
  if (name == "auth") {
    return index >= 1;
  }
  const auto is_auth = [&](size_t at) { return at >= 2 && IsOption(args[at], "auth"); };
  return name == "hello" && index >= 2 && (is_auth(index - 1) || is_auth(index - 2));
}

}  // namespace

void MonitorList::Remove(const Session& session) {
  sessions_.erase(std::remove(sessions_.begin(), sessions_.end(), &session), sessions_.end());
}

void MonitorList::Send(std::string_view line) const {
  for (Session* session : sessions_) {
    if (!session->IsMuted()) {
      session->connection().Send(line);
      session->CheckOutputLimit();
    }
  }
}

bool IsMonitored(const CommandEntry& entry) { return (entry.flags & (kAdmin | kSkipMonitor)) == 0; }

std::string MonitorLine(int64_t wall_us, size_t db_index, std::string_view address, const CommandEntry& entry,
                        std::span<const std::string_view> args) {
  constexpr int64_t kMicros = 1'000'000;
  std::string line = fmt::format("+{}.{:06} [{} {}]", wall_us / kMicros, wall_us % kMicros, db_index, address);
  for (size_t i = 0; i < args.size(); ++i) {
    line += ' ';
    AppendQuoted(IsSecret(entry, args, i) ? "(redacted)" : args[i], &line);
  }
  return line + "\r\n";
}

}  // namespace reprise
