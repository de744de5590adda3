// PosixNetwork: Network on the sockets of Linux, the BSDs and macOS. A Handle's id is the file descriptor.
//
// Where the system can't give what Network promises: Abort on a Unix socket is a close, so its peer reads what was
// written and then end of stream (or a reset, when we left bytes unread), because Unix sockets have no reset of their
// own. And Connect to a Unix socket whose backlog is full answers kWouldBlock without a handle on Linux: nothing would
// tell when to go on, so try again later.
//
// The file of a Unix listener is removed when the listener is closed, unless another one has taken its place.
//
// One thread. Owns no socket that it gave out, except for remembering the files of Unix listeners.
#ifndef REPRISE_BACKENDS_POSIX_NETWORK_H_
#define REPRISE_BACKENDS_POSIX_NETWORK_H_

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "backends/socket_address.h"
#include "backends/socket_errors.h"
#include "backends/unix_socket_file.h"
#include "loop/network.h"

namespace reprise {

class PosixNetwork : public Network {
 public:
  // `errors`, if any, are those that the poller fills; they outlive the network.
  explicit PosixNetwork(SocketErrors* errors = nullptr) : errors_(errors) {}
  PosixNetwork(const PosixNetwork&) = delete;
  PosixNetwork& operator=(const PosixNetwork&) = delete;

  Result<Handle> Listen(const Address& address, const ListenOptions& options) override;
  Result<Handle> Accept(Handle listener) override;
  Result<Handle> Connect(const Address& address) override;
  Status ConnectResult(Handle handle) override;
  IoResult Read(Handle handle, std::span<char> into) override;
  IoResult Write(Handle handle, std::span<const std::string_view> pieces) override;
  Status ShutdownWrite(Handle handle) override;
  void Close(Handle handle) override;
  void Abort(Handle handle) override;
  Result<Address> LocalAddress(Handle handle) override;
  Result<Address> PeerAddress(Handle handle) override;
  Status SetNoDelay(Handle handle, bool on) override;
  Status SetKeepAlive(Handle handle, int idle_s) override;

 private:
  struct UnixListener {
    int fd = -1;
    std::string path;
    FileIdentity file;
  };

  Status Bind(int fd, const Address& address, const SocketAddress& native, const ListenOptions& options);
  Status BindUnix(int fd, const Address& address, const SocketAddress& native, const ListenOptions& options);
  void RemoveUnixListenerFile(int fd);
  int TakeError(int fd) { return errors_ != nullptr ? errors_->Take(fd) : 0; }
  IoResult Failure(int fd);

  SocketErrors* const errors_;                // may be null
  std::vector<UnixListener> unix_listeners_;  // a handful: one for each that listens
};

}  // namespace reprise

#endif  // REPRISE_BACKENDS_POSIX_NETWORK_H_
