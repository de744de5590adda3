// Status and Result<T>: how anything that the world can refuse is reported.
//
// An ErrorCode is one of a closed set that every backend maps its own errors to, so that the loop and the server never
// see an errno. Exceptions do not cross a folder's border.
#ifndef REPRISE_LOOP_STATUS_H_
#define REPRISE_LOOP_STATUS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "loop/check.h"

namespace reprise {

enum class ErrorCode : uint8_t {
  kOk,
  kWouldBlock,         // not now; wait for readiness
  kEndOfStream,        // the peer finished its direction in order
  kConnectionReset,    // the peer (or the network) tore the connection down
  kBrokenPipe,         // written after the connection had ended
  kConnectionRefused,  // nobody listens there
  kConnectionAborted,  // an incoming connection was gone before it was accepted
  kNotConnected,
  kTimedOut,
  kUnreachable,  // no route to the host or network
  kAddressInUse,
  kAddressNotAvailable,  // not an address of this machine
  kPermissionDenied,
  kTooManyHandles,  // the process's or the system's limit of descriptors (EMFILE, ENFILE)
  kOutOfMemory,
  kInvalidArgument,
  kNotFound,
  kUnsupported,
  kUnknown,  // an error of the backend that is none of the above
};

// The code's name in words, for logs: "connection reset".
std::string_view ErrorCodeName(ErrorCode code);

// Success, or an error code with an optional detail for people.
class [[nodiscard]] Status {
 public:
  Status() = default;
  explicit Status(ErrorCode code, std::string detail = {}) : code_(code), detail_(std::move(detail)) {}
  static Status Ok() { return {}; }

  bool ok() const { return code_ == ErrorCode::kOk; }
  ErrorCode code() const { return code_; }
  const std::string& detail() const { return detail_; }
  // "address in use: 127.0.0.1:6379"
  std::string ToString() const;

 private:
  ErrorCode code_ = ErrorCode::kOk;
  std::string detail_;
};

// A value, or the Status (never ok) that says why there is none.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::move(value)) {}  // NOLINT(google-explicit-constructor): `return value;` reads as meant
  Result(Status status) : state_(std::move(status)) {  // NOLINT(google-explicit-constructor)
    CHECK(!std::get<Status>(state_).ok());
  }

  bool ok() const { return std::holds_alternative<T>(state_); }
  // REQUIRES: ok().
  const T& value() const& {
    CHECK(ok());
    return *std::get_if<T>(&state_);
  }
  T&& value() && {
    CHECK(ok());
    return std::move(*std::get_if<T>(&state_));
  }
  Status status() const { return ok() ? Status() : *std::get_if<Status>(&state_); }

 private:
  std::variant<T, Status> state_;
};

}  // namespace reprise

#endif  // REPRISE_LOOP_STATUS_H_
