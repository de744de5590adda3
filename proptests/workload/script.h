// Script: what the clients of a run do, written down before it begins.
//
// A script belongs to a run as its faults do, but apart from them: operations have stable ids (client and number), so
// that leaving one out, or changing when anything happens, renames no other. Which bytes leave when is up to the
// clients' tempers (client.h) and to the world.
#ifndef REPRISE_PROPTESTS_WORKLOAD_SCRIPT_H_
#define REPRISE_PROPTESTS_WORKLOAD_SCRIPT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "loop/status.h"
#include "sim/tape.h"

namespace reprise {

// How a client uses its connections.
enum class Temper : uint8_t {
  kOneAtATime,    // sends a request when the one before is answered
  kPipelining,    // sends up to `window` requests in one piece
  kByteAtATime,   // sends single bytes, with pauses
  kNeverReading,  // sends all it has and reads nothing until the world has healed
  kHalfClosing,   // sends a batch of `window`, ends its direction, and reads the answers to the end
  kVanishing,     // breaks the connection off, one way or another, in the middle of a batch
  kReconnecting,  // closes in order after each batch, and connects again
  kMalformed,     // now and then sends bytes that are no request, after which the server has to end the connection
};
inline constexpr size_t kTemperCount = 8;
std::string_view TemperName(Temper temper);

// Which keys a client uses, and so what can be said of its replies.
enum class Keys : uint8_t {
  kOwn,     // two databases of its own: every reply can be predicted
  kShared,  // database 0 together with others: the replies must be linearizable
  kBlind,   // any command at all, in a database that is nobody's: the replies must be well-formed, one a request
};
inline constexpr size_t kKeysCount = 3;
std::string_view KeysName(Keys keys);
// The databases that belong to an owner: two, of which the first is selected at the start.
constexpr size_t FirstDatabase(uint32_t client) { return 1 + 2 * (client % 7); }
inline constexpr size_t kBlindDatabase = 15;

struct Operation {
  enum class Kind : uint8_t {
    kRequest,  // `words`; {cursor} in them stands for what the latest SCAN has answered, "0" at first
    kInline,   // `words`, sent as an inline line
    kBroken,   // `raw`, which the server has to refuse with a protocol error that is words[0]
  };
  uint32_t number = 0;
  Kind kind = Kind::kRequest;
  bool audit = false;  // one of the last operations, which wait until the world has healed
  std::vector<std::string> words;
  std::string raw;

  friend bool operator==(const Operation&, const Operation&) = default;
};

struct ScriptClient {
  uint32_t id = 0;
  Temper temper = Temper::kOneAtATime;
  Keys keys = Keys::kOwn;
  bool resp3 = false;
  uint32_t window = 1;   // requests in one piece, where the temper has batches
  int64_t pause_ns = 0;  // between two batches, or two bytes
  int64_t start_ns = 0;  // when it connects for the first time
  std::vector<Operation> operations;

  friend bool operator==(const ScriptClient&, const ScriptClient&) = default;
};

struct Script {
  std::vector<ScriptClient> clients;

  size_t OperationCount() const;
  // Leaves out what the tape omits.
  void Omit(const Tape& tape);
  // Appends options to a tape that has none of clients: "client.2" says who, "client.2/5" is an operation. A tape with
  // a script in it can be played whatever became of the generator that made the script.
  void AddTo(Tape& tape) const;
  // Errors: kInvalidArgument. kNotFound: there is none in it.
  static Result<Script> FromTape(const Tape& tape);

  friend bool operator==(const Script&, const Script&) = default;
};

// One operation in one line: `do set "k 1" v`, `inline ping`, `broken "*1\r\n+" "expected '$', got '+'"`, and back.
std::string OperationText(const Operation& operation);
Result<Operation> ParseOperation(std::string_view text);

// The bytes of a request.
void AppendRequest(const std::vector<std::string>& words, std::string& out);
void AppendInline(const std::vector<std::string>& words, std::string& out);

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_WORKLOAD_SCRIPT_H_
