// Harness: what the contract's tests do over and over, in terms of loop's interfaces alone.
//
// Counts every event that comes in by token, closes every handle at the end, and waits with a limit, so that a world in
// which something never happens fails a test instead of hanging it. Helpers CHECK what a test takes for granted (that a
// connection can be made at all); what a test claims, it checks itself.
#ifndef REPRISE_PROPTESTS_CONTRACT_HARNESS_H_
#define REPRISE_PROPTESTS_CONTRACT_HARNESS_H_

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "proptests/contract/contract_world.h"

namespace reprise {

// The bytes that tests send: the byte at each offset depends on it, so what is lost, doubled or swapped shows.
std::string Pattern(size_t offset, size_t size);

class Harness {
 public:
  // Events seen for one token.
  struct Sightings {
    int readable = 0;
    int writable = 0;
    int neither = 0;
    int events = 0;
  };
  struct Pair {
    Handle client;
    Handle server;
  };
  // How a stream ended for its reader, and what came before.
  struct Ending {
    std::string bytes;
    ErrorCode code = ErrorCode::kOk;
  };

  explicit Harness(std::unique_ptr<ContractWorld> world) : world_(std::move(world)) {}
  ~Harness();

  ContractWorld& world() { return *world_; }
  Poller& poller() { return world_->poller(); }
  Network& network() { return world_->network(); }
  int64_t Now() { return world_->clock().MonotonicNanos(); }

  // --- Handles. All that these return is closed at the end, where the test didn't.
  // An address of the family on which anybody may listen: the loopback's with any port, or a new path.
  Address AnyAddress(Address::Family family);
  Handle Listen(const Address& address, int backlog = 511);
  Handle Listen(Address::Family family = Address::Family::kIpv4) { return Listen(AnyAddress(family)); }
  Address LocalAddress(Handle handle);
  // Starts to connect and waits until it is decided.
  Result<Handle> TryConnect(const Address& address);
  Handle Connect(const Address& address);
  // Waits until there is a connection to take, and passes over those that went away.
  Handle Accept(Handle listener);
  Pair Connected(Address::Family family = Address::Family::kIpv4);
  // Takes charge of a handle that a test got from the network itself.
  Handle Own(Handle handle);
  // Forgets where watched.
  void Close(Handle handle);
  void Abort(Handle handle);

  // --- Watching, each time under a new token.
  Token Watch(Handle handle, Interest interest);
  void Change(Handle handle, Interest interest);
  void Forget(Handle handle);
  bool IsWatched(Handle handle) const { return watched_.contains(handle.id); }

  // --- Waiting. One Wait; what comes in is counted and returned.
  std::vector<Event> WaitOnce(int64_t deadline_ns, size_t events_max = 64);
  // Waits until `condition` holds. False: it has not within the limit.
  bool Await(const std::function<bool()>& condition);
  // Waits for a sighting from now on.
  bool AwaitReadable(Token token);
  bool AwaitWritable(Token token);
  // Lets everything under way arrive: waits until the world's quiet time has passed.
  void Settle();
  const Sightings& Seen(Token token) { return seen_[token.Pack()]; }
  void ClearSightings();
  const std::vector<Event>& completions() const { return completions_; }
  int wakes() const { return wakes_; }
  int stops() const { return stops_; }

  // --- Bytes. Each waits for readiness where the handle would block.
  // As many bytes as asked, or fewer where the stream ended.
  std::string ReadBytes(Handle handle, size_t size);
  Ending ReadToEnd(Handle handle);
  // One operation that does not answer kWouldBlock.
  IoResult ReadSome(Handle handle, std::span<char> into);
  IoResult WriteSome(Handle handle, std::span<const std::string_view> pieces);
  IoResult WriteSome(Handle handle, std::string_view bytes);
  void WriteAll(Handle handle, std::string_view bytes);
  // Writes Pattern from offset 0 on until no more is taken, also not a moment later. Returns how much was.
  size_t FillCompletely(Handle handle);

 private:
  struct Watched {
    Token token;
    Interest interest = Interest::kNone;
  };

  void Count(const Event& event);
  // Waits until the handle is ready for `interest`, watching it for the time being where it is not watched.
  void AwaitReady(Handle handle, Interest interest);
  bool AwaitReadyUntil(Handle handle, Interest interest, int64_t deadline_ns);
  void End(Handle handle, bool abort);

  std::unique_ptr<ContractWorld> world_;
  std::set<int32_t> open_;
  std::map<int32_t, Watched> watched_;
  uint32_t last_generation_ = 0;
  std::map<uint64_t, Sightings> seen_;
  std::vector<Event> completions_;
  int wakes_ = 0;
  int stops_ = 0;
};

// For claims about a world.
class WorldTest : public ::testing::TestWithParam<WorldFactory>, public Harness {
 protected:
  WorldTest() : Harness(GetParam().make()) {}
};

struct StreamParam {
  WorldFactory world;
  Address::Family family = Address::Family::kIpv4;
};

// For claims that hold for every kind of stream in a world.
class StreamTest : public ::testing::TestWithParam<StreamParam>, public Harness {
 protected:
  StreamTest() : Harness(GetParam().world.make()) {}
  void SetUp() override {
    if (!world().Supports(family())) GTEST_SKIP() << "no sockets of this family here";
  }
  Address::Family family() const { return GetParam().family; }
  bool is_unix() const { return family() == Address::Family::kUnix; }
};

// Every world, and every family in it; with their names for GoogleTest.
std::vector<StreamParam> AllStreams();
struct NameOf {
  std::string operator()(const ::testing::TestParamInfo<WorldFactory>& info) const;
  std::string operator()(const ::testing::TestParamInfo<StreamParam>& info) const;
};
void PrintTo(const StreamParam& param, std::ostream* out);

// One line that instantiates a suite, over all worlds or all streams.
#define REPRISE_OVER_ALL_WORLDS(suite) \
  INSTANTIATE_TEST_SUITE_P(Contract, suite, ::testing::ValuesIn(AllWorlds()), NameOf())
#define REPRISE_OVER_ALL_STREAMS(suite) \
  INSTANTIATE_TEST_SUITE_P(Contract, suite, ::testing::ValuesIn(AllStreams()), NameOf())

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_CONTRACT_HARNESS_H_
