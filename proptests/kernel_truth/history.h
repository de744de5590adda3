// History: what was done to listeners and connections, one operation after the other, and what came of each.
//
// The same operations can be played on the kernel and in a simulated world (player.h). Connections are numbered as they
// are opened; "c2" is the end that opened connection 2 and "s2" the one that was accepted, "L0" a listener. A history
// is written as text, one step a line, and read back from it:
//
//     listen L0 511 -> ok
//     connect c0 L0 -> ok
//     accept L0 -> ok, c0
//     write c0 10 -> ok, 10 bytes
//     look -> L0 - c0 w s0 rw
#ifndef REPRISE_PROPTESTS_KERNEL_TRUTH_HISTORY_H_
#define REPRISE_PROPTESTS_KERNEL_TRUTH_HISTORY_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "loop/poller.h"
#include "loop/status.h"

namespace reprise::kernel_truth {

enum class Act : uint8_t {
  kListen,         // listen, with `amount` as the backlog
  kCloseListener,  // with whatever waits to be accepted
  kConnect,        // to a listener, or to where one was
  kResult,         // ask how the connect went
  kAccept,
  kRead,       // at most `amount` bytes
  kWrite,      // `amount` bytes
  kGather,     // the same in `pieces` pieces
  kHalfClose,  // ShutdownWrite
  kClose,
  kAbort,
  kFill,         // write until nothing more is taken
  kDrain,        // read until nothing more comes
  kRelieve,      // read until the peer, which had filled the buffers, is told to write again
  kLook,         // what is ready now
  kAwaitRead,    // wait until an end, or a listener, is readable
  kAwaitWrite,   // wait until an end is writable
  kWatch,        // watch an end for `interest`
  kPeerAddress,  // ask who is at the other end
  kNoDelay,      // `amount` 0 or 1
};
inline constexpr size_t kActCount = static_cast<size_t>(Act::kNoDelay) + 1;
inline constexpr uint8_t kListenersMost = 2;
inline constexpr uint8_t kConnectionsMost = 5;
inline constexpr uint8_t kNobody = 0xFF;

std::string_view ActName(Act act);

// One end of a connection, or a listener.
struct Party {
  enum class Kind : uint8_t { kOpener, kAcceptor, kListener };
  Kind kind = Kind::kOpener;
  uint8_t number = 0;

  size_t side() const { return kind == Kind::kAcceptor ? 1 : 0; }
  std::string ToString() const;
  friend auto operator<=>(const Party&, const Party&) = default;
};

struct Operation {
  Act act = Act::kLook;
  Party party;
  uint8_t listener = 0;  // kConnect
  uint32_t amount = 0;
  uint32_t pieces = 1;
  Interest interest = Interest::kReadWrite;
  // kAccept: which connection is taken for the one that came, where the network can't tell: it was reset before.
  uint8_t guess = kNobody;

  std::string ToString() const;
};

struct Report {
  Party party;
  bool readable = false;
  bool writable = false;

  friend bool operator==(const Report&, const Report&) = default;
};

struct Outcome {
  ErrorCode code = ErrorCode::kOk;
  uint64_t bytes = 0;           // read or taken
  bool intact = true;           // what was read is what was written there
  bool whole = false;           // kRead, kDrain: the reader has now got all that the writer's end has taken
  uint8_t accepted = kNobody;   // kAccept: the connection's number, as far as it can be told
  bool ready = false;           // kAwait...
  std::vector<Report> reports;  // kLook: of everything that is watched, in order

  std::string ToString(Act act) const;
};

struct Step {
  Operation operation;
  Outcome outcome;

  std::string ToString() const;
};

using History = std::vector<Step>;

std::string ToString(const History& history);
// Errors: kInvalidArgument, with the line.
Result<History> ParseHistory(std::string_view text);

}  // namespace reprise::kernel_truth

#endif  // REPRISE_PROPTESTS_KERNEL_TRUTH_HISTORY_H_
