// What is PosixNetwork's own; what every Network promises is in proptests/contract.
#include "backends/posix_network.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace reprise {
namespace {

class PosixNetworkTest : public ::testing::Test {
 protected:
  ~PosixNetworkTest() override {
    for (const int fd : open_) network_.Close(Handle{fd});
  }

  Handle Own(const Result<Handle>& handle) {
    open_.insert(handle.value().id);
    return handle.value();
  }
  void Close(Handle handle) {
    open_.erase(handle.id);
    network_.Close(handle);
  }
  Handle Listen(int backlog) { return Own(network_.Listen({Address::Family::kIpv4, "127.0.0.1", 0}, {backlog, 0})); }
  Handle Connect(Handle listener) { return Own(network_.Connect(network_.LocalAddress(listener).value())); }
  Handle Accept(Handle listener) {
    pollfd waiter{.fd = listener.id, .events = POLLIN, .revents = 0};
    CHECK(::poll(&waiter, 1, 10'000) == 1);
    return Own(network_.Accept(listener));
  }
  static int Option(Handle handle, int level, int option) {
    int value = -1;
    socklen_t size = sizeof(value);
    EXPECT_EQ(::getsockopt(handle.id, level, option, &value, &size), 0);
    return value;
  }

  PosixNetwork network_;
  std::set<int> open_;
};

TEST_F(PosixNetworkTest, EveryDescriptorIsNonBlockingAndClosedOnExec) {
  const Handle listener = Listen(511);
  const Handle client = Connect(listener);
  const Handle server = Accept(listener);
  for (const Handle handle : {listener, client, server}) {
    EXPECT_NE(::fcntl(handle.id, F_GETFL) & O_NONBLOCK, 0);
    EXPECT_NE(::fcntl(handle.id, F_GETFD) & FD_CLOEXEC, 0);
  }
}

TEST_F(PosixNetworkTest, NoDelayReachesTheSocket) {
  const Handle handle = Connect(Listen(511));
  ASSERT_TRUE(network_.SetNoDelay(handle, true).ok());
  EXPECT_NE(Option(handle, IPPROTO_TCP, TCP_NODELAY), 0);
  ASSERT_TRUE(network_.SetNoDelay(handle, false).ok());
  EXPECT_EQ(Option(handle, IPPROTO_TCP, TCP_NODELAY), 0);
}

#if defined(TCP_KEEPIDLE)
TEST_F(PosixNetworkTest, KeepAliveGivesUpAfterAboutTwiceTheIdleTime) {
  const Handle handle = Connect(Listen(511));
  for (const int idle_s : {3, 60, 300}) {
    ASSERT_TRUE(network_.SetKeepAlive(handle, idle_s).ok());
    EXPECT_NE(Option(handle, SOL_SOCKET, SO_KEEPALIVE), 0);
    EXPECT_EQ(Option(handle, IPPROTO_TCP, TCP_KEEPIDLE), idle_s);
    EXPECT_EQ(Option(handle, IPPROTO_TCP, TCP_KEEPINTVL) * Option(handle, IPPROTO_TCP, TCP_KEEPCNT), idle_s);
  }
  ASSERT_TRUE(network_.SetKeepAlive(handle, 1).ok());
  EXPECT_EQ(Option(handle, IPPROTO_TCP, TCP_KEEPINTVL), 1);
  ASSERT_TRUE(network_.SetKeepAlive(handle, 0).ok());
  EXPECT_EQ(Option(handle, SOL_SOCKET, SO_KEEPALIVE), 0);
}
#endif

TEST_F(PosixNetworkTest, ARefusedConnectIsToldOnceAndIsNotUndecidedAfterwards) {
  const Handle listener = Listen(511);
  const Address address = network_.LocalAddress(listener).value();
  Close(listener);
  const Result<Handle> started = network_.Connect(address);
  if (!started.ok()) {  // some systems know at once
    EXPECT_EQ(started.status().code(), ErrorCode::kConnectionRefused);
    return;
  }
  const Handle client = Own(started);
  pollfd waiter{.fd = client.id, .events = POLLOUT, .revents = 0};
  ASSERT_EQ(::poll(&waiter, 1, 10'000), 1);
  EXPECT_EQ(network_.ConnectResult(client).code(), ErrorCode::kConnectionRefused);
  EXPECT_EQ(network_.ConnectResult(client).code(), ErrorCode::kConnectionReset);
}

// As where kqueue has told the error, and the socket has lost it.
TEST_F(PosixNetworkTest, WhatThePollerWasToldCountsWhereTheSocketHasLostIt) {
  SocketErrors errors;
  PosixNetwork network(&errors);
  std::array<char, 8> bytes{};
  std::array<int, 2> ends{};
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0);
  const Handle handle{ends[0]};
  ASSERT_EQ(::write(ends[1], "ab", 2), 2);
  ::close(ends[1]);

  errors.Remember(handle.id, ECONNRESET);
  errors.Remember(handle.id, EPIPE);  // the first one counts
  EXPECT_EQ(network.Read(handle, bytes).bytes, 2U);
  EXPECT_EQ(network.Read(handle, bytes).code, ErrorCode::kConnectionReset);
  EXPECT_EQ(network.Read(handle, bytes).code, ErrorCode::kEndOfStream);

  const std::string_view piece = "x";
  errors.Remember(handle.id, ETIMEDOUT);
  EXPECT_EQ(network.Write(handle, {&piece, 1}).code, ErrorCode::kTimedOut);
  EXPECT_EQ(network.Write(handle, {&piece, 1}).code, ErrorCode::kBrokenPipe);

  errors.Remember(handle.id, ECONNREFUSED);
  EXPECT_EQ(network.ConnectResult(handle).code(), ErrorCode::kConnectionRefused);

  errors.Remember(handle.id, ECONNRESET);
  network.Close(handle);
  EXPECT_EQ(errors.Take(handle.id), 0);  // whoever gets the number next has nothing to do with it
}

TEST_F(PosixNetworkTest, WhatTheSocketTellsItselfIsNotToldAgain) {
  SocketErrors errors;
  PosixNetwork network(&errors);
  const Handle listener = Listen(511);
  const Handle client = Connect(listener);
  const Handle peer = Accept(listener);
  open_.erase(client.id);
  network_.Abort(client);
  pollfd waiter{.fd = peer.id, .events = POLLIN, .revents = 0};
  ASSERT_EQ(::poll(&waiter, 1, 10'000), 1);
  errors.Remember(peer.id, ECONNRESET);
  std::array<char, 8> bytes{};
  EXPECT_EQ(network.Read(peer, bytes).code, ErrorCode::kConnectionReset);
  EXPECT_EQ(network.Read(peer, bytes).code, ErrorCode::kEndOfStream);
}

TEST_F(PosixNetworkTest, WhatIsNoAddressIsUnreachable) {
  EXPECT_EQ(network_.Connect({Address::Family::kIpv4, "localhost", 1}).status().code(), ErrorCode::kUnreachable);
  EXPECT_EQ(network_.Connect({Address::Family::kUnix, std::string(500, 'x'), 0}).status().code(),
            ErrorCode::kUnreachable);
}

#if defined(__linux__)
// Linux leaves a request to connect unanswered while the listener's queue is full.
TEST_F(PosixNetworkTest, AConnectThatNobodyAnswersIsUndecided) {
  const Handle listener = Listen(1);
  std::vector<Handle> clients;
  Handle undecided;
  for (int i = 0; i < 16 && !undecided.valid(); ++i) {
    const Handle client = Connect(listener);
    pollfd waiter{.fd = client.id, .events = POLLOUT, .revents = 0};
    if (::poll(&waiter, 1, 20) == 0) undecided = client;
  }
  ASSERT_TRUE(undecided.valid());
  EXPECT_EQ(network_.ConnectResult(undecided).code(), ErrorCode::kWouldBlock);
  EXPECT_EQ(network_.ConnectResult(undecided).code(), ErrorCode::kWouldBlock);
  EXPECT_EQ(network_.PeerAddress(undecided).status().code(), ErrorCode::kNotConnected);
}

TEST_F(PosixNetworkTest, AFullBacklogOfAUnixSocketMeansTryAgain) {
  std::string folder = ::testing::TempDir() + "reprise-XXXXXX";
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  const Address address{Address::Family::kUnix, folder + "/s", 0};
  const Handle listener = Own(network_.Listen(address, {.backlog = 1, .unix_mode = 0}));
  Result<Handle> last = network_.Connect(address);
  for (int i = 0; i < 16 && last.ok(); ++i) {
    Own(last);
    last = network_.Connect(address);
  }
  EXPECT_EQ(last.status().code(), ErrorCode::kWouldBlock);
  // And somebody listens there, however busy.
  EXPECT_EQ(network_.Listen(address, {}).status().code(), ErrorCode::kAddressInUse);
  Close(listener);
  EXPECT_EQ(::rmdir(folder.c_str()), 0);
}
#endif

using PosixNetworkDeathTest = PosixNetworkTest;

TEST_F(PosixNetworkDeathTest, MisuseIsABugAndEndsTheProgram) {
  ::testing::FLAGS_gtest_death_test_style = "threadsafe";
  const Handle client = Connect(Listen(511));
  std::array<std::string_view, 2> nothing;
  EXPECT_DEATH((void)network_.Read(client, {}), "into");
  EXPECT_DEATH((void)network_.Write(client, {}), "pieces");
  EXPECT_DEATH((void)network_.Write(client, nothing), "sent");
  EXPECT_DEATH(network_.Close(Handle{}), "close");
}

}  // namespace
}  // namespace reprise
