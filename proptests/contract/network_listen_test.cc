// Network: listening, accepting, connecting, addresses.
#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "proptests/contract/harness.h"

namespace reprise {
namespace {

class NetworkListen : public StreamTest {
 protected:
  ErrorCode ListenCode(const Address& address) {
    const Result<Handle> listener = network().Listen(address, {});
    if (listener.ok()) Own(listener.value());
    return listener.status().code();
  }
  ErrorCode ConnectCode(const Address& address) { return TryConnect(address).status().code(); }
};
REPRISE_OVER_ALL_STREAMS(NetworkListen);

TEST_P(NetworkListen, ATakenAddressIsInUse) {
  const Handle listener = Listen(family());
  EXPECT_EQ(ListenCode(LocalAddress(listener)), ErrorCode::kAddressInUse);
  // And the one who has it is none the worse for that.
  Connect(LocalAddress(listener));
  EXPECT_TRUE(Accept(listener).valid());
}

TEST_P(NetworkListen, AnAddressCanBeTakenAgainOnceItsListenerIsClosed) {
  Handle listener = Listen(family());
  const Address address = LocalAddress(listener);
  for (int i = 0; i < 3; ++i) {
    Close(listener);
    listener = Listen(address);
    Connect(address);
    Accept(listener);
  }
}

// We close first, so that what lingers of the connection lingers on the listener's side.
TEST_P(NetworkListen, AnAddressCanBeTakenAgainThoughItsConnectionsAreStillBeingWoundUp) {
  const Handle listener = Listen(family());
  const Address address = LocalAddress(listener);
  const Handle client = Connect(address);
  const Handle server = Accept(listener);
  Close(server);
  EXPECT_EQ(ReadToEnd(client).code, ErrorCode::kEndOfStream);
  Close(client);
  Close(listener);
  EXPECT_EQ(ListenCode(address), ErrorCode::kOk);
}

TEST_P(NetworkListen, AConnectionThatIsOpenOutlivesItsListener) {
  const Pair pair = Connected(family());  // which closes the listener
  WriteAll(pair.client, "x");
  EXPECT_EQ(ReadBytes(pair.server, 1), "x");
}

TEST_P(NetworkListen, AcceptWouldBlockWhenNobodyWaits) {
  const Handle listener = Listen(family());
  EXPECT_EQ(network().Accept(listener).status().code(), ErrorCode::kWouldBlock);
  Connect(LocalAddress(listener));
  Accept(listener);
  EXPECT_EQ(network().Accept(listener).status().code(), ErrorCode::kWouldBlock);
}

TEST_P(NetworkListen, EachWaitingConnectionIsAcceptedOnce) {
  const Handle listener = Listen(family());
  constexpr int kCount = 50;
  std::vector<Handle> clients;
  for (int i = 0; i < kCount; ++i) {
    clients.push_back(Connect(LocalAddress(listener)));
    WriteAll(clients.back(), std::string(1, static_cast<char>(i)));
  }
  std::vector<int> times(kCount, 0);
  for (int i = 0; i < kCount; ++i) {
    const std::string number = ReadBytes(Accept(listener), 1);
    ASSERT_EQ(number.size(), 1U);
    ++times[static_cast<size_t>(number[0])];
  }
  EXPECT_EQ(times, std::vector<int>(kCount, 1));
}

TEST_P(NetworkListen, ListenersDoNotTakeEachOthersConnections) {
  const Handle one = Listen(family());
  const Handle other = Listen(family());
  ASSERT_NE(LocalAddress(one), LocalAddress(other));
  Connect(LocalAddress(one));
  EXPECT_TRUE(Accept(one).valid());
  Settle();
  EXPECT_EQ(network().Accept(other).status().code(), ErrorCode::kWouldBlock);
}

TEST_P(NetworkListen, ConnectIsRefusedWhereNobodyListensAnyMore) {
  const Handle listener = Listen(family());
  const Address address = LocalAddress(listener);
  Close(listener);
  EXPECT_EQ(ConnectCode(address), ErrorCode::kConnectionRefused);
}

TEST_P(NetworkListen, ConnectResultIsUndecidedOrOkUntilWritableAndOkAfterwards) {
  const Handle listener = Listen(family());
  const Result<Handle> started = network().Connect(LocalAddress(listener));
  ASSERT_TRUE(started.ok());
  const Handle client = Own(started.value());
  const ErrorCode at_once = network().ConnectResult(client).code();
  EXPECT_TRUE(at_once == ErrorCode::kOk || at_once == ErrorCode::kWouldBlock) << ErrorCodeName(at_once);
  const Token token = Watch(client, Interest::kWrite);
  ASSERT_TRUE(AwaitWritable(token));
  EXPECT_TRUE(Await([&] { return network().ConnectResult(client).ok(); }));
  EXPECT_EQ(network().ConnectResult(client).code(), ErrorCode::kOk);
}

TEST_P(NetworkListen, AConnectionThatWasResetBeforeItWasAcceptedIsAnAbortedOneOrReadsAReset) {
  if (is_unix() && !world().UnixSocketsHaveReset()) GTEST_SKIP() << "no reset on Unix sockets here";
  const Handle listener = Listen(family());
  const Token token = Watch(listener, Interest::kRead);
  const Handle client = Connect(LocalAddress(listener));
  ASSERT_TRUE(AwaitReadable(token));
  Abort(client);
  Settle();
  const Result<Handle> accepted = network().Accept(listener);
  if (accepted.ok()) {
    EXPECT_EQ(ReadToEnd(Own(accepted.value())).code, ErrorCode::kConnectionReset);
  } else {
    const ErrorCode code = accepted.status().code();
    EXPECT_TRUE(code == ErrorCode::kConnectionAborted || code == ErrorCode::kWouldBlock) << ErrorCodeName(code);
  }
  // The listener is well.
  Connect(LocalAddress(listener));
  EXPECT_TRUE(Accept(listener).valid());
}

TEST_P(NetworkListen, AtTheLimitOfHandlesAcceptFailsAndTheConnectionKeepsWaiting) {
  const Handle listener = Listen(family());
  const Token token = Watch(listener, Interest::kRead);
  const Handle client = Connect(LocalAddress(listener));
  WriteAll(client, "x");
  ASSERT_TRUE(AwaitReadable(token));
  if (!world().DenyHandles()) GTEST_SKIP() << "no limit of handles here";
  // Nothing is called here for the first time: sanitizers look at the type of a new callee, and open a pipe for that.
  for (int i = 0; i < 3; ++i) {
    ErrorCode code = ErrorCode::kWouldBlock;
    while (code == ErrorCode::kWouldBlock && AwaitReadable(token)) code = network().Accept(listener).status().code();
    EXPECT_EQ(code, ErrorCode::kTooManyHandles);
    EXPECT_TRUE(AwaitReadable(token)) << i;
  }
  world().AllowHandles();
  EXPECT_EQ(ReadBytes(Accept(listener), 1), "x");
}

TEST_P(NetworkListen, AtTheLimitOfHandlesListenAndConnectFail) {
  const Handle listener = Listen(family());
  const Address address = LocalAddress(listener);
  const Address another = AnyAddress(family());
  if (!world().DenyHandles()) GTEST_SKIP() << "no limit of handles here";
  EXPECT_EQ(network().Connect(address).status().code(), ErrorCode::kTooManyHandles);
  EXPECT_EQ(network().Listen(another, {}).status().code(), ErrorCode::kTooManyHandles);
  world().AllowHandles();
  EXPECT_EQ(ConnectCode(address), ErrorCode::kOk);
  EXPECT_EQ(ListenCode(another), ErrorCode::kOk);
}

TEST_P(NetworkListen, BothEndsAgreeOnTheirAddresses) {
  const Handle listener = Listen(family());
  const Address address = LocalAddress(listener);
  EXPECT_EQ(address.family, family());
  EXPECT_EQ(address.port == 0, is_unix());
  const Handle client = Connect(address);
  const Handle server = Accept(listener);
  EXPECT_EQ(network().PeerAddress(client).value(), address);
  EXPECT_EQ(network().LocalAddress(server).value(), address);
  EXPECT_EQ(network().PeerAddress(server).value(), network().LocalAddress(client).value());
  EXPECT_EQ(network().PeerAddress(server).value().family, family());
}

TEST_P(NetworkListen, AListenerHasNoPeer) {
  EXPECT_EQ(network().PeerAddress(Listen(family())).status().code(), ErrorCode::kNotConnected);
}

TEST_P(NetworkListen, NoDelayAndKeepAliveCanBeSetOnEveryStream) {
  const Pair pair = Connected(family());
  for (const bool on : {true, false}) EXPECT_TRUE(network().SetNoDelay(pair.server, on).ok());
  for (const int idle_s : {1, 300, 0}) EXPECT_TRUE(network().SetKeepAlive(pair.server, idle_s).ok());
  WriteAll(pair.client, "x");
  EXPECT_EQ(ReadBytes(pair.server, 1), "x");
}

class NetworkAddresses : public WorldTest {};
REPRISE_OVER_ALL_WORLDS(NetworkAddresses);

TEST_P(NetworkAddresses, PortZeroGetsAFreePortEachTime) {
  const Handle one = Listen();
  const Handle other = Listen();
  EXPECT_NE(LocalAddress(one).port, 0);
  EXPECT_NE(LocalAddress(other).port, 0);
  EXPECT_NE(LocalAddress(one).port, LocalAddress(other).port);
}

TEST_P(NetworkAddresses, AnAddressOfAnotherMachineIsNotAvailable) {
  // Set aside for documentation, so no machine has it.
  const Address elsewhere{Address::Family::kIpv4, "192.0.2.1", 0};
  EXPECT_EQ(network().Listen(elsewhere, {}).status().code(), ErrorCode::kAddressNotAvailable);
}

TEST_P(NetworkAddresses, WhatIsNoAddressIsNotAvailable) {
  const Address name{Address::Family::kIpv4, "localhost", 0};
  EXPECT_EQ(network().Listen(name, {}).status().code(), ErrorCode::kAddressNotAvailable);
}

// How many fit is the kernel's affair. A simulated world, and Linux, leave the last ones undecided.
TEST_P(NetworkAddresses, ConnectsBeyondTheBacklogAreUndecidedOrOkAndNothingElse) {
  const Handle listener = Listen(AnyAddress(Address::Family::kIpv4), 1);
  std::vector<Handle> clients;
  for (int i = 0; i < 6; ++i) clients.push_back(Own(network().Connect(LocalAddress(listener)).value()));
  Settle();
  for (const Handle client : clients) {
    const ErrorCode code = network().ConnectResult(client).code();
    EXPECT_TRUE(code == ErrorCode::kOk || code == ErrorCode::kWouldBlock) << ErrorCodeName(code);
    std::array<char, 1> byte;
    EXPECT_EQ(network().Read(client, byte).code, ErrorCode::kWouldBlock);
  }
}

TEST_P(NetworkAddresses, WhatIsNoAddressIsUnreachable) {
  const Address name{Address::Family::kIpv4, "localhost", 6379};
  EXPECT_EQ(TryConnect(name).status().code(), ErrorCode::kUnreachable);
}

TEST_P(NetworkAddresses, EveryAddressOfTheMachineIncludesItsLoopback) {
  const Handle listener = Listen(Address{Address::Family::kIpv4, "0.0.0.0", 0});
  const uint16_t port = LocalAddress(listener).port;
  const Address loopback{Address::Family::kIpv4, "127.0.0.1", port};
  const Handle client = Connect(loopback);
  const Handle server = Accept(listener);
  EXPECT_EQ(LocalAddress(server), loopback);
  EXPECT_EQ(network().PeerAddress(client).value(), loopback);
}

TEST_P(NetworkAddresses, AnIpv6ListenerTakesIpv6Only) {
  if (!world().Supports(Address::Family::kIpv6)) GTEST_SKIP() << "no IPv6 here";
  const Handle listener6 = Listen(Address{Address::Family::kIpv6, "::", 0});
  const uint16_t port = LocalAddress(listener6).port;
  const Address over_ipv4{Address::Family::kIpv4, "127.0.0.1", port};
  EXPECT_EQ(TryConnect(over_ipv4).status().code(), ErrorCode::kConnectionRefused);
  // So the same port of IPv4 is free.
  const Handle listener4 = Listen(Address{Address::Family::kIpv4, "0.0.0.0", port});
  Connect(over_ipv4);
  EXPECT_EQ(LocalAddress(Accept(listener4)), over_ipv4);
  const Address over_ipv6{Address::Family::kIpv6, "::1", port};
  Connect(over_ipv6);
  EXPECT_EQ(LocalAddress(Accept(listener6)), over_ipv6);
}

TEST_P(NetworkAddresses, AUnixSocketInAFolderThatIsNotThereIsNotAvailable) {
  if (!world().Supports(Address::Family::kUnix)) GTEST_SKIP() << "no Unix sockets here";
  const Address nowhere{Address::Family::kUnix, world().NewUnixPath() + "/missing/x.sock", 0};
  EXPECT_EQ(network().Listen(nowhere, {}).status().code(), ErrorCode::kAddressNotAvailable);
  EXPECT_EQ(TryConnect(nowhere).status().code(), ErrorCode::kConnectionRefused);
}

TEST_P(NetworkAddresses, AUnixListenersAddressIsItsPath) {
  if (!world().Supports(Address::Family::kUnix)) GTEST_SKIP() << "no Unix sockets here";
  const Address address{Address::Family::kUnix, world().NewUnixPath(), 0};
  EXPECT_EQ(LocalAddress(Listen(address)), address);
}

}  // namespace
}  // namespace reprise
