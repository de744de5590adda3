// History: what each client of a run sent and was answered, with the virtual times. The oracles judge it.
#ifndef REPRISE_PROPTESTS_WORKLOAD_HISTORY_H_
#define REPRISE_PROPTESTS_WORKLOAD_HISTORY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "proptests/model/reply_value.h"
#include "proptests/workload/script.h"

namespace reprise {

struct Exchange {
  enum class Fate : uint8_t {
    kAnswered,
    kLost,  // the connection ended before the answer: it was executed before `done_ns`, or never
  };
  // What the client itself asks for, beside its script, when it has connected.
  static constexpr uint32_t kSetup = UINT32_MAX;

  uint32_t operation = kSetup;  // number in the script
  uint32_t connection = 0;      // of the client, from 0
  Operation::Kind kind = Operation::Kind::kRequest;
  std::vector<std::string> words;
  int64_t sent_ns = 0;
  int64_t done_ns = -1;  // when it was answered, or (kLost) when it was sure to be executed no more; -1: never
  Fate fate = Fate::kLost;
  ReplyValue reply;
  // Where they lie in the two streams of the connection. Of a lost one the reply is empty.
  uint64_t request_begin = 0;
  uint64_t request_end = 0;
  uint64_t reply_begin = 0;
  uint64_t reply_end = 0;
};

// The end of a connection.
struct Ending {
  enum class How : uint8_t {
    kByClient,     // as the script has it, with every request answered
    kCutByClient,  // as the script has it, with requests under way
    kExpected,     // by the server, which had to: after QUIT, a broken request, half-close
    kUnexpected,   // by the server or the network
    kTimeout,      // the client has waited for too long
  };
  uint32_t connection = 0;
  int64_t time_ns = 0;
  int64_t began_ns = 0;
  How how = How::kByClient;
  ErrorCode code = ErrorCode::kOk;
};

struct ClientHistory {
  uint32_t client = 0;
  Keys keys = Keys::kOwn;
  std::vector<Exchange> exchanges;  // in the order in which they were sent
  std::vector<Ending> endings;
  // By connection: in which of its lives the server has accepted it; for one that it never did, that of the one before.
  // Empty: the server has not died.
  std::vector<uint32_t> lives;
  std::string protocol_error;  // what a reply was that is no reply
  uint64_t answered = 0;

  uint32_t LifeOf(uint32_t connection) const { return connection < lives.size() ? lives[connection] : 0; }
};

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_WORKLOAD_HISTORY_H_
