#include "backends/errno_mapping.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <initializer_list>

namespace reprise {
namespace {

constexpr int kHighestErrno = 200;  // beyond the last on any system we know

bool IsOneOf(ErrorCode code, std::initializer_list<ErrorCode> codes) {
  for (const ErrorCode one : codes) {
    if (code == one) return true;
  }
  return false;
}

TEST(ErrnoMapping, NoErrorIsEverOk) {
  for (int error = 1; error < kHighestErrno; ++error) {
    EXPECT_NE(CodeFromErrno(error), ErrorCode::kOk) << error;
    EXPECT_NE(IoCodeFromErrno(error), ErrorCode::kOk) << error;
    EXPECT_NE(AcceptCodeFromErrno(error), ErrorCode::kOk) << error;
    EXPECT_NE(ConnectCodeFromErrno(error), ErrorCode::kOk) << error;
    EXPECT_NE(ListenCodeFromErrno(error), ErrorCode::kOk) << error;
  }
}

TEST(ErrnoMapping, BothNamesOfWouldBlockAreTheSame) {
  EXPECT_EQ(CodeFromErrno(EAGAIN), ErrorCode::kWouldBlock);
  EXPECT_EQ(CodeFromErrno(EWOULDBLOCK), ErrorCode::kWouldBlock);
}

TEST(ErrnoMapping, StreamsReportTheirOwnErrors) {
  EXPECT_EQ(IoCodeFromErrno(EAGAIN), ErrorCode::kWouldBlock);
  EXPECT_EQ(IoCodeFromErrno(ECONNRESET), ErrorCode::kConnectionReset);
  EXPECT_EQ(IoCodeFromErrno(EPIPE), ErrorCode::kBrokenPipe);
  EXPECT_EQ(IoCodeFromErrno(ETIMEDOUT), ErrorCode::kTimedOut);
  EXPECT_EQ(IoCodeFromErrno(ENOTCONN), ErrorCode::kNotConnected);
  EXPECT_EQ(IoCodeFromErrno(ECONNREFUSED), ErrorCode::kConnectionReset);
  EXPECT_EQ(IoCodeFromErrno(EHOSTUNREACH), ErrorCode::kTimedOut);
}

TEST(ErrnoMapping, AcceptKnowsThreeErrorsOfItsOwnAndBlamesTheConnectionForTheRest) {
  EXPECT_EQ(AcceptCodeFromErrno(EAGAIN), ErrorCode::kWouldBlock);
  EXPECT_EQ(AcceptCodeFromErrno(EMFILE), ErrorCode::kTooManyHandles);
  EXPECT_EQ(AcceptCodeFromErrno(ENFILE), ErrorCode::kTooManyHandles);
  EXPECT_EQ(AcceptCodeFromErrno(ENOBUFS), ErrorCode::kOutOfMemory);
  EXPECT_EQ(AcceptCodeFromErrno(ENOMEM), ErrorCode::kOutOfMemory);
  for (const int error : {ECONNABORTED, EPROTO, EPERM, ENETDOWN, EHOSTUNREACH, ENOPROTOOPT}) {
    EXPECT_EQ(AcceptCodeFromErrno(error), ErrorCode::kConnectionAborted) << error;
  }
}

TEST(ErrnoMapping, ConnectStaysWithinItsContract) {
  EXPECT_EQ(ConnectCodeFromErrno(EINPROGRESS), ErrorCode::kWouldBlock);
  EXPECT_EQ(ConnectCodeFromErrno(ECONNREFUSED), ErrorCode::kConnectionRefused);
  EXPECT_EQ(ConnectCodeFromErrno(ENOENT), ErrorCode::kConnectionRefused);
  EXPECT_EQ(ConnectCodeFromErrno(ENETUNREACH), ErrorCode::kUnreachable);
  EXPECT_EQ(ConnectCodeFromErrno(EMFILE), ErrorCode::kTooManyHandles);
  for (int error = 1; error < kHighestErrno; ++error) {
    EXPECT_TRUE(IsOneOf(ConnectCodeFromErrno(error),
                        {ErrorCode::kWouldBlock, ErrorCode::kConnectionRefused, ErrorCode::kTimedOut,
                         ErrorCode::kUnreachable, ErrorCode::kConnectionReset, ErrorCode::kTooManyHandles,
                         ErrorCode::kAddressInUse, ErrorCode::kOutOfMemory, ErrorCode::kUnknown}))
        << error;
  }
}

TEST(ErrnoMapping, ListenStaysWithinItsContract) {
  EXPECT_EQ(ListenCodeFromErrno(EADDRINUSE), ErrorCode::kAddressInUse);
  EXPECT_EQ(ListenCodeFromErrno(EADDRNOTAVAIL), ErrorCode::kAddressNotAvailable);
  EXPECT_EQ(ListenCodeFromErrno(ENOENT), ErrorCode::kAddressNotAvailable);
  EXPECT_EQ(ListenCodeFromErrno(EACCES), ErrorCode::kPermissionDenied);
  EXPECT_EQ(ListenCodeFromErrno(EAFNOSUPPORT), ErrorCode::kUnsupported);
  EXPECT_EQ(ListenCodeFromErrno(EINVAL), ErrorCode::kAddressNotAvailable);
  EXPECT_EQ(ListenCodeFromErrno(ENAMETOOLONG), ErrorCode::kAddressNotAvailable);
  EXPECT_EQ(ListenCodeFromErrno(ENFILE), ErrorCode::kTooManyHandles);
  EXPECT_EQ(ListenCodeFromErrno(ENOBUFS), ErrorCode::kTooManyHandles);
  for (int error = 1; error < kHighestErrno; ++error) {
    EXPECT_TRUE(IsOneOf(ListenCodeFromErrno(error),
                        {ErrorCode::kAddressInUse, ErrorCode::kAddressNotAvailable, ErrorCode::kPermissionDenied,
                         ErrorCode::kTooManyHandles, ErrorCode::kUnsupported, ErrorCode::kUnknown}))
        << error;
  }
}

TEST(ErrnoMapping, AnErrorWithoutANameKeepsTheSystemsWords) {
  const Status status = StatusFromErrno(CodeFromErrno(ENOTTY), ENOTTY, "here");
  EXPECT_EQ(status.code(), ErrorCode::kUnknown);
  EXPECT_EQ(status.detail().find("here: "), 0U);
  EXPECT_GT(status.detail().size(), 6U);
  EXPECT_EQ(StatusFromErrno(ErrorCode::kTooManyHandles, EMFILE, "here").detail(), "here");
}

}  // namespace
}  // namespace reprise
