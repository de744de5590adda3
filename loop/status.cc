#include "loop/status.h"

namespace reprise {

std::string_view ErrorCodeName(ErrorCode code) {
  switch (code) {
    case ErrorCode::kOk:
      return "ok";
    case ErrorCode::kWouldBlock:
      return "would block";
    case ErrorCode::kEndOfStream:
      return "end of stream";
    case ErrorCode::kConnectionReset:
      return "connection reset";
    case ErrorCode::kBrokenPipe:
      return "broken pipe";
    case ErrorCode::kConnectionRefused:
      return "connection refused";
    case ErrorCode::kConnectionAborted:
      return "connection aborted";
    case ErrorCode::kNotConnected:
      return "not connected";
    case ErrorCode::kTimedOut:
      return "timed out";
    case ErrorCode::kUnreachable:
      return "unreachable";
    case ErrorCode::kAddressInUse:
      return "address in use";
    case ErrorCode::kAddressNotAvailable:
      return "address not available";
    case ErrorCode::kPermissionDenied:
      return "permission denied";
    case ErrorCode::kTooManyHandles:
      return "too many open handles";
    case ErrorCode::kOutOfMemory:
      return "out of memory";
    case ErrorCode::kInvalidArgument:
      return "invalid argument";
    case ErrorCode::kNotFound:
      return "not found";
    case ErrorCode::kUnsupported:
      return "unsupported";
    case ErrorCode::kUnknown:
      return "unknown error";
  }
  CHECK(false);
}

std::string Status::ToString() const {
  std::string text(ErrorCodeName(code_));
  if (!detail_.empty()) {
    text += ": ";
    text += detail_;
  }
  return text;
}

}  // namespace reprise
