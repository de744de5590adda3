#include "backends/errno_mapping.h"

#include <cerrno>
#include <system_error>
#include <utility>

namespace reprise {

ErrorCode CodeFromErrno(int error) {
  // Some systems give EAGAIN and EWOULDBLOCK one number, so they can't both be cases below.
  if (error == EAGAIN || error == EWOULDBLOCK) return ErrorCode::kWouldBlock;
  switch (error) {
    case EINPROGRESS:
    case EALREADY:
      return ErrorCode::kWouldBlock;
    case ECONNRESET:
      return ErrorCode::kConnectionReset;
    case EPIPE:
      return ErrorCode::kBrokenPipe;
    case ECONNREFUSED:
      return ErrorCode::kConnectionRefused;
    case ECONNABORTED:
      return ErrorCode::kConnectionAborted;
    case ENOTCONN:
      return ErrorCode::kNotConnected;
    case ETIMEDOUT:
      return ErrorCode::kTimedOut;
    case EHOSTUNREACH:
    case ENETUNREACH:
    case ENETDOWN:
    case EHOSTDOWN:
      return ErrorCode::kUnreachable;
    case EADDRINUSE:
      return ErrorCode::kAddressInUse;
    case EADDRNOTAVAIL:
      return ErrorCode::kAddressNotAvailable;
    case EACCES:
    case EPERM:
    case EROFS:
      return ErrorCode::kPermissionDenied;
    case EMFILE:
    case ENFILE:
      return ErrorCode::kTooManyHandles;
    case ENOMEM:
    case ENOBUFS:
      return ErrorCode::kOutOfMemory;
    case EINVAL:
    case ENAMETOOLONG:
      return ErrorCode::kInvalidArgument;
    case ENOENT:
    case ENOTDIR:
      return ErrorCode::kNotFound;
    case EAFNOSUPPORT:
    case EPROTONOSUPPORT:
    case EOPNOTSUPP:
    case ENOPROTOOPT:
      return ErrorCode::kUnsupported;
    default:
      return ErrorCode::kUnknown;
  }
}

ErrorCode IoCodeFromErrno(int error) {
  const ErrorCode code = CodeFromErrno(error);
  switch (code) {
    // A connect that failed, and whose ConnectResult nobody asked for, shows here. To a stream it is a reset.
    case ErrorCode::kConnectionRefused:
    case ErrorCode::kConnectionAborted:
      return ErrorCode::kConnectionReset;
    // The kernel gave up retransmitting, and remembers what a router said meanwhile.
    case ErrorCode::kUnreachable:
      return ErrorCode::kTimedOut;
    // Linux and macOS say EINVAL for some operations on a socket that was shut down by a reset.
    case ErrorCode::kInvalidArgument:
      return ErrorCode::kNotConnected;
    default:
      return code;
  }
}

ErrorCode AcceptCodeFromErrno(int error) {
  const ErrorCode code = CodeFromErrno(error);
  switch (code) {
    case ErrorCode::kWouldBlock:
    case ErrorCode::kTooManyHandles:
    case ErrorCode::kOutOfMemory:
      return code;
    // accept(2): Linux passes errors that are already pending on the new connection, BSDs say EPROTO, and a firewall's
    // refusal is EPERM. Each speaks of that one connection; the listener is well.
    default:
      return ErrorCode::kConnectionAborted;
  }
}

ErrorCode ConnectCodeFromErrno(int error) {
  const ErrorCode code = CodeFromErrno(error);
  switch (code) {
    // No file, or one that is no socket, or the other end gone in the middle: nobody listens there.
    case ErrorCode::kNotFound:
    case ErrorCode::kConnectionAborted:
      return ErrorCode::kConnectionRefused;
    case ErrorCode::kBrokenPipe:
    case ErrorCode::kNotConnected:
      return ErrorCode::kConnectionReset;
    // No local address towards there, or a rule that forbids it.
    case ErrorCode::kAddressNotAvailable:
    case ErrorCode::kPermissionDenied:
    case ErrorCode::kUnsupported:
    case ErrorCode::kInvalidArgument:
      return ErrorCode::kUnreachable;
    default:
      return code;
  }
}

ErrorCode ListenCodeFromErrno(int error) {
  const ErrorCode code = CodeFromErrno(error);
  switch (code) {
    case ErrorCode::kAddressInUse:
    case ErrorCode::kAddressNotAvailable:
    case ErrorCode::kPermissionDenied:
    case ErrorCode::kTooManyHandles:
    case ErrorCode::kUnsupported:
      return code;
    // A folder that is not there, a path that is too long.
    case ErrorCode::kNotFound:
    case ErrorCode::kInvalidArgument:
      return ErrorCode::kAddressNotAvailable;
    case ErrorCode::kOutOfMemory:
      return ErrorCode::kTooManyHandles;
    default:
      return ErrorCode::kUnknown;
  }
}

Status StatusFromErrno(ErrorCode code, int error, std::string detail) {
  if (code == ErrorCode::kUnknown) {
    if (!detail.empty()) detail += ": ";
    detail += std::generic_category().message(error);
  }
  return Status(code, std::move(detail));
}

}  // namespace reprise
