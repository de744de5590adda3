// Fence: what a client says first on a connection, so that it knows the server's state.
//
// When a connection has ended with requests unanswered, nobody knows whether they were, or are yet to be, executed. So
// the next one has the server end it (CLIENT KILL), and an owner of databases empties them. After that the lost
// requests can do nothing any more.
//
// Where a password is asked for, every other connection tries something before it gives it, and is refused.
#ifndef REPRISE_PROPTESTS_WORKLOAD_FENCE_H_
#define REPRISE_PROPTESTS_WORKLOAD_FENCE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "proptests/workload/history.h"
#include "proptests/workload/script.h"

namespace reprise {

class Fence {
 public:
  using Requests = std::vector<std::vector<std::string>>;

  // Borrows the script. `password` may be empty: none is needed.
  Fence(const ScriptClient& script, std::string password) : script_(script), password_(std::move(password)) {}

  // A new connection begins. Answers what it has to ask first.
  Requests Open();
  // What it has to ask when a RESET has undone that.
  Requests AfterReset() const;
  // One of these was answered.
  void OnAnswer(const Exchange& exchange);
  // Whether the databases are to be emptied once all of that is answered, and with which requests: only then, when the
  // former connections have ended for sure, and this one can be by its id. A late FLUSHDB would take away what was
  // written after it.
  bool EmptiesNext() const { return script_.keys == Keys::kOwn && dirty_ && !emptying_; }
  Requests Empty();
  // All is answered, and the fence stands. Answers the exchanges that were lost before it.
  std::vector<size_t> Stand();

  // The connection has ended and these exchanges were lost with it; `early`: before the fence stood.
  void OnEnd(const std::vector<size_t>& lost, bool early);
  // The server is dead. Its successor has begun to count anew, so what is known of ids would end others; nothing of a
  // connection that had begun is known of any more.
  void OnServerDied();
  // Whether something was lost since the fence stood.
  bool wanted() const { return !unfenced_.empty(); }

 private:
  void AddIntroduction(Requests& requests) const;
  void AddSelect(Requests& requests) const;

  const ScriptClient& script_;
  const std::string password_;
  uint64_t opened_ = 0;           // connections that have begun
  int64_t server_id_ = 0;         // of this connection, as the server counts; 0: not known yet
  std::vector<int64_t> to_kill_;  // connections that have to be ended
  std::vector<size_t> unfenced_;  // exchanges that were lost
  bool emptying_ = false;         // this connection has begun to do so
  bool outlived_ = false;         // the server that this connection was made to is dead
  bool dirty_ = false;            // an owner's databases are to be emptied
};

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_WORKLOAD_FENCE_H_
