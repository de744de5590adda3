// MonitorList: the clients that see every request that is executed (MONITOR).
#ifndef REPRISE_SERVER_MONITOR_LIST_H_
#define REPRISE_SERVER_MONITOR_LIST_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace reprise {

struct CommandEntry;
class Session;

class MonitorList {
 public:
  bool empty() const { return sessions_.empty(); }
  // REQUIRES: is not in the list. Whoever adds a session removes it before its end.
  void Add(Session& session) { sessions_.push_back(&session); }
  // Nothing happens if it is not there.
  void Remove(const Session& session);

  // Sends `line` to all that want replies (CLIENT REPLY); one of them may be ended by that, for its unsent output.
  void Send(std::string_view line) const;

 private:
  std::vector<Session*> sessions_;  // in the order in which they came
};

// Whether requests for this command are shown. Those of administrators are not, as in Redis.
bool IsMonitored(const CommandEntry& entry);

// The line of a request that a client at `address` (as CLIENT LIST has it) has made of database `db_index`; passwords
// are left out. In Redis's form, with its line end.
std::string MonitorLine(int64_t wall_us, size_t db_index, std::string_view address, const CommandEntry& entry,
                        std::span<const std::string_view> args);

}  // namespace reprise

#endif  // REPRISE_SERVER_MONITOR_LIST_H_
