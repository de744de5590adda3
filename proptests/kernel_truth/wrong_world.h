// Wrong: ways in which a simulated world can be wrong about TCP, for testing the comparison itself.
//
// A WrongNetwork and a WrongPoller stand in front of the simulated ones and change what they say, or what they are
// asked. They exist in this folder only, so no build of the library can have them.
#ifndef REPRISE_PROPTESTS_KERNEL_TRUTH_WRONG_WORLD_H_
#define REPRISE_PROPTESTS_KERNEL_TRUTH_WRONG_WORLD_H_

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string_view>
#include <vector>

#include "loop/network.h"
#include "loop/poller.h"

namespace reprise::kernel_truth {

enum class Wrong : uint8_t {
  kNothing,
  // What reading says.
  kResetReadsAsEnd,
  kResetIsToldForEver,
  kResetReadsAsBrokenPipe,
  kEndReadsAsWouldBlock,
  kEndIsToldOnce,
  kEndReadsAsReset,
  kReadLosesAByte,
  kReadRepeatsAByte,
  kReadGivesOneByteLess,
  kReadAfterHalfCloseFails,
  // What writing says.
  kWriteAfterResetIsTaken,
  kWriteAfterResetSkipsTheReset,
  kWriteAfterHalfCloseIsTaken,
  kWriteAfterHalfCloseIsAReset,
  kBuffersHaveNoEnd,
  kWriteTakesOneByteLess,
  kGatherTakesTheFirstPieceOnly,
  // How connections end.
  kHalfCloseDoesNothing,
  kHalfCloseEndsBothWays,
  kHalfCloseAlwaysSucceeds,
  kCloseIsAbort,
  kAbortIsClose,
  kCloseForgivesUnreadBytes,
  kListenerCloseSparesThoseWhoWait,
  // How they begin.
  kRefusedLooksUndecided,
  kRefusedLooksConnected,
  kRefusedLooksTimedOut,
  kAcceptHidesConnections,
  kAcceptTellsOfConnectionsThatWereReset,
  kPeerAddressOutlivesTheConnection,
  // What the poller reports.
  kNeverWritable,
  kAlwaysWritable,
  kAlwaysReadable,
  kReadableForListenersOnly,
  kReadyOnce,
  kEndIsNoReadiness,
  kInterestNeverChanges,
  kListenerIsNeverReadable,
};
inline constexpr size_t kWrongCount = static_cast<size_t>(Wrong::kListenerIsNeverReadable) + 1;

std::string_view WrongName(Wrong wrong);

class WrongNetwork : public Network {
 public:
  // Borrows `right`.
  WrongNetwork(Network& right, Wrong wrong) : right_(right), wrong_(wrong) {}
  ~WrongNetwork() override;

  Result<Handle> Listen(const Address& address, const ListenOptions& options) override;
  Result<Handle> Accept(Handle listener) override;
  Result<Handle> Connect(const Address& address) override { return right_.Connect(address); }
  Status ConnectResult(Handle handle) override;
  IoResult Read(Handle handle, std::span<char> into) override;
  IoResult Write(Handle handle, std::span<const std::string_view> pieces) override;
  Status ShutdownWrite(Handle handle) override;
  void Close(Handle handle) override;
  void Abort(Handle handle) override;
  Result<Address> LocalAddress(Handle handle) override { return right_.LocalAddress(handle); }
  Result<Address> PeerAddress(Handle handle) override;
  Status SetNoDelay(Handle handle, bool on) override { return right_.SetNoDelay(handle, on); }
  Status SetKeepAlive(Handle handle, int idle_s) override { return right_.SetKeepAlive(handle, idle_s); }

 private:
  IoResult WrongRead(Handle handle, std::span<char> into, IoResult result);
  void Ended(Handle handle);

  Network& right_;
  const Wrong wrong_;
  std::set<int32_t> listeners_;
  std::set<int32_t> half_closed_;
  std::set<int32_t> told_;  // handles that were told of an end or a reset
  std::map<int32_t, Address> peers_;
  std::vector<Handle> kept_;  // listeners that were to be closed
};

class WrongPoller : public Poller {
 public:
  // Borrows `right`.
  WrongPoller(Poller& right, Wrong wrong) : right_(right), wrong_(wrong) {}

  Status Register(Handle handle, Interest interest, Token token) override;
  Status Change(Handle handle, Interest interest, Token token) override;
  void Forget(Handle handle) override { right_.Forget(handle); }
  size_t Wait(std::span<Event> events, int64_t deadline_ns) override;
  void Wake() override { right_.Wake(); }

 private:
  struct Watched {
    Interest interest = Interest::kNone;
    bool listener = false;
    bool told = false;
  };

  // Makes an event what the wrong world would have reported. False: nothing.
  bool Distort(Event& event);

  Poller& right_;
  const Wrong wrong_;
  std::map<uint64_t, Watched> watched_;  // by token
};

}  // namespace reprise::kernel_truth

#endif  // REPRISE_PROPTESTS_KERNEL_TRUTH_WRONG_WORLD_H_
