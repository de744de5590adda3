// Nobody starves, where time is exact: in the simulated world, a lone request beside a pipeline of a million commands,
// beside many such pipelines, and beside a flood of newcomers; and what a priority class is worth.
//
// A turn of the server takes a millisecond here, which is longer than the way of the bytes, so that a request is read
// in the turn after the one in which it was sent, unless somebody else's work is in its way.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "loop/acceptor.h"
#include "loop/connection.h"
#include "server/server.h"
#include "sim/function_source.h"
#include "sim/sim_world.h"

namespace reprise {
namespace {

constexpr std::string_view kPing = "*1\r\n$4\r\nPING\r\n";
constexpr std::string_view kPong = "+PONG\r\n";
constexpr std::string_view kGet = "*2\r\n$3\r\nGET\r\n$3\r\nkey\r\n";

// What one connection may have done in a turn: 1,024 requests of a read (session.cc), and the one that the read before
// left unfinished. What one listener may accept in it (acceptor.h).
constexpr uint64_t kRequestsPerTurn = 1025;
constexpr uint64_t kAcceptsPerTurn = 64;
// What it may have been answered in a turn, beside the last reply (session.cc).
constexpr size_t kReplyBytesPerTurn = 1 << 20;

const Address kAddress{Address::Family::kIpv4, "127.0.0.1", 6379};

// Counts what comes; does nothing by itself.
class CountingClient final : public SimPeerHandler {
 public:
  CountingClient(SimWorld& world, uint32_t number, const Address& address = kAddress)
      : peer_(world.NewPeer(number, *this)) {
    peer_.Connect(address);
  }
  void Send(std::string_view requests) { peer_.Send(requests); }

  size_t bytes = 0;
  bool connected = false;

 private:
  void OnConnected(SimPeer&) override { connected = true; }
  void OnBytes(SimPeer&, std::string_view received) override { bytes += received.size(); }
  void OnEnd(SimPeer&) override { ADD_FAILURE() << "the server closed a connection"; }
  void OnLost(SimPeer&, ErrorCode) override { ADD_FAILURE() << "a connection was lost"; }
  void OnHalfClosed(SimPeer&) override {}

