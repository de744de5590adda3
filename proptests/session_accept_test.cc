// How clients are let in, and how that changes while the server runs: limits, addresses, what each connection is set
// to. In the simulated world, where nothing else goes wrong.
#include <gtest/gtest.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "proptests/session_testing.h"

namespace reprise {
namespace {

// The simulated network, which notes what its connections are set to, may call their peers strangers, may have them
// gone before they are written to, and may not know IPv6.
class NotingNetwork final : public Network {
 public:
  explicit NotingNetwork(Network& network) : network_(network) {}

  Result<Handle> Listen(const Address& address, const ListenOptions& options) override {
    return without_ipv6 && address.family == Address::Family::kIpv6 ? Status(ErrorCode::kUnsupported)
                                                                    : network_.Listen(address, options);
  }
  Result<Handle> Accept(Handle listener) override { return network_.Accept(listener); }
  Result<Handle> Connect(const Address& address) override { return network_.Connect(address); }
  Status ConnectResult(Handle handle) override { return network_.ConnectResult(handle); }
  IoResult Read(Handle handle, std::span<char> into) override { return network_.Read(handle, into); }
  IoResult Write(Handle handle, std::span<const std::string_view> pieces) override {
    return write_error == ErrorCode::kOk ? network_.Write(handle, pieces) : IoResult{0, write_error};
  }
  Status ShutdownWrite(Handle handle) override { return network_.ShutdownWrite(handle); }
  void Close(Handle handle) override { network_.Close(handle); }
  void Abort(Handle handle) override { network_.Abort(handle); }
  Result<Address> LocalAddress(Handle handle) override { return network_.LocalAddress(handle); }
  Result<Address> PeerAddress(Handle handle) override {
    Result<Address> address = network_.PeerAddress(handle);
    if (address.ok() && !stranger.empty()) {
      return Address{stranger_family, stranger, address.value().port};
    }
    return address;
  }
  Status SetNoDelay(Handle handle, bool on) override {
    no_delays += on ? 1 : 0;
    return network_.SetNoDelay(handle, on);
  }
  Status SetKeepAlive(Handle handle, int idle_s) override {
    keep_alives.push_back(idle_s);
    return network_.SetKeepAlive(handle, idle_s);
  }

  std::string stranger;  // where peers are said to come from
  Address::Family stranger_family = Address::Family::kIpv4;
  bool without_ipv6 = false;
  ErrorCode write_error = ErrorCode::kOk;
  int no_delays = 0;
  std::vector<int> keep_alives;

 private:
  Network& network_;
};

class SessionAcceptTest : public SessionTest {
 protected:
  ~SessionAcceptTest() override { server.reset(); }  // it uses the network

  Network& network() override { return noting; }
  // What a newcomer is told before it is closed; empty: it was let in.
  std::string Refusal() {
    KeepingClient& client = NewClient();
    client.Send("QUIT\r\n");
    RunUntil([&] { return client.received.ends_with("\r\n"); });
    if (client.received == "+OK\r\n") {
      return {};
    }
    RunUntil([&] { return client.ended; });
    return client.received;
  }

