#include "server/session_list.h"

#include "loop/check.h"

namespace reprise {

Session& SessionList::Add(std::unique_ptr<Session> session) {
  Session* const added = session.release();
  CHECK(last_ == nullptr || last_->id_ < added->id_);
  added->previous_ = last_;
  (last_ == nullptr ? first_ : last_->next_) = added;
  last_ = added;
  ++size_;
  return *added;
}

void SessionList::Remove(Session& session) {
  CHECK(size_ > 0);
  (session.previous_ == nullptr ? first_ : session.previous_->next_) = session.next_;
  (session.next_ == nullptr ? last_ : session.next_->previous_) = session.previous_;
  --size_;
  const std::unique_ptr<Session> owned(&session);
}

void SessionList::Clear() {
  while (first_ != nullptr) {
    Remove(*first_);
  }
}

Session* SessionList::Find(uint64_t id) const {
  for (Session* session = first_; session != nullptr; session = session->next_) {
    if (session->id_ == id) {
      return session;
    }
  }
  return nullptr;
}

}  // namespace reprise
