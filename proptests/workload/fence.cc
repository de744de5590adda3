#include "proptests/workload/fence.h"

#include <array>

#include "loop/check.h"

namespace reprise {
namespace {

// What a stranger may try. Nothing of it is done before the password was given.
Fence::Requests Trespass(uint64_t which) {
  static const std::array<Fence::Requests, 8> kTries = {{{{"FLUSHALL"}},
                                                         {{"SET", "k0", "stranger"}, {"ECHO", "who is there"}},
                                                         {{"HELLO", "3"}, {"PING"}},
                                                         {{"AUTH", "wrong"}, {"DBSIZE"}},
                                                         {{"CLIENT", "SETNAME", "stranger"}, {"GET", "k0"}},
                                                         {{"SELECT", "9"}, {"CLIENT", "NO-EVICT", "on"}},
                                                         {{"HELLO", "3", "AUTH", "nobody", "sesame"}, {"EXISTS", "k0"}},
                                                         {{"MSET", "k0", "v"}, {"INFO"}, {"GET"}}}};
  return kTries[which % kTries.size()];
}

}  // namespace

Fence::Requests Fence::Open() {
  server_id_ = 0;
  emptying_ = false;
  outlived_ = false;
  // Every other connection.
  const uint64_t turn = script_.id + opened_++;
  Requests requests = password_.empty() || turn % 2 == 0 ? Requests() : Trespass(turn / 2);
  AddIntroduction(requests);
  requests.push_back({"CLIENT", "ID"});
  for (const int64_t id : to_kill_) {
    requests.push_back({"CLIENT", "KILL", "ID", std::to_string(id)});
  }
  AddSelect(requests);
  return requests;
}

Fence::Requests Fence::AfterReset() const {
  Requests requests;
  if (!password_.empty()) {
    requests.push_back({"GET", "k0"});  // whoever resets has to log in again
  }
  AddIntroduction(requests);
  if (script_.keys == Keys::kOwn) {
    requests.push_back({"CLIENT", "INFO"});
  }
  AddSelect(requests);
  return requests;
}

void Fence::AddIntroduction(Requests& requests) const {
  if (!password_.empty()) {
    requests.push_back({"AUTH", password_});
  }
  if (script_.resp3) {
    requests.push_back({"HELLO", "3"});
  }
}

void Fence::AddSelect(Requests& requests) const {
  if (script_.keys == Keys::kOwn) {
    requests.push_back({"SELECT", std::to_string(FirstDatabase(script_.id))});
  } else if (script_.keys == Keys::kBlind) {
    requests.push_back({"SELECT", std::to_string(kBlindDatabase)});
  }
}

void Fence::OnAnswer(const Exchange& exchange) {
  if (!outlived_ && exchange.words.size() == 2 && exchange.words[1] == "ID") {
    server_id_ = exchange.reply.integer;
  }
}

Fence::Requests Fence::Empty() {
  emptying_ = true;
  Requests requests;
  const size_t first = FirstDatabase(script_.id);
  for (const size_t database : {first + 1, first}) {
    requests.push_back({"SELECT", std::to_string(database)});
    requests.push_back({"FLUSHDB"});
  }
  return requests;
}

std::vector<size_t> Fence::Stand() {
  to_kill_.clear();
  dirty_ = false;
  return std::exchange(unfenced_, {});
}

void Fence::OnEnd(const std::vector<size_t>& lost, bool early) {
  unfenced_.insert(unfenced_.end(), lost.begin(), lost.end());
  if (lost.empty() && !(emptying_ && early)) {
    return;
  }
  dirty_ = true;
  if (!outlived_) {
    CHECK(server_id_ != 0);
    to_kill_.push_back(server_id_);
  }
}

void Fence::OnServerDied() {
  outlived_ = true;
  to_kill_.clear();
}

}  // namespace reprise