  NotingNetwork noting{world.network()};
};

TEST_F(SessionAcceptTest, EachConnectionSendsAtOnceAndIsAskedForSignsOfLife) {
  Start({{"tcp-keepalive", {"77"}}});
  KeepingClient& client = NewClient();
  NewClient();
  EXPECT_EQ(Ask(client, "PING"), "+PONG\r\n");
  EXPECT_EQ(noting.no_delays, 2);
  EXPECT_EQ(noting.keep_alives, (std::vector<int>{77, 77}));
  EXPECT_EQ(Ask(client, "CONFIG SET tcp-keepalive 0"), "+OK\r\n");
  EXPECT_EQ(Refusal(), "");
  EXPECT_EQ(noting.no_delays, 3);
  EXPECT_EQ(noting.keep_alives.size(), 2U);
}

TEST_F(SessionAcceptTest, JustAsManyAsMaxclientsAreLetInAndOneForEachThatGoes) {
  Start({{"maxclients", {"3"}}});
  const std::string full = "-ERR max number of clients reached\r\n";
  KeepingClient& first = NewClient();
  KeepingClient& second = NewClient();
  EXPECT_EQ(Ask(first, "PING"), "+PONG\r\n");
  EXPECT_EQ(Ask(second, "PING"), "+PONG\r\n");
  EXPECT_EQ(Ask(NewClient(), "PING"), "+PONG\r\n");
  EXPECT_EQ(Refusal(), full);
  second.peer().Close();
  RunUntil([&] { return server->sessions().size() == 2; });
  EXPECT_EQ(Ask(NewClient(), "PING"), "+PONG\r\n");
  EXPECT_EQ(Refusal(), full);
  EXPECT_EQ(Ask(first, "CONFIG SET maxclients 4"), "+OK\r\n");
  EXPECT_EQ(Ask(NewClient(), "PING"), "+PONG\r\n");
  EXPECT_EQ(Refusal(), full);
  EXPECT_EQ(server->stats().rejected_connections, 3U);
}

TEST_F(SessionAcceptTest, MaxclientsLeavesHandlesForTheServerItself) {
  Start({{"maxclients", {"3"}}});
  KeepingClient& client = NewClient();
  EXPECT_EQ(Ask(client, "CONFIG SET maxclients 19968"), "+OK\r\n");
  EXPECT_EQ(Ask(client, "CONFIG SET maxclients 19969"),
            "-ERR CONFIG SET failed (possibly related to argument 'maxclients') - The operating system is not able to "
            "handle the specified number of clients, try with 19968\r\n");
}

TEST_F(SessionAcceptTest, WithoutAPasswordStrangersAreTurnedAwayAsLongAsTheModeIsOn) {
  Start({});
  KeepingClient& admin = NewClient();
  EXPECT_EQ(Ask(admin, "PING"), "+PONG\r\n");
  noting.stranger = "10.0.0.7";
  EXPECT_TRUE(Refusal().starts_with("-DENIED "));
  EXPECT_EQ(Ask(admin, "CONFIG SET protected-mode no"), "+OK\r\n");
  EXPECT_EQ(Refusal(), "");
  EXPECT_EQ(Ask(admin, "CONFIG SET protected-mode yes requirepass secret"), "+OK\r\n");
  EXPECT_EQ(Refusal(), "");
  EXPECT_EQ(Ask(NewClient(), "PING"), "-NOAUTH Authentication required.\r\n");
}

TEST_F(SessionAcceptTest, WhoComesFromThisMachineIsNoStranger) {
  Start({});
  const auto refused_from = [this](Address::Family family, std::string_view host) {
    noting.stranger_family = family;
    noting.stranger = host;
    return Refusal().starts_with("-DENIED ");
  };
  for (const char* const near : {"127.0.0.1", "127.0.0.2", "127.255.255.255"}) {
    EXPECT_FALSE(refused_from(Address::Family::kIpv4, near)) << near;
  }
  for (const char* const near : {"::1", "::ffff:127.0.0.1", "::ffff:127.1.2.3"}) {
    EXPECT_FALSE(refused_from(Address::Family::kIpv6, near)) << near;
  }
  for (const char* const far : {"128.0.0.1", "12.7.0.1", "10.0.0.7"}) {
    EXPECT_TRUE(refused_from(Address::Family::kIpv4, far)) << far;
  }
  for (const char* const far : {"::2", "::1:1", "::ffff:10.0.0.7", "fe80::1"}) {
    EXPECT_TRUE(refused_from(Address::Family::kIpv6, far)) << far;
  }
}

TEST_F(SessionAcceptTest, AnAddressThatMayBeMissingIsLeftOutWhereItIs) {
  noting.without_ipv6 = true;
  Start({{"bind", {"-::1", "-10.1.2.3", "127.0.0.1"}}});
  EXPECT_EQ(server->acceptors().size(), 1U);
  KeepingClient& client = NewClient();
  EXPECT_EQ(Ask(client, "PING"), "+PONG\r\n");
  EXPECT_EQ(Ask(client, "CONFIG SET bind \"::1 127.0.0.1\"")[0], '-');
  EXPECT_EQ(Refusal(), "");
}

TEST_F(SessionAcceptTest, ARefusedNewcomerThatHasGoneAlreadyLeavesNothing) {
  Start({{"maxclients", {"1"}}});
  KeepingClient& only = NewClient();
  EXPECT_EQ(Ask(only, "PING"), "+PONG\r\n");
  const size_t handles_before = world.network().open_handles();
  noting.write_error = ErrorCode::kConnectionReset;
  for (uint32_t i = 0; i < 5; ++i) {
    KeepingClient& client = NewClient();
    client.peer().Abort();
  }
  RunFor(10);
  EXPECT_EQ(server->stats().rejected_connections, 5U);
  EXPECT_EQ(world.network().open_handles(), handles_before);
}

TEST_F(SessionAcceptTest, AnotherPortIsListenedOnAtOnceAndTheClientsOfTheFormerOneStay) {
  Start({{"bind", {"127.0.0.1"}}});
  KeepingClient& client = NewClient();
  EXPECT_EQ(Ask(client, "CONFIG SET port 6400"), "+OK\r\n");
  EXPECT_EQ(Ask(client, "PING"), "+PONG\r\n");
  KeepingClient& late = NewClientAt(kSessionAddress);
  RunUntil([&] { return late.ended; });
  EXPECT_FALSE(late.connected);
  KeepingClient& other = NewClientAt(Address{Address::Family::kIpv4, "127.0.0.1", 6400});
  RunUntil([&] { return other.connected; });
  EXPECT_EQ(Ask(other, "PING"), "+PONG\r\n");
  EXPECT_EQ(server->acceptors().size(), 1U);
}

TEST_F(SessionAcceptTest, WhenTheNewAddressCannotBeHadTheFormerOneStays) {
  Start({{"bind", {"127.0.0.1"}}});
  KeepingClient& client = NewClient();
  EXPECT_EQ(
      Ask(client, "CONFIG SET hz 50 bind 10.1.2.3"),
      "-ERR CONFIG SET failed (possibly related to argument 'bind') - Failed to bind to specified addresses.\r\n");
  EXPECT_EQ(Refusal(), "");
  EXPECT_EQ(server->values().hz, 10) << "all of them or none";
  EXPECT_EQ(Ask(client, "CONFIG SET maxclients 7 port 99999")[0], '-');
  EXPECT_EQ(server->values().maxclients, 10'000);
  EXPECT_EQ(Refusal(), "");
}

}  // namespace
}  // namespace reprise
