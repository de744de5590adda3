// Player: does operations on a Stage, and tells what came of each.
//
// Knows what is open, what was written and what was read, and nothing of what should happen. Every end and listener is
// watched by the poller from its beginning to its end. All that is still open at the end is ended by a reset.
#ifndef REPRISE_PROPTESTS_KERNEL_TRUTH_PLAYER_H_
#define REPRISE_PROPTESTS_KERNEL_TRUTH_PLAYER_H_

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proptests/kernel_truth/history.h"
#include "proptests/kernel_truth/stage.h"

namespace reprise::kernel_truth {

class Player {
 public:
  // Borrows `stage`, which must outlive it.
  explicit Player(Stage& stage) : stage_(stage) {}
  ~Player();
  Player(const Player&) = delete;
  Player& operator=(const Player&) = delete;

  // REQUIRES: CanPlay(operation).
  Outcome Play(const Operation& operation);
  // Whether what the operation needs is there.
  bool CanPlay(const Operation& operation) const;

  bool IsOpen(Party party) const { return handles_.contains(party); }
  bool WasListening(uint8_t listener) const { return addresses_[listener].has_value(); }
  Interest InterestOf(Party party) const { return handles_.at(party).interest; }
  // Whether an end's connection stands, as far as the network knows.
  bool Stands(Party end) const { return stage_.network().PeerAddress(HandleOf(end)).ok(); }
  uint8_t connections() const { return connections_; }
  // The ends (listeners not) that are open, in order.
  std::vector<Party> OpenEnds() const;

 private:
  struct Held {
    Handle handle;
    Token token;
    Interest interest = Interest::kNone;
  };
  // One direction of a connection.
  struct Stream {
    uint64_t written = 0;
    uint64_t read = 0;
  };

  void Hold(Party party, Handle handle, Interest interest);
  void End(Party party, bool abort);
  Handle HandleOf(Party party) const { return handles_.at(party).handle; }
  Stream& Out(Party end) { return streams_[end.number][end.side()]; }
  Stream& In(Party end) { return streams_[end.number][1 - end.side()]; }

  Outcome Listen(const Operation& operation);
  Outcome Connect(const Operation& operation);
  Outcome Accept(const Operation& operation);
  Outcome Read(Party end, size_t most);
  Outcome Write(Party end, size_t size, size_t pieces);
  Outcome Fill(Party end);
  Outcome Drain(Party end);
  Outcome Relieve(Party end);
  Outcome Look();
  Outcome Await(Party party, bool write);
  uint8_t WhoseConnection(Handle accepted);
  std::map<Party, Report> ReportsUntil(int64_t deadline_ns);

  Stage& stage_;
  std::map<Party, Held> handles_;
  std::array<std::optional<Address>, kListenersMost> addresses_;
  std::array<uint16_t, kConnectionsMost> opener_ports_{};
  std::array<std::array<Stream, 2>, kConnectionsMost> streams_{};  // by connection and the side that writes
  uint8_t connections_ = 0;
  uint32_t generation_ = 0;
  std::string buffer_;
};

}  // namespace reprise::kernel_truth

#endif  // REPRISE_PROPTESTS_KERNEL_TRUTH_PLAYER_H_