  SimPeer& peer_;
};

SimOptions Options() {
  SimOptions options;
  options.turn_ns = kNanosPerMilli;
  options.handle_limit = 20'000;
  return options;
}

void TakeTurns(EventLoop& loop, const std::function<bool()>& done) {
  for (int turns = 0; !done(); ++turns) {
    ASSERT_LT(turns, 100'000) << "it never happens";
    loop.RunOnce();
  }
}

class FairnessTest : public testing::Test {
 protected:
  // The longest that a lone GET had to wait: what was done from the moment when it was sent to the end of the turn that
  // executed it, and the time until its reply was there.
  struct Waited {
    uint64_t turns = 0;
    uint64_t commands = 0;  // of others
    uint64_t accepts = 0;
    int64_t ns = 0;
  };

  FairnessTest() {
    world.choices().StopRecording();
    Config config;
    const std::array<std::string_view, 1> maxclients = {"20000"};
    const std::array<std::string_view, 1> backlog = {"4096"};
    CHECK(config.SetAtStart("maxclients", maxclients).ok());
    CHECK(config.SetAtStart("tcp-backlog", backlog).ok());
    server =
        std::make_unique<Server>(World{loop, world.network(), world.entropy(), world.process()}, std::move(config));
    CHECK(server->Start().ok());
    worker = &NewClient();
    RunUntil([&] { return worker->connected; });
  }

  CountingClient& NewClient() {
    clients.push_back(std::make_unique<CountingClient>(world, static_cast<uint32_t>(clients.size())));
    return *clients.back();
  }
  void RunUntil(const std::function<bool()>& done) { TakeTurns(loop, done); }
  uint64_t GetCalls() const { return server->stats().commands[server->commands().Find("GET")->index].calls; }
  size_t ConnectedClients() const {
    return static_cast<size_t>(std::count_if(clients.begin(), clients.end(), [](auto& one) { return one->connected; }));
  }

  // Sends one GET after the other, `count` in all, a turn in between, while `busy` holds.
  Waited AskAlone(int count, const std::function<bool()>& busy) {
    Waited longest;
    for (int i = 0; i < count; ++i) {
      EXPECT_TRUE(busy()) << "nobody was in the way of GET " << i;
      const size_t bytes_before = worker->bytes;
      const uint64_t turns_before = loop.counters().turns;
      const uint64_t commands_before = server->stats().total_commands_processed;
      const uint64_t accepts_before = loop.counters().connections_accepted;
      const int64_t sent_ns = world.elapsed_ns();
      worker->Send(kGet);
      RunUntil([&] { return GetCalls() == static_cast<uint64_t>(i) + 1; });
      longest.turns = std::max(longest.turns, loop.counters().turns - turns_before);
      longest.commands = std::max(longest.commands, server->stats().total_commands_processed - commands_before - 1);
      longest.accepts = std::max(longest.accepts, loop.counters().connections_accepted - accepts_before);
      RunUntil([&] { return worker->bytes > bytes_before; });
      longest.ns = std::max(longest.ns, world.elapsed_ns() - sent_ns);
      loop.RunOnce();
    }
    return longest;
  }

  FunctionSource quiet{[](const ChoiceRequest&) { return 0; }};
  SimWorld world{quiet, SwarmProfile::Quiet(), Options()};
  EventLoop loop{world.poller(), world.clock()};
  std::unique_ptr<Server> server;
  std::vector<std::unique_ptr<CountingClient>> clients;
  CountingClient* worker = nullptr;
};

std::string Pings(size_t count) {
  std::string bytes;
  for (size_t i = 0; i < count; ++i) {
    bytes += kPing;
  }
  return bytes;
}

TEST_F(FairnessTest, AGetBesideAPipelineOfAMillionCommandsWaitsForOneTurnOfThem) {
  constexpr size_t kCommands = 1'000'000;
  CountingClient& hostile = NewClient();
  hostile.Send(Pings(kCommands));
  RunUntil([&] { return hostile.bytes > 0; });
  const auto busy = [&] { return hostile.bytes < kCommands * kPong.size(); };
  const Waited longest = AskAlone(100, busy);
  EXPECT_EQ(longest.turns, 1U);
  EXPECT_LE(longest.commands, kRequestsPerTurn);
  EXPECT_LE(longest.ns, 2 * kNanosPerMilli);  // the turn that executed it, and the one in which the reply arrived
  RunUntil([&] { return !busy(); });          // and the long one gets all its answers
  EXPECT_EQ(hostile.bytes, kCommands * kPong.size());
}

TEST_F(FairnessTest, AGetBesideTwentyLongPipelinesWaitsForOneTurnOfEach) {
  constexpr size_t kCommands = 100'000;
  constexpr size_t kOthers = 20;
  const std::string pings = Pings(kCommands);
  for (size_t i = 0; i < kOthers; ++i) {
    NewClient().Send(pings);
  }
  const auto busy = [&] {
    return std::all_of(clients.begin() + 1, clients.end(),
                       [](auto& one) { return one->bytes < kCommands * kPong.size(); });
  };
  RunUntil([&] { return ConnectedClients() == kOthers + 1 && clients.back()->bytes > 0; });
  const Waited longest = AskAlone(30, busy);
  EXPECT_EQ(longest.turns, 1U);
  EXPECT_LE(longest.commands, kOthers * kRequestsPerTurn);
  EXPECT_LE(longest.ns, 2 * kNanosPerMilli);
}

TEST_F(FairnessTest, AGetBesideAPipelineThatAsksForAGigabyteWaitsForAMegabyteOfIt) {
  constexpr size_t kValueBytes = 300'000;
  constexpr size_t kCommands = 1000;  // one turn's share, if only commands counted
  CountingClient& hostile = NewClient();
  hostile.Send(fmt::format("*3\r\n$3\r\nSET\r\n$3\r\nbig\r\n${}\r\n{:x<{}}\r\n", kValueBytes, "", kValueBytes));
  RunUntil([&] { return hostile.bytes > 0; });
  const size_t bytes_before = hostile.bytes;
  std::string gets;
  for (size_t i = 0; i < kCommands; ++i) {
    gets += "*2\r\n$4\r\nMGET\r\n$3\r\nbig\r\n";
  }
  const uint64_t all = server->stats().total_commands_processed + kCommands;
  hostile.Send(gets);
  RunUntil([&] { return hostile.bytes > bytes_before; });
  const Waited longest = AskAlone(20, [&] { return server->stats().total_commands_processed < all - 100; });
  EXPECT_EQ(longest.turns, 1U);
  EXPECT_LE(longest.commands, kReplyBytesPerTurn / kValueBytes + 1);
  const size_t reply_bytes = fmt::format("*1\r\n${}\r\n", kValueBytes).size() + kValueBytes + 2;
  RunUntil([&] { return hostile.bytes == bytes_before + kCommands * reply_bytes; });  // in the end it gets them all
}

TEST_F(FairnessTest, AFloodOfTenThousandConnectsDelaysAGetByOneTurnOfAccepting) {
  constexpr size_t kNewcomers = 10'000;
  for (size_t i = 0; i < kNewcomers; ++i) {
    NewClient();
  }
  RunUntil([&] { return loop.counters().accepts_deferred > 0; });
  const auto busy = [&] { return loop.counters().connections_accepted < kNewcomers; };
  const Waited longest = AskAlone(20, busy);
  EXPECT_EQ(longest.turns, 1U);
  EXPECT_LE(longest.accepts, kAcceptsPerTurn);
  EXPECT_LE(longest.ns, 2 * kNanosPerMilli);
  RunUntil([&] { return ConnectedClients() == kNewcomers + 1 && !busy(); });  // and all of them get in
}

// Says who was served, in which order, and echoes.
class Listed final : public ConnectionHandler {
 public:
  Listed(ConnectionContext& context, Handle handle, Priority priority, std::string name,
         std::vector<std::string>& order)
      : connection_(context, handle, *this), name_(std::move(name)), order_(order) {
    CHECK(connection_.Start(priority).ok());
  }

 private:
  InputResult OnInput(Connection& connection, std::string_view input) override {
    order_.push_back(name_);
    connection.Send(input);
    return {.consumed = input.size()};
  }
  void OnClosed(Connection&, ErrorCode) override {}

  Connection connection_;
  std::string name_;
  std::vector<std::string>& order_;
};

// A listener for everybody and one for the administrator, whose connections are of another class.
class PriorityTest : public testing::Test {
 protected:
  static inline const Address kAdminAddress{Address::Family::kIpv4, "127.0.0.1", 6380};

  PriorityTest() {
    world.choices().StopRecording();
    everybody = Open(kAddress, Priority::kNormal, "normal");
    admin = Open(kAdminAddress, Priority::kHigh, "admin");
  }

  std::unique_ptr<Acceptor> Open(const Address& address, Priority priority, const std::string& name) {
    Acceptor::Options options;
    options.priority = priority;
    return std::move(Acceptor::Open(loop, world.network(), address, options,
                                    [this, priority, name](Handle handle) {
                                      served.push_back(
                                          std::make_unique<Listed>(context, handle, priority, name, order));
                                    }))
        .value();
  }
  void RunUntil(const std::function<bool()>& done) { TakeTurns(loop, done); }
  CountingClient& NewClient(const Address& address) {
    clients.push_back(std::make_unique<CountingClient>(world, static_cast<uint32_t>(clients.size()), address));
    return *clients.back();
  }

  FunctionSource quiet{[](const ChoiceRequest&) { return 0; }};
  SimWorld world{quiet, SwarmProfile::Quiet(), Options()};
  EventLoop loop{world.poller(), world.clock()};
  ConnectionContext context{loop, world.network()};
  std::vector<std::string> order;
  std::vector<std::unique_ptr<CountingClient>> clients;
  std::vector<std::unique_ptr<Listed>> served;
  std::unique_ptr<Acceptor> everybody;
  std::unique_ptr<Acceptor> admin;
};

TEST_F(PriorityTest, AConnectionOfHighPriorityIsServedBeforeFiveHundredThatWereReadyEarlier) {
  constexpr size_t kOthers = 500;
  for (size_t i = 0; i < kOthers; ++i) {
    NewClient(kAddress);
  }
  CountingClient& administrator = NewClient(kAdminAddress);
  RunUntil([&] { return served.size() == kOthers + 1; });
  for (int round = 0; round < 10; ++round) {
    order.clear();
    for (const std::unique_ptr<CountingClient>& client : clients) {
      client->Send("x");  // the administrator's is the last
    }
    RunUntil([&] { return order.size() == kOthers + 1; });
    EXPECT_EQ(order.front(), "admin");
    EXPECT_EQ(std::count(order.begin(), order.end(), "admin"), 1);
  }
  EXPECT_EQ(administrator.bytes, 9U);  // the tenth is under way
}

}  // namespace
}  // namespace reprise
