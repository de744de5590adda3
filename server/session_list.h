// SessionList: the sessions of a server, in the order of their ids.
#ifndef REPRISE_SERVER_SESSION_LIST_H_
#define REPRISE_SERVER_SESSION_LIST_H_

#include <cstddef>
#include <cstdint>
#include <memory>

#include "server/session.h"

namespace reprise {

class SessionList {
 public:
  SessionList() = default;
  ~SessionList() { Clear(); }
  SessionList(const SessionList&) = delete;
  SessionList& operator=(const SessionList&) = delete;

  size_t size() const { return size_; }

  // Owns it from then on.
  Session& Add(std::unique_ptr<Session> session);
  // Destroys it. REQUIRES: it is in the list.
  void Remove(Session& session);
  void Clear();

  // Or null. Takes time in proportion to the number of sessions.
  Session* Find(uint64_t id) const;

  // Calls `visit(Session&)` for each, which may Kill any, its own included (they leave the list at the turn's end).
  template <typename Visit>
  void ForEach(Visit&& visit) const {
    for (Session* session = first_; session != nullptr; session = session->next_) {
      visit(*session);
    }
  }

 private:
  Session* first_ = nullptr;
  Session* last_ = nullptr;
  size_t size_ = 0;
};

}  // namespace reprise

#endif  // REPRISE_SERVER_SESSION_LIST_H_
