// Network: byte streams and their listeners.
//
// No operation ever blocks. What can't be done now answers kWouldBlock, and the Poller tells when to try again. All
// streams behave as TCP's: bytes arrive in order and without loss until the stream ends, cut into pieces of any size.
//
// The caller owns every handle it was given, and ends each by exactly one Close or Abort, after Poller::Forget where it
// was watched. A handle's number may be given out again at once.
#ifndef REPRISE_LOOP_NETWORK_H_
#define REPRISE_LOOP_NETWORK_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "loop/handle.h"
#include "loop/status.h"

namespace reprise {

// Where a socket is bound or connected. Numeric only: names are resolved elsewhere.
struct Address {
  enum class Family : uint8_t { kIpv4, kIpv6, kUnix };

  Family family = Family::kIpv4;
  std::string host;   // "127.0.0.1", "::1", or a path; "0.0.0.0" and "::" are every address of the machine
  uint16_t port = 0;  // 0 when listening: any free one, and always for kUnix

  // "127.0.0.1:6379", "[::1]:6379", "/run/reprise.sock:0"
  std::string ToString() const;
  // An IPv4 or IPv6 address in its usual notation. Errors: kInvalidArgument.
  static Result<Address> FromIp(std::string_view ip, uint16_t port);

  friend bool operator==(const Address&, const Address&) = default;
};

// What a read or a write did. When code is kOk, bytes > 0.
struct [[nodiscard]] IoResult {
  size_t bytes = 0;
  ErrorCode code = ErrorCode::kOk;

  bool ok() const { return code == ErrorCode::kOk; }
};

struct ListenOptions {
  int backlog = 511;       // connections that wait to be accepted; the kernel may allow fewer
  uint32_t unix_mode = 0;  // permissions of a Unix socket's file, 0: as the process's mask says
};

class Network {
 public:
  virtual ~Network() = default;

  // Binds and listens. An IPv6 listener takes IPv6 only. A stale Unix socket's file is replaced. Errors: kAddressInUse,
  // kAddressNotAvailable, kPermissionDenied, kTooManyHandles, kUnsupported.
  virtual Result<Handle> Listen(const Address& address, const ListenOptions& options) = 0;

  // Takes the next connection that waits. Errors: kWouldBlock; kConnectionAborted (that one went away, try again);
  // kTooManyHandles, kOutOfMemory (it keeps waiting, and `listener` stays readable).
  virtual Result<Handle> Accept(Handle listener) = 0;

  // Starts to connect. The handle becomes writable once it is decided, and ConnectResult tells how. Errors at once: as
  // of ConnectResult, and kTooManyHandles.
  virtual Result<Handle> Connect(const Address& address) = 0;

  // Ok, or kWouldBlock (undecided), kConnectionRefused, kTimedOut, kUnreachable, kConnectionReset.
  virtual Status ConnectResult(Handle handle) = 0;

  // Reads into `into`, from one byte to into.size(). Errors: kWouldBlock, kEndOfStream (and for ever after),
  // kConnectionReset, kTimedOut, kNotConnected. REQUIRES: into is not empty.
  virtual IoResult Read(Handle handle, std::span<char> into) = 0;

  // Writes the pieces, in order, as if they were one; may take fewer bytes than they hold. Errors: kWouldBlock,
  // kConnectionReset, kBrokenPipe, kTimedOut, kNotConnected. REQUIRES: there is at least one byte; at most
  // kMaxGather pieces.
  virtual IoResult Write(Handle handle, std::span<const std::string_view> pieces) = 0;

  // Ends the direction away from us: the peer reads what was written, then end of stream. Reading goes on.
  virtual Status ShutdownWrite(Handle handle) = 0;

  // Ends the handle. What was written is still delivered, unless bytes that came in were not read: then the peer sees a
  // reset, as with TCP.
  virtual void Close(Handle handle) = 0;

  // Ends the handle at once: what was not yet delivered is dropped and the peer sees a reset.
  virtual void Abort(Handle handle) = 0;

  virtual Result<Address> LocalAddress(Handle handle) = 0;
  virtual Result<Address> PeerAddress(Handle handle) = 0;  // Errors: kNotConnected

  // Sends small writes at once instead of waiting to merge them. No effect on Unix sockets.
  virtual Status SetNoDelay(Handle handle, bool on) = 0;
  // Asks a silent peer for a sign of life after `idle_s` seconds, and gives up on it after about twice that; 0: never.
  virtual Status SetKeepAlive(Handle handle, int idle_s) = 0;

  static constexpr size_t kMaxGather = 64;
};

}  // namespace reprise

#endif  // REPRISE_LOOP_NETWORK_H_
